"""How the clerk works: lanes of steps, turn by turn over the rows that are due; what fails rests."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final

from django.db import close_old_connections, connections

from auction import clock

FIRST_REST: Final = 0.5  # seconds; doubled at each further failure
LONGEST_REST: Final = 60.0
LEAST_PAUSE: Final = 0.02
AT_ONCE: Final = 128  # rows in one transaction: more would hold the first longer than they save

log = logging.getLogger(__name__)

Due = Callable[[datetime], Iterable[int]]
Act = Callable[[int, datetime], object]
ActOnMany = Callable[[Sequence[int], datetime], object]
Step = Callable[[datetime, "Rests"], None]


@dataclass
class Rests:
    """What failed lately, and until when it is left alone (`time.monotonic()`)."""

    failures: dict[tuple[str, int], tuple[int, float]] = field(default_factory=dict)

    def resting(self, name: str, row: int) -> bool:
        """Return whether it is left alone for now."""
        return time.monotonic() < self.failures.get((name, row), (0, 0.0))[1]

    def attempt(self, name: str, row: int, act: Callable[[], object]) -> None:
        """Do an act unless it rests; an error is logged and the act rests, longer each time."""
        if self.resting(name, row):
            return
        try:
            act()
        except Exception:
            log.exception("The clerk could not %s %s.", name, row or "")
            count = self.failures.get((name, row), (0, 0.0))[0]
            rest = min(FIRST_REST * 2**count, LONGEST_REST)
            self.failures[name, row] = (count + 1, time.monotonic() + rest)
        else:
            self.failures.pop((name, row), None)


@dataclass(frozen=True)
class Lane:
    """Steps done one after another in a thread of their own, with a pause between the turns.

    `pause` is in seconds; `moment` tells when the next row falls due, for which a pause is cut short.
    """

    name: str
    pause: float
    steps: tuple[Step, ...]
    moment: Callable[[], datetime | None] | None = None

    def turn(self, rests: Rests) -> None:
        """Do every step once, each at the platform's time."""
        for step in self.steps:
            step(clock.now(), rests)

    def run(self, stop: threading.Event) -> None:
        """Turn until told to stop."""
        rests = Rests()
        while not stop.is_set():
            close_old_connections()
            rests.attempt(f"run {self.name}", 0, partial(self.turn, rests))
            stop.wait(self.wait())
        connections.close_all()

    def wait(self) -> float:
        """Return how many seconds to wait: to the next due moment if that is sooner than the pause."""
        try:
            moment = self.moment() if self.moment else None
            left = (moment - clock.now()).total_seconds() if moment else self.pause
        except Exception:
            log.warning("The clerk could not see what falls due next.", exc_info=True)
            return self.pause
        return min(max(left, LEAST_PAUSE), self.pause)


def rows(name: str, due: Due, act: Act) -> Step:
    """Return the step that does an act on every row that is due."""

    def step(at: datetime, rests: Rests) -> None:
        for row in due(at):
            rests.attempt(name, row, partial(act, row, at))

    return step


def batches(name: str, due: Due, act: ActOnMany) -> Step:
    """Return the step that does an act on many due rows at once, at the time the database tells then.

    If one row spoils a batch, the batch is done one by one: the bad row rests, and stops no other.
    """

    def step(at: datetime, rests: Rests) -> None:
        waiting = [row for row in due(at) if not rests.resting(name, row)]
        for some in _cut(waiting):
            if not _together(name, some, act):
                for row in some:
                    rests.attempt(name, row, partial(_alone, act, row))

    return step


def whole(name: str, act: Callable[[datetime], object]) -> Step:
    """Return the step of an act that finds its rows itself."""

    def step(at: datetime, rests: Rests) -> None:
        rests.attempt(name, 0, partial(act, at))

    return step


def _together(name: str, some: Sequence[int], act: ActOnMany) -> bool:
    try:
        act(some, clock.asked())
    except Exception:
        log.warning("The clerk could not %s %d rows together.", name, len(some), exc_info=True)
        return False
    return True


def _alone(act: ActOnMany, row: int) -> object:
    return act([row], clock.asked())


def _cut(waiting: Sequence[int]) -> Iterator[list[int]]:
    left = iter(waiting)
    while some := list(islice(left, AT_ONCE)):
        yield some
