"""The rows a world stands on: rounds with their records begun, bidders with seats; and their removal."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from auction import record
from auction.engine import Seat
from auction.models import Bidder, Event, Lot, Person, Round, Uptime
from auction.services import wave
from tests.faults.sim.stage import T0, instant

MOST_BIDDERS = 8
WINDOW_MS = 600_000
DAY = timedelta(days=1)
RANKS = ((), (), (1,), (1, 2), (2, 1), (1, 1), (1, 2, 3))
EMPTIED = (
    "auction_bid",
    "auction_pause",
    "auction_deposit",
    "auction_event",
    "auction_bidder",
    "auction_round",
)


@dataclass(frozen=True)
class Who:
    """A bidder of a round: his code, his rank, and the seat he bids from."""

    code: str
    rank: int | None
    seat: Seat
    bidder: Bidder


def rounds(rng: random.Random, many: int) -> list[Round]:
    """Make rounds that open at the first instant, each with its end a little after the same ten minutes."""
    made = Round.objects.bulk_create(_round(rng) for _ in range(many))
    Event.objects.bulk_create(record.link(round, "open", _terms(round), at=T0 - DAY) for round in made)
    return made


def bidders(rng: random.Random, made: list[Round]) -> dict[int, list[Who]]:
    """Register bidders for each round and qualify them in its record."""
    who = {round.pk: _who(rng, round) for round in made}
    Bidder.objects.bulk_create(each.bidder for those in who.values() for each in those)
    Event.objects.bulk_create(
        record.link(round, "qualify", {"code": each.code, "commit": "ab" * 32}, at=T0 - DAY / 2)
        for round in made
        for each in who[round.pk]
    )
    wave.write_rounds(made, record.CHAIN)
    return who


def clear() -> None:
    """Remove all that a world has made."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE auction_round SET leading_id = NULL")
        for table in EMPTIED:
            cursor.execute(f"DELETE FROM {table}")


@cache
def people() -> list[tuple[Person, str]]:
    """Return people with sessions, made once: they bid in every world."""
    Uptime.objects.create(from_at=T0 - DAY, until_at=T0 + DAY)  # the platform could always be reached
    return [_person(number) for number in range(MOST_BIDDERS)]


@cache
def lot() -> Lot:
    """Return the lot that all rounds sell."""
    return Lot.objects.create(title="flat", category="house", province="P", court_name="C", appraised_fen=2)


def _person(number: int) -> tuple[Person, str]:
    person = Person(username=f"p{number}", password="!unusable")
    person.save()
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return person, str(session.session_key)


def _round(rng: random.Random) -> Round:
    closes_at = instant(WINDOW_MS + rng.randrange(-300, 300))
    return Round(
        lot=lot(),
        kind="first_auction",
        published_at=T0 - DAY,
        opens_at=T0,
        announced_closes_at=closes_at,
        closes_at=closes_at,
        starting_price_fen=rng.choice((1, 100, 70_000_000)),
        increment_fen=rng.choice((1, 50, 500_000)),
        deposit_fen=1,
    )


def _terms(round: Round) -> record.Body:
    return {
        "start": round.starting_price_fen,
        "step": round.increment_fen,
        "ext_ms": 300_000,
        "start_t": record.ms(round.opens_at),
        "deadline": record.ms(round.closes_at),
    }


def _who(rng: random.Random, round: Round) -> list[Who]:
    ranks = rng.choice(RANKS)
    many = rng.choice((1, 2, 2, 3, 3, 4, 5, MOST_BIDDERS))
    return [_one(round, number, (*ranks, *[None] * many)[number]) for number in range(many)]


def _one(round: Round, number: int, rank: int | None) -> Who:
    person, session = people()[number]
    holder = (
        f"{round.pk}-{person.pk}"  # stands for the keyed hash, which only has to be the same in both places
    )
    seat = Seat(holder, person.pk, session, person.get_session_auth_hash())
    bidder = Bidder(
        round=round,
        number=number + 1,
        code=f"T{number}",
        holder=holder,
        payer=holder,
        sealed=b"",
        commitment="ab" * 32,
        rank=rank,
        warnings_digest="",
        consented_at=T0 - DAY,
        qualified_at=T0 - DAY,
    )
    return Who(bidder.code, rank, seat, bidder)
