"""The lines of a history, sorted out by round."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .terms import Allowances, Line

NEAR = 2_000
Span = tuple[int, int]


@dataclass
class RoundHistory:
    """All that was noted of one round."""

    leaves: list[str] = field(default_factory=list)
    attempts: list[Line] = field(default_factory=list)
    seen: defaultdict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))
    left: set[str] = field(default_factory=set)
    ranks: dict[str, int] = field(default_factory=dict)
    faults: list[Line] = field(default_factory=list)


@dataclass
class History:
    """All rounds, what befell them all, and what else was noted."""

    rounds: defaultdict[Any, RoundHistory] = field(default_factory=lambda: defaultdict(RoundHistory))
    faults: list[Line] = field(default_factory=list)
    heads: list[Line] = field(default_factory=list)
    has_attempts: bool = False
    end: int | None = None
    public_key: str = ""

    def take(self, line: Line) -> None:
        """Sort one line in; an unknown one is an error of whoever wrote the history."""
        TAKE[line["op"]](self, line)

    def _leaf(self, line: Line) -> None:
        self.rounds[line["round"]].leaves.append(line["leaf"])

    def _bid(self, line: Line) -> None:
        self.has_attempts = True
        self.rounds[line["round"]].attempts.append(line)

    def _saw(self, line: Line) -> None:
        self.rounds[line["round"]].seen[line["watcher"]].append(line)

    def _left(self, line: Line) -> None:
        self.rounds[line["round"]].left.add(line["watcher"])

    def _rank(self, line: Line) -> None:
        self.rounds[line["round"]].ranks[line["code"]] = line["rank"]

    def _fault(self, line: Line) -> None:
        own = self.faults if line.get("round") is None else self.rounds[line["round"]].faults
        own.append(line)

    def _end(self, line: Line) -> None:
        self.end = line["at"]

    def _key(self, line: Line) -> None:
        self.public_key = line["public"]

    def _head(self, line: Line) -> None:
        self.heads.append(line)


TAKE = {
    "leaf": History._leaf,
    "bid": History._bid,
    "saw": History._saw,
    "left": History._left,
    "rank": History._rank,
    "fault": History._fault,
    "end": History._end,
    "key": History._key,
    "head": History._head,
}


def read(lines: Iterable[Line | str]) -> History:
    """Return the history that these lines tell.

    :raises KeyError: if a line is of no known kind
    :raises ValueError: if a line is no JSON
    """
    history = History()
    for line in lines:
        history.take(json.loads(line) if isinstance(line, str) else line)
    return history


class Faults:
    """When something was broken: spans of time, each with its recovery, merged where they touch."""

    def __init__(self, faults: list[Line], allow: Allowances) -> None:
        self.lines, self.allow = faults, allow
        self._shadow = _merged(
            [(each["at"], _until(each) + allow.recovery) for each in faults], allow.close_grace
        )
        self._near = _merged([(each["at"] - NEAR, _until(each) + NEAR) for each in faults], 0)

    def excuse(self, deadline: int, t: int) -> bool:
        """Return whether a close at `t` may be late: a fault held it up, and it came soon after."""
        allow = self.allow
        before = _last_before(self._shadow, deadline + allow.close_delay + allow.close_grace)
        return before is not None and before[1] + allow.close_delay >= t

    def strike(self, first: int, last: int) -> bool:
        """Return whether a fault came within two seconds of this span."""
        before = _last_before(self._near, last)
        return before is not None and before[1] >= first

    def shade(self, first: int, last: int) -> bool:
        """Return whether this span touches a fault or its recovery."""
        before = _last_before(self._shadow, last)
        return before is not None and before[1] >= first

    def doubted(self, attempts: list[Line]) -> Counter[str]:
        """Return how many faults of each kind left some bidder without a definite answer at first."""
        doubts = sorted(
            each["invoked"] for each in attempts if each["outcome"] == "info" or each.get("attempts", 1) > 1
        )
        found: Counter[str] = Counter()
        for fault in self.lines:
            first = bisect_left(doubts, fault["at"] - self.allow.recovery)
            if first < len(doubts) and doubts[first] <= _until(fault) + self.allow.recovery:
                found[fault["kind"]] += 1
        return found


def _until(fault: Line) -> int:
    until: int = fault["at"] if fault.get("until") is None else fault["until"]
    return until


def _merged(spans: list[Span], gap: int) -> list[Span]:
    """Return spans as few disjoint ones in order; those less than a gap apart are one."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + gap:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _last_before(spans: list[Span], at: int) -> Span | None:
    place = bisect_right(spans, at, key=lambda span: span[0])
    return spans[place - 1] if place else None
