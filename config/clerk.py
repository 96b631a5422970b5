"""The clerk's work: what falls due is done, again and again, whoever else does it too.

The row is the queue: every step finds the rows that are due and takes each in a transaction of its own, so
several clerks may run, and one may be killed at any point. An error in one row stops no other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from django.db import close_old_connections, connections

from auction import clock
from auction.queries import due
from auction.rules.grounds import Refused
from auction.services.balance import demand
from auction.services.closing import close_round
from auction.services.confirmation import confirm_sale
from auction.services.deposits import release_due
from auction.services.opening import open_bidding
from auction.services.reconcile import sweep
from enforcement.services.follow import follow_due
from viewing.services.cut_next import cut_next
from viewing.services.draw_next_still import draw_next_still

FIRST_REST: Final = 0.5  # seconds; doubled at each further failure
LONGEST_REST: Final = 60.0

log = logging.getLogger(__name__)

Due = Callable[[datetime], Iterable[int]]
Act = Callable[[int, datetime], object]
Step = Callable[[datetime, "Rests"], None]


@dataclass
class Rests:
    """What failed lately, and until when it is left alone (`time.monotonic()`)."""

    failures: dict[tuple[str, int], tuple[int, float]] = field(default_factory=dict)

    def attempt(self, name: str, row: int, act: Callable[[], object]) -> None:
        """Do an act unless it rests; an error is logged and the act rests, longer each time."""
        count, until = self.failures.get((name, row), (0, 0.0))
        if time.monotonic() < until:
            return
        try:
            act()
        except Exception:
            log.exception("The clerk could not %s %s.", name, row or "")
            rest = min(FIRST_REST * 2**count, LONGEST_REST)
            self.failures[name, row] = (count + 1, time.monotonic() + rest)
        else:
            self.failures.pop((name, row), None)


@dataclass(frozen=True)
class Lane:
    """Steps done one after another in a thread of their own, with a pause between the turns."""

    name: str
    pause: float
    steps: tuple[Step, ...]

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
            stop.wait(self.pause)
        connections.close_all()


def rows(name: str, due: Due, act: Act) -> Step:
    """Return the step that does an act on every row that is due."""

    def step(at: datetime, rests: Rests) -> None:
        for row in due(at):
            rests.attempt(name, row, partial(act, row, at))

    return step


def whole(name: str, act: Callable[[datetime], object]) -> Step:
    """Return the step of an act that finds its rows itself."""

    def step(at: datetime, rests: Rests) -> None:
        rests.attempt(name, 0, partial(act, at))

    return step


def _open(round_id: int, at: datetime) -> None:
    open_bidding(round_id=round_id, at=at)


def _close(round_id: int, at: datetime) -> None:
    close_round(round_id=round_id, at=at)


def _confirm(round_id: int, at: datetime) -> None:
    """Confirm a sale; another clerk may have been quicker."""
    try:
        confirm_sale(round_id=round_id, at=at)
    except Refused:
        log.info("Round %d needs no confirmation any more.", round_id)


def _demand(round_id: int, at: datetime) -> None:
    demand(round_id=round_id, at=at)


def _still(at: datetime) -> None:
    draw_next_still()


LANES: Final = (
    Lane("the bidding", 0.2, (rows("open", due.to_open, _open), rows("close", due.to_close, _close))),
    Lane(
        "the sales", 0.5, (rows("confirm", due.to_confirm, _confirm), whole("follow the record", follow_due))
    ),
    Lane(
        "the money",
        0.5,
        (
            whole("settle deposits", release_due),
            whole("look up payments", sweep),
            rows("demand the balance of", due.to_demand, _demand),
        ),
    ),
    Lane("the pictures", 0.5, (whole("cut a panorama", cut_next), whole("draw a still", _still))),
)
