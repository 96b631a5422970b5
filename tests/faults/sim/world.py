"""A world: many auctions that run at once on one platform, from opening to last close, in virtual time.

Everyone acts about whole hundreds of seconds, and an extension lasts three of them: so ends fall where others
act, batches are full, and bids come within a millisecond of an end.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from auction.models import Event
from auction.queries import due
from auction.queries.standing import snapshot
from auction.record import ms
from auction.rules.grounds import Refused
from auction.services.closing import close_rounds
from auction.services.opening import open_rounds
from auction.services.suspension import resume, suspend, withdraw
from tests.faults.sim import rows
from tests.faults.sim.auction import ZERO, Attempt, Auction, Line
from tests.faults.sim.stage import Crash, Hand, at, clerk_points, instant
from tests.faults.sim.web import pair

BEAT = 100_000  # ms
LAST_BEAT = 15
WATCHED = 8  # one auction in so many has a watcher
POINTS = clerk_points()
TICKS = (1_900, 2_150, 2_400, 2_700)  # ms after a full hundred seconds, when clerks may die
Act = Callable[[int], None]


class World:
    """Auctions, two web processes, clerks and an officer, and what is to happen when."""

    def __init__(self, seed: str, many: int) -> None:
        self.rng = random.Random(seed)
        self.now = 0
        self.heap: list[tuple[int, int, Act]] = []
        self.order = count()
        made = rows.rounds(self.rng, many)
        who = rows.bidders(self.rng, made)
        self.auctions = {round.pk: Auction(round, who[round.pk], self.rng) for round in made}
        for place, auction in enumerate(self.auctions.values()):
            auction.watched = place % WATCHED == 0
        self.webs = pair(self, self.rng)
        self.clerks = [self.rng.randrange(-60, 60) for _ in range(2)]
        Hand.hear = self.hear  # type: ignore[assignment, method-assign]

    def run(self) -> list[Line]:
        """Let all of it happen; return the history."""
        self.later(self.rng.randrange(0, 700), self.open)
        self.later(1_000, self.clerk)
        for beat in range(LAST_BEAT + 5):
            self.later(beat * BEAT - 2_000, self.beat)
        while self.heap:
            self.now, _, act = heapq.heappop(self.heap)
            act(self.now)
        return self.lines()

    def later(self, when: int, act: Act) -> None:
        """Let something happen later."""
        heapq.heappush(self.heap, (max(when, self.now), next(self.order), act))

    def hear(self, round_id: int, entries: Any) -> None:
        """Tell an auction's bidders what was published."""
        for entry in entries:
            self.auctions[round_id].hear(entry, self.now)

    def beat(self, now: int) -> None:
        """Let the auctions that still run act about the full hundred seconds, and the clerks after it."""
        full = now + 2_000
        running = [auction for auction in self.auctions.values() if not auction.over]
        for auction in running if full <= LAST_BEAT * BEAT else ():
            self._act(auction, full)
        if any(abs(auction.ends - full) < 2_000 for auction in running):
            for tick in TICKS:
                self.later(full + tick + self.rng.randrange(40), self.close)

    def _act(self, auction: Auction, full: int) -> None:
        rng = self.rng
        ending = abs(auction.ends - full) < 2_000
        many = rng.choice((0, 0, 1, 2, 4)) if ending else rng.choice((0, 1, 1, 2, 3))
        for _ in range(many):
            when = auction.ends + self._about_the_end() if ending else full + rng.randrange(-400, 400)
            self.later(max(when, now_or(full)), partial(self._bid, auction))
        luck = rng.random()
        if luck < 0.02:
            self.later(full + rng.randrange(-400, 2_200), partial(self._suspend, auction))
        elif luck < 0.023:
            self.later(full + rng.randrange(-400, 400), partial(self._withdraw, auction))

    def _about_the_end(self) -> int:
        luck = self.rng.random()
        if luck < 0.3:
            return self.rng.choice((-2, -1, 0, 1))
        return -self.rng.randrange(1_200) if luck < 0.6 else self.rng.randrange(-60, 1_500)

    def _bid(self, auction: Auction, now: int) -> None:
        attempt = auction.attempt(now)
        self._send(attempt, now)
        if self.rng.random() < 0.12:  # by socket and by request at once
            self._send(attempt, now)

    def resend(self, attempt: Attempt) -> Act:
        """Return the act of asking again."""
        return partial(self._send, attempt)

    def _send(self, attempt: Attempt, now: int) -> None:
        if attempt.decision is None:
            self.rng.choice(self.webs).receive(attempt, now)

    def open(self, now: int) -> None:
        """Let a clerk open what is due, unless a bid was quicker."""
        skew = self.clerks[0]
        with at(now + skew):
            open_rounds(round_ids=due.to_open(instant(now + skew)), at=instant(now + skew))

    def close(self, now: int) -> None:
        """Let one clerk close what is due, or die of it, and sometimes both with one list."""
        skew = self.rng.choice(self.clerks)
        waiting = due.to_close(instant(now + skew))
        point = self.rng.choice(POINTS) if self.rng.random() < 0.6 else ""
        self._close(waiting, now + skew, point)
        if self.rng.random() < 0.3:
            running = [auction.pk for auction in self.auctions.values() if not auction.over]
            some = self.rng.sample(running, min(len(running), 8))
            self._close([*waiting, *some], now + self.clerks[0], "")

    def clerk(self, now: int) -> None:
        """Let a clerk who lives close what is due, and come again when the next will be."""
        self.close_surely(now)
        moment = due.next_moment()
        if moment is None and now > (LAST_BEAT + 5) * BEAT:  # the last that was suspended has gone on
            return
        then = now + BEAT if moment is None else ms(moment) - ZERO + 600
        self.later(max(then, now + 800), self.clerk)

    def close_surely(self, now: int) -> None:
        """Let a clerk close what is due, and live."""
        skew = self.clerks[1]
        self._close(due.to_close(instant(now + skew)), now + skew, "")

    def _close(self, round_ids: list[int], now: int, point: str) -> None:
        if not round_ids:
            return
        try:
            with at(now, point):
                close_rounds(round_ids=round_ids, at=instant(now))
        except Crash:
            for round_id in round_ids:
                self.auctions[round_id].fault(f"crash {point}", now)

    def _suspend(self, auction: Auction, now: int) -> None:
        if self._officer(suspend, auction, now, "fault"):
            back = (now // BEAT + self.rng.choice((1, 2, 4))) * BEAT + self.rng.randrange(-400, 400)
            self.later(back, partial(self._resume, auction))

    def _resume(self, auction: Auction, now: int) -> None:
        if self._officer(resume, auction, now, "restored"):
            self.later(auction.ends + 2_600, self.close_surely)

    def _withdraw(self, auction: Auction, now: int) -> None:
        self._officer(withdraw, auction, now, "settled")

    def _officer(self, act: Callable[..., Any], auction: Auction, now: int, reason: str) -> bool:
        try:
            with at(now):
                act(round_id=auction.pk, reason=reason, at=instant(now))
        except Refused:
            return False
        if auction.watched:
            self._look(auction, now)
        return True

    def _look(self, auction: Auction, now: int) -> None:
        """Note what somebody is told who begins to watch now."""
        told = snapshot(auction.pk)
        fields = {
            name: getattr(told, name) for name in ("seq", "state", "price", "leader", "closes_at", "bids")
        }
        recent = [
            {"seq": bid.seq, "code": bid.code, "amount": bid.amount, "at": bid.at} for bid in told.recent
        ]
        ours = {"op": "saw", "watcher": f"at {now}", "round": auction.pk, "kind": "snapshot"}
        auction.lines.append({**ours, **fields, "recent": recent, "at": ZERO + now})

    def lines(self) -> list[Line]:
        """Return the history, with the records as they are in the database now."""
        for auction in self.auctions.values():
            if auction.watched:
                self._look(auction, self.now)
        told = [line for auction in self.auctions.values() for line in auction.lines]
        told += [each.line() for auction in self.auctions.values() for each in auction.attempts]
        kept = Event.objects.order_by("round_id", "seq").values_list("round_id", "leaf")
        return [*told, *({"op": "leaf", "round": pk, "leaf": leaf} for pk, leaf in kept.iterator())]


def now_or(full: int) -> int:
    """Return the earliest anyone acts about a full hundred seconds."""
    return full - 1_900
