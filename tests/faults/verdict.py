"""What a run proves: its violations, and whether it met the hard cases often enough to prove anything."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from tests.faults import minimal
from tests.faults.history import History
from tests.faults.nemesis import NEAR_MS
from tests.faults.play import Run
from tests.faults.startup import EXTENSION_MS

EACH_KIND: Final = 10  # faults of each kind in a run of an hour, or in proportion, at least one
EXTENSIONS: Final = 50  # in a run of five minutes or longer, or in proportion
EQUAL_BIDS: Final = 20
LATE_SHARE: Final = 0.2
STRUCK_SHARE: Final = 0.5


@dataclass(frozen=True)
class Verdict:
    """What is wrong, which gates were not met, and the figures."""

    violations: list[str]
    unmet: list[str]
    summary: dict[str, Any]


def verdict(run: Run) -> Verdict:
    """Judge a run."""
    found = minimal.violations(run.history)
    figures = coverage(run.history)
    least = gates(run)
    unmet = [
        f"coverage: {name} is {figures[name]}, not {least[name]}"
        for name in least
        if figures[name] < least[name]
    ]
    counts = run.history.counts
    summary = {
        "rounds": len({line["round"] for line in run.history.lines if line["op"] == "leaf"}),
        "bids": sum(counts[outcome] for outcome in ("ok", "fail", "info")),
        "acknowledged": counts["ok"],
        "unknown": counts["info"],
        "doubts": len(run.history.doubts),
        "crashes": run.crashes,
        "faults": sum(count for name, count in counts.items() if name.startswith("fault ")),
        "ended at a step": sum(count for name, count in counts.items() if name.startswith("ended ")),
        "violations": len(found),
        "coverage": figures,
    }
    return Verdict(found, unmet if run.faults else [], summary)


def gates(run: Run) -> dict[str, float]:
    """Return the least of each figure, in proportion to a run that is shorter than five minutes."""
    part = min(1.0, run.seconds / 300)
    return {
        "late share": LATE_SHARE,
        "extensions": EXTENSIONS * part,
        "equal bids": EQUAL_BIDS * part,
        "struck share": STRUCK_SHARE,
        "least of a kind": max(1, min(EACH_KIND, int(EACH_KIND * run.seconds / 1200))) if part > 0.3 else 0,
        "kinds in doubt": 0.5 * part,
    }


def coverage(history: History) -> dict[str, float]:
    """Return how often the hard cases came."""
    leaves = [json.loads(line["leaf"]) for line in history.lines if line["op"] == "leaf"]
    faults = [line for line in history.lines if line["op"] == "fault"]
    late, extensions, equal, bids = _bids(leaves)
    kinds = Counter(fault["kind"] for fault in faults)
    return {
        "late share": round(late / max(1, bids), 3),
        "extensions": extensions,
        "equal bids": equal,
        "struck share": _struck(leaves, faults),
        "least of a kind": min(kinds.values(), default=0),
        "kinds in doubt": round(len(_in_doubt(history.doubts, faults)) / max(1, len(kinds)), 3),
    }


def _bids(leaves: list[dict[str, Any]]) -> tuple[int, int, int, int]:
    """Return the bids within an extension of the end, those that moved it, equal ones, and all."""
    deadline: dict[int, int] = {}
    price: dict[int, int] = {}
    late = extensions = equal = bids = 0
    for leaf in leaves:
        lot = leaf["lot"]
        if leaf["kind"] == "bid":
            bids += 1
            late += deadline[lot] - leaf["in_t"] <= EXTENSION_MS
            extensions += leaf["deadline"] > deadline[lot]
            equal += leaf["amount"] == price.get(lot)
            price[lot] = leaf["amount"]
        deadline[lot] = leaf.get("deadline", deadline.get(lot, 0))
    return late, extensions, equal, bids


def _struck(leaves: list[dict[str, Any]], faults: list[dict[str, Any]]) -> float:
    """Return the share of ends with a fault within two seconds."""
    ends = [leaf["deadline"] for leaf in leaves if leaf["kind"] == "close"]
    struck = [end for end in ends if any(_near(end, fault) for fault in faults)]
    return round(len(struck) / max(1, len(ends)), 3)


def _near(at: int, fault: dict[str, Any]) -> bool:
    return bool(fault["at"] - NEAR_MS <= at <= fault["until"] + NEAR_MS)


def _in_doubt(doubts: list[int], faults: list[dict[str, Any]]) -> set[str]:
    """Return the kinds of fault during which, or within five seconds of which, an attempt got no answer."""
    doubts = sorted(doubts)
    found = set()
    for fault in faults:
        first = bisect_left(doubts, fault["at"])
        if first < len(doubts) and doubts[first] <= fault["until"] + 5_000:
            found.add(fault["kind"])
    return found
