"""A web process of the simulation: bids gather, the real engine decides them, and it may die of it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError

from auction.engine import Offer, batch
from auction.rules.grounds import Refused
from tests.faults.sim.auction import MOST_ATTEMPTS, Attempt
from tests.faults.sim.stage import Crash, at, instant, trip, web_points

if TYPE_CHECKING:
    from tests.faults.sim.world import World

DIES = 0.22  # of batches
ERRS = 0.04
LOST = 0.04  # of answers
GIVES_UP = 0.1
STALLS = 0.02
POINTS = web_points()
Ticket = tuple[Attempt, Offer]


class Web:
    """Bids wait until the next batch; its clock is a little off from the true time."""

    def __init__(self, world: World, skew: int) -> None:
        self.world, self.skew, self.rng = world, skew, world.rng
        self.waiting: list[Ticket] = []

    def receive(self, attempt: Attempt, now: int) -> None:
        """Let a bid arrive; the first to wait sets when the batch is decided."""
        if not self.waiting:
            delay = 1_200 if self.rng.random() < STALLS else self.rng.randrange(5, 500)
            self.world.later(now + delay, self.decide)
        self.waiting.append((attempt, attempt.offer(instant(now + self.skew))))

    def decide(self, now: int) -> None:
        """Decide all that waits: in one batch, dying of it, or after one error of the database."""
        tickets, self.waiting = self.waiting, []
        luck = self.rng.random()
        if luck < DIES:
            self._once(tickets, now, self.rng.choice(POINTS), Crash)
        elif luck < DIES + ERRS:
            point = self.rng.choice(POINTS[:-3])
            if not self._once(tickets, now, point, DatabaseError):
                self._once(tickets, now + 5, "", Crash)
        else:
            self._once(tickets, now, "", Crash)

    def _once(self, tickets: list[Ticket], now: int, point: str, error: type[BaseException]) -> bool:
        """Decide once; return whether it came to its end. The bidders of a dead process never hear."""
        answered: list[tuple[Attempt, Any]] = []

        def answer(outcome: Any) -> None:
            trip("before web answer")
            answered.extend(zip((attempt for attempt, _ in tickets), outcome, strict=True))
            trip("after web answer")

        whole = True
        try:
            with at(now + self.skew, point, error):
                batch.decide_and_tell([offer for _, offer in tickets], answer)
        except (error, Refused):
            whole = False
            self._befell(f"{'crash' if error is Crash else 'error'} {point}", tickets, now)
        if whole or error is Crash:
            self._deliver(tickets, dict(answered), now, whole)
        return whole

    def _befell(self, kind: str, tickets: list[Ticket], now: int) -> None:
        for auction in {attempt.auction.pk: attempt.auction for attempt, _ in tickets}.values():
            auction.fault(kind, now)

    def _deliver(self, tickets: list[Ticket], answered: dict[Any, Any], now: int, whole: bool) -> None:
        """Give the answers, of which some get lost: half of them if the process died giving them."""
        for attempt, _ in tickets:
            decision = answered.get(attempt)
            if decision is None or self.rng.random() < (LOST if whole else 0.5):
                if decision is not None:
                    attempt.auction.fault("lost answer", now)
                self.doubt(attempt, now)
            elif not attempt.take(decision, now + 5):
                self.doubt(attempt, now)

    def doubt(self, attempt: Attempt, now: int) -> None:
        """Let a bidder without an answer ask again with the same key, or never learn."""
        if attempt.decision is None and attempt.attempts < MOST_ATTEMPTS and self.rng.random() > GIVES_UP:
            self.world.later(now + self.rng.randrange(50, 900), self.world.resend(attempt))


def pair(world: World, rng: random.Random) -> list[Web]:
    """Return two web processes whose clocks differ."""
    return [Web(world, rng.randrange(-60, 60)) for _ in range(2)]
