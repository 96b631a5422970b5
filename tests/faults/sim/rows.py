"""The rows a world stands on: rounds with their records begun, bidders with seats; and their removal."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from auction import record
from auction.engine import Seat
from auction.models import Lot, Person, Round, Uptime
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
    row: dict[str, Any]


def rounds(rng: random.Random, many: int) -> list[Round]:
    """Make rounds that open at the first instant, each with its end a little after the same ten minutes."""
    made = Round.objects.bulk_create(_round(rng) for _ in range(many))
    _append((round, "open", _terms(round), T0 - DAY) for round in made)
    return made


def bidders(rng: random.Random, made: list[Round]) -> dict[int, list[Who]]:
    """Register bidders for each round and qualify them in its record."""
    who = {round.pk: _who(rng, round) for round in made}
    _insert("auction_bidder", [each.row for those in who.values() for each in those])
    _append(
        (round, "qualify", {"code": each.code, "commit": "ab" * 32}, T0 - DAY / 2)
        for round in made
        for each in who[round.pk]
    )
    wave.write_rounds(made, record.CHAIN)
    return who


def _append(entries: Iterable[tuple[Round, str, record.Body, datetime]]) -> None:
    """Append entries to records, whose rounds are then to be saved."""
    chained = ((round, record.chain(round, kind, body, at=at)) for round, kind, body, at in entries)
    rows = [
        {"round_id": round.pk, **entry._asdict(), "at": wave.stored(entry.at)} for round, entry in chained
    ]
    _insert("auction_event", rows)


@transaction.atomic
def _insert(table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows as they are: to make them by the models takes longer than to let them bid."""
    names = tuple(rows[0])
    command = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
    with connection.cursor() as cursor:
        cursor.executemany(command, [tuple(row.values()) for row in rows])


def clear() -> None:
    """Remove all that a world has made."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE auction_round SET leading_id = NULL")
        for table in EMPTIED:
            cursor.execute(f"DELETE FROM {table}")


@cache
def people() -> list[tuple[int, str, str]]:
    """Return people, each with a session and the mark of his password, made once: they bid in every world."""
    Uptime.objects.create(from_at=T0 - DAY, until_at=T0 + DAY)  # the platform could always be reached
    return [_person(number) for number in range(MOST_BIDDERS)]


@cache
def lot() -> Lot:
    """Return the lot that all rounds sell."""
    return Lot.objects.create(title="flat", category="house", province="P", court_name="C", appraised_fen=2)


def _person(number: int) -> tuple[int, str, str]:
    person = Person(username=f"p{number}", password="!unusable")
    person.save()
    session, mark = SessionStore(), person.get_session_auth_hash()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = mark
    session.create()
    return person.pk, str(session.session_key), mark


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
    person, session, mark = people()[number]
    holder = f"{round.pk}-{person}"  # stands for the keyed hash, which only has to be the same in both places
    code, since = f"T{number}", wave.stored(T0 - DAY)
    row = {
        "round_id": round.pk,
        "number": number + 1,
        "code": code,
        "holder": holder,
        "payer": holder,
        "sealed": b"",
        "commitment": "ab" * 32,
        "rank": rank,
        "warnings_digest": "",
        "consented_at": since,
        "qualified_at": since,
    }
    return Who(code, rank, Seat(holder, person, session, mark), row)
