"""The judgement: round by round, then what holds for the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import attempts, leaves, watchers
from .history import Faults, History, RoundHistory, read
from .log import Log
from .receipts import Receipts
from .rules import Fold, ranks_told
from .terms import Allowances, Line, Summary, Violation

CRASHES = ("kill", "crash")
DEFAULT = Allowances()


def check(lines: Iterable[Line | str], allowances: Allowances = DEFAULT) -> Summary:
    """Return what a history shows; linear in its length but for sorting.

    :raises KeyError: if a line has not the fields of its kind
    :raises ValueError: if a line is no JSON
    """
    history = read(lines)
    court = Court(history, allowances)
    for name, one in history.rounds.items():
        court.judge(name, one)
    court.finish()
    return court.summary


@dataclass
class Court:
    """Judges the rounds of one history into one summary."""

    history: History
    allow: Allowances
    summary: Summary = field(default_factory=Summary)
    delays: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.receipts = Receipts(self.allow.public_key or self.history.public_key)
        self.faults = Faults(self.history.faults, self.allow)
        self.log = Log(self.history.heads) if self.history.heads else None

    def judge(self, name: Any, one: RoundHistory) -> None:
        """Judge one round."""
        found: list[tuple[str, str]] = []
        faults = Faults(self.history.faults + one.faults, self.allow) if one.faults else self.faults
        entries, digests, wrong = leaves.read(one.leaves)
        ranks, torn = ranks_told(entries, one.ranks)
        fold = Fold(ranks, faults.excuse, self.allow)
        found += wrong + [("B5", f"{code} tells two ranks") for code in torn]
        for leaf in entries:
            found += fold.take(leaf)
        found += fold.finish()
        record = attempts.Record(entries, digests, fold.stood)
        if self.history.has_attempts:
            found += attempts.judge(record, one.attempts, self.receipts, self.allow)
        found += self._watched(record, faults, one) + self._logged(digests, faults, one)
        self._say(name, found)
        self._count(one, fold, faults, entries)

    def finish(self) -> None:
        """Judge what holds for all rounds together."""
        self._say(None, list(watchers.slow(self.delays, self.allow)))
        self._say(None, list(self.log.faults()) if self.log else [])
        kinds = [fault["kind"] for fault in self.history.faults]
        every = [each for one in self.history.rounds.values() for each in one.attempts]
        self._count_faults(kinds, self.faults.doubted(every))
        self.summary.receipts = self.receipts.checked

    def _watched(self, record: attempts.Record, faults: Faults, one: RoundHistory) -> list[tuple[str, str]]:
        if not one.seen:
            return []
        judged = watchers.Watchers(record, faults, self.allow)
        found = list(judged.judge(one, self.history.end))
        self.delays += judged.delays
        return found

    def _logged(self, digests: list[str], faults: Faults, one: RoundHistory) -> list[tuple[str, str]]:
        if self.log is None:
            return []
        promised = self.log.promised(one.attempts, faults, self.history.end, self.allow)
        return [*self.log.order(digests), *promised]

    def _say(self, name: Any, found: Iterable[tuple[str, str]]) -> None:
        for invariant, text in found:
            self.summary.find(Violation(invariant, name, text))

    def _count(self, one: RoundHistory, fold: Fold, faults: Faults, entries: list[Line | None]) -> None:
        summary, outcomes = self.summary, Counter(each["outcome"] for each in one.attempts)
        summary.rounds += 1
        summary.bids += len(fold.bids)
        summary.attempts += len(one.attempts)
        summary.acknowledgements += outcomes["ok"]
        summary.refusals += outcomes["fail"]
        summary.unknown += outcomes["info"]
        summary.frames += sum(map(len, one.seen.values()))
        for leaf in entries:
            if leaf is not None and leaf["kind"] == "close":
                fold.coverage.closes += 1
                fold.coverage.struck += faults.strike(leaf["deadline"], leaf["t"])
        summary.coverage.add(fold.coverage)
        own = Faults(one.faults, self.allow)
        self._count_faults([fault["kind"] for fault in one.faults], own.doubted(one.attempts))

    def _count_faults(self, kinds: list[str], doubted: Counter[str]) -> None:
        self.summary.crashes += sum(any(word in kind for word in CRASHES) for kind in kinds)
        self.summary.coverage.kinds.update(kinds)
        self.summary.coverage.doubted += doubted
