"""One auction as its bidders see it, and what they try next."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

from auction.engine import Decision, Offer
from auction.models import Round
from auction.record import ms
from auction.rules.grounds import Ground
from auction.rules.money import LARGEST_FEN
from tests.faults.sim.rows import Who
from tests.faults.sim.stage import T0

ZERO = ms(T0)
INDEFINITE = frozenset({Ground.UNDECIDED, Ground.CLOCK_FAULT})
MOST_ATTEMPTS = 6
Line = dict[str, Any]


@dataclass(eq=False)
class Attempt:
    """A bid that somebody makes under one key, again and again until he has his answer or gives up."""

    auction: Auction
    who: Who
    amount: int
    key: str
    invoked: int
    seat: Any
    returned: int | None = None
    attempts: int = 0
    decision: Decision | None = None

    def offer(self, arrived_at: Any) -> Offer:
        """Return it as it arrives at a process."""
        self.attempts += 1
        return Offer(self.auction.pk, self.seat, self.amount, self.key, arrived_at)

    def take(self, decision: Decision, at: int) -> bool:
        """Take an answer; return whether it is definite."""
        if self.decision is None and decision.ground not in INDEFINITE:
            self.decision, self.returned = decision, at
        return decision.ground not in INDEFINITE

    def line(self) -> Line:
        """Return what became of it, as the checker reads it."""
        asked = {"op": "bid", "round": self.auction.pk, "code": self.who.code, "cid": self.key}
        times = {"amount": self.amount, "invoked": ZERO + self.invoked, "attempts": self.attempts}
        returned = None if self.returned is None else ZERO + self.returned
        return {**asked, **times, "returned": returned, **_told(self.decision)}


def _told(decision: Decision | None) -> Line:
    if decision is None:
        return {"outcome": "info", "seq": None, "hash": None, "ground": None, "in_t": None, "receipt": None}
    at, end = decision.offer.arrived_at, decision.closes_at
    return {
        "outcome": "ok" if decision.accepted else "fail",
        "seq": decision.seq,
        "hash": decision.hash,
        "ground": decision.ground.code if decision.ground else None,
        "in_t": ms(at) if at else None,
        "deadline": ms(end) if decision.accepted and end else None,
        "receipt": decision.receipt,
    }


@dataclass(eq=False)
class Auction:
    """A round with its bidders; price, leader and end are as the last entry that was heard tells them."""

    round: Round
    who: list[Who]
    rng: random.Random
    lines: list[Line] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    price: int | None = None
    leader: str | None = None
    over: bool = False
    watched: bool = False
    seen: int = 0
    serial: int = 0

    def __post_init__(self) -> None:
        self.pk = self.round.pk
        self.ends = ms(self.round.closes_at) - ZERO
        self.start, self.step = self.round.starting_price_fen, self.round.increment_fen
        ranked = [each for each in self.who if each.rank is not None]
        self.lines += [
            {"op": "rank", "round": self.pk, "code": each.code, "rank": each.rank} for each in ranked
        ]

    def hear(self, entry: Any, at: int) -> None:
        """Take an entry that was published."""
        if self.watched:
            self._saw(entry, at)
        leaf = json.loads(entry.leaf)
        if leaf["kind"] == "bid":
            self.price, self.leader = leaf["amount"], leaf["code"]
        if leaf["kind"] in ("bid", "resume"):
            self.ends = leaf["deadline"] - ZERO
        self.over = self.over or leaf["kind"] in ("close", "void")

    def _saw(self, entry: Any, at: int) -> None:
        """Note what the watcher saw, who fetches what he missed, as a hub does."""
        if self.seen and entry.seq > self.seen + 1:
            from auction import record

            for missed in record.after(self.pk, self.seen):
                if missed.seq < entry.seq:
                    self.saw(missed, at)
        if entry.seq > self.seen:
            self.saw(entry, at)

    def saw(self, entry: Any, at: int) -> None:
        """Note one entry as seen."""
        self.seen = entry.seq
        ours = {"op": "saw", "watcher": "w", "round": self.pk, "kind": "event", "at": ZERO + at}
        self.lines.append({**ours, "seq": entry.seq, "hash": entry.hash})

    def fault(self, kind: str, at: int) -> None:
        """Note a fault that befell this round."""
        when = ZERO + at
        self.lines.append({"op": "fault", "kind": kind, "at": when, "until": when, "round": self.pk})

    def attempt(self, at: int) -> Attempt:
        """Return what somebody tries at this time."""
        rng = self.rng
        who = rng.choice(self.who)
        if who.code == self.leader and rng.random() < 0.8:
            who = rng.choice(self.who)
        if rng.random() < 0.04 and self.attempts:
            return self._same_key(at)
        self.serial += 1
        seat = who.seat._replace(session_key="ended") if rng.random() < 0.01 else who.seat
        made = Attempt(self, who, self._amount(who), f"{self.pk}-{self.serial}", at, seat)
        self.attempts.append(made)
        return made

    def _same_key(self, at: int) -> Attempt:
        """Use a key again, for the same amount or another."""
        old = self.rng.choice(self.attempts)
        if not 0 < old.amount < LARGEST_FEN:  # no price: it is not kept, so the key is free
            return old
        amount = old.amount if self.rng.random() < 0.5 else old.amount + self.step
        made = Attempt(self, old.who, amount, old.key, at, old.seat)
        self.attempts.append(made)
        return made

    def _amount(self, who: Who) -> int:
        rng, price = self.rng, self.price
        luck = rng.random()
        if price is None:
            return self.start if luck < 0.7 else max(0, self.start + rng.choice((-1, 1, self.step)))
        if luck < (0.45 if who.rank is not None else 0.05):
            return price
        least = price + self.step
        if luck < 0.85:
            return least
        return self._odd(price, least)

    def _odd(self, price: int, least: int) -> int:
        """Return an amount near the least, on either side, or one that no price can follow."""
        if self.rng.random() < 0.01:
            return self.rng.choice((0, LARGEST_FEN, LARGEST_FEN + 1))
        near = (least - 1, least + 1, price - 1, least + self.step, least + self.rng.randrange(5 * self.step))
        return max(0, self.rng.choice(near))
