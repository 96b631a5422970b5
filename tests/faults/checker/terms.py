"""What the checker is told and what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Line = dict[str, Any]
Found = Iterator[tuple[str, str]]  # an invariant's name and a sentence

CAP = 50


class Violation(NamedTuple):
    """An invariant that does not hold, in which round, and how."""

    invariant: str
    round: int | str | None
    text: str

    def __str__(self) -> str:
        return f"{self.invariant} round {self.round}: {self.text}"


@dataclass(frozen=True)
class Allowances:
    """What is granted, in ms; the defaults are the promises.

    `skew` is how far the clock of whoever wrote the history may differ from the platform's; `recovery` how
    long after a fault its effects count as its own; `unfinished` lets a round have no end yet; `ext_ms` is
    the extension of art. 20, shorter only where a test cannot wait for it.
    """

    ext_ms: int = 300_000
    close_delay: int = 2_000
    close_grace: int = 2_000
    decide_within: int = 6_000
    skew: int = 300
    recovery: int = 5_000
    seen_within: int = 1_000
    quiet: int = 5_000
    unfinished: bool = False
    public_key: str = ""


@dataclass(frozen=True)
class Gates:
    """How often the hard cases must come for a run to count; `scaled` for a shorter one."""

    late_share: float = 0.20
    extensions: float = 50
    equal: float = 20
    struck_share: float = 0.50
    each_kind: float = 10
    doubts_a_kind: float = 1

    def scaled(self, part: float) -> Gates:
        """Return the gates of a run that is this part of a whole one; shares stay as they are."""
        counts = {name: getattr(self, name) * part for name in ("extensions", "equal", "each_kind")}
        return Gates(self.late_share, struck_share=self.struck_share, **counts)


@dataclass
class Coverage:
    """How often the hard cases came."""

    bids: int = 0
    late: int = 0
    extensions: int = 0
    equal: int = 0
    closes: int = 0
    struck: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    doubted: Counter[str] = field(default_factory=Counter)

    def add(self, other: Coverage) -> None:
        """Count another history in."""
        for name in ("bids", "late", "extensions", "equal", "closes", "struck"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kinds += other.kinds
        self.doubted += other.doubted

    def missed(self, gates: Gates) -> list[str]:
        """Return the gates that were not met, one sentence each."""
        least = [
            ("bids in the last 5 minutes, share", self.late / max(1, self.bids), gates.late_share),
            ("extensions", self.extensions, gates.extensions),
            ("equal-priority bids", self.equal, gates.equal),
            ("closes with a fault within 2 s, share", self.struck / max(1, self.closes), gates.struck_share),
            *((f"faults: {kind}", count, gates.each_kind) for kind, count in sorted(self.kinds.items())),
            *((f"in doubt: {kind}", self.doubted[kind], gates.doubts_a_kind) for kind in sorted(self.kinds)),
        ]
        return [f"{what}: {have:.3g}, needed {need:.3g}" for what, have, need in least if have < need]


@dataclass
class Summary:
    """What was judged and what was found; `violations` holds the first of each invariant, `counts` all."""

    rounds: int = 0
    bids: int = 0
    attempts: int = 0
    acknowledgements: int = 0
    refusals: int = 0
    unknown: int = 0
    frames: int = 0
    receipts: int = 0
    crashes: int = 0
    violations: list[Violation] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def clean(self) -> bool:
        """Return whether every invariant holds."""
        return not self.counts

    def find(self, violation: Violation) -> None:
        """Keep a violation, up to the cap of its invariant."""
        self.counts[violation.invariant] += 1
        if self.counts[violation.invariant] <= CAP:
            self.violations.append(violation)

    def add(self, other: Summary) -> None:
        """Count another history in."""
        for name in TALLIES:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.violations += other.violations[: max(0, CAP - len(self.violations))]
        self.counts += other.counts
        self.coverage.add(other.coverage)

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        violations = [violation._asdict() for violation in self.violations]
        return {**vars(self), "violations": violations, "coverage": dict(vars(self.coverage))}

    def __str__(self) -> str:
        tallies = ", ".join(f"{name} {getattr(self, name):,}" for name in TALLIES)
        hard = f"extensions {self.coverage.extensions:,}, equal-priority bids {self.coverage.equal:,}"
        return f"{tallies}, {hard}, violations {sum(self.counts.values()):,}"


TALLIES = (
    "rounds",
    "bids",
    "attempts",
    "acknowledgements",
    "refusals",
    "unknown",
    "frames",
    "receipts",
    "crashes",
)
