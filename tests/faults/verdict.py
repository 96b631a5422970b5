"""What a run proves: its violations, and whether it met the hard cases often enough to prove anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.faults import minimal
from tests.faults.checker import Allowances, Gates, check
from tests.faults.checker.terms import Summary
from tests.faults.nemesis import INTERRUPTING, Nemesis
from tests.faults.play import Run
from tests.faults.startup import EXTENSION_MS

WHOLE_S: Final = 3_600  # a run in which every kind of fault comes ten times
ENOUGH_S: Final = 300  # a run from which on the other gates hold in full

# Nothing is granted to what must be safe. What must come soon gets more time than promised: the run shares a
# small machine with other tests, and a process that was killed takes seconds to load the product again.
ALLOWANCES: Final = Allowances(
    ext_ms=EXTENSION_MS, close_grace=4_000, recovery=12_000, seen_within=3_000, quiet=8_000, skew=300
)


@dataclass(frozen=True)
class Verdict:
    """What is wrong, which gates were not met, and the figures."""

    violations: list[str]
    unmet: list[str]
    summary: dict[str, Any]


def verdict(run: Run) -> Verdict:
    """Judge a run."""
    judged = check(run.history.lines, ALLOWANCES)
    found = [*map(str, judged.violations), *minimal.violations(run.history)]
    unmet = missed(run, judged) if run.breaking == Nemesis.run else []
    return Verdict(found, unmet, _figures(run, judged, found))


def missed(run: Run, judged: Summary) -> list[str]:
    """Return the gates that a run of this length did not meet.

    A fault that hides from bidders, such as Redis's, need leave nobody in doubt.
    """
    part = min(1.0, run.seconds / ENOUGH_S)
    kinds = min(10, max(1, int(10 * run.seconds / WHOLE_S))) if run.seconds >= 180 else 0
    gates = Gates(extensions=50 * part, equal=20 * part, each_kind=kinds, doubts_a_kind=0)
    absent = [f"faults: {name}: never" for name in run.offered if not judged.coverage.kinds[name] and kinds]
    quiet = [
        f"in doubt: {name}: never"
        for name in sorted(INTERRUPTING & set(judged.coverage.kinds))
        if not judged.coverage.doubted[name] and kinds
    ]
    unread = [] if run.history.counts["leaves logged"] else ["the public log: nobody could follow it"]
    return [*judged.coverage.missed(gates), *absent, *quiet, *unread]


def _figures(run: Run, judged: Summary, found: list[str]) -> dict[str, Any]:
    counts, coverage = run.history.counts, judged.coverage
    ended = {
        name.removeprefix("ended "): count for name, count in counts.items() if name.startswith("ended ")
    }
    return {
        "rounds": judged.rounds,
        "attempts": judged.attempts,
        "acknowledged": judged.acknowledgements,
        "refused": judged.refusals,
        "unknown": judged.unknown,
        "attempts without an answer": len(run.history.doubts),
        "frames seen": judged.frames,
        "receipts": judged.receipts,
        "leaves followed into the log": counts["leaves logged"],
        "processes started again": run.crashes,
        "faults": dict(sorted(coverage.kinds.items())),
        "left someone in doubt": dict(sorted(coverage.doubted.items())),
        "ended at a step": ended,
        "extensions": coverage.extensions,
        "equal bids": coverage.equal,
        "late share": round(coverage.late / max(1, coverage.bids), 3),
        "struck share": round(coverage.struck / max(1, coverage.closes), 3),
        "violations": len(found),
        "by invariant": dict(judged.counts),
    }
