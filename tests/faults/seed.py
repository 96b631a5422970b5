"""Rounds, bidders and sessions of a run, made in bulk before it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from auction import record
from auction.models import Bidder, Deposit, DepositState, Event, Person, Round
from auction.models.sealing import holder_hash
from auction.rules.identity import Identity
from auction.services.seals import key_of, sealed
from tests.faults.startup import EXTENSION_MS
from tests.support.people import a_lot

START_FEN: Final = 140_000_000
STEP_FEN: Final = 500_000


@dataclass
class Seat:
    """A person registered for a round: his code, priority and session."""

    code: str
    rank: int | None
    session: str


@dataclass
class Plan:
    """A round of the run: when it opens, its announced end and when bidders lose interest (UTC ms)."""

    round_id: int
    opens_ms: int
    closes_ms: int
    bored_ms: int
    seats: list[Seat] = field(default_factory=list)


def people(count: int, name: str = "bidder") -> list[tuple[Person, str]]:
    """Make people with a session each, all of one name and a number."""
    made = [Person(username=f"{name}{number:04d}", password=f"!{number}") for number in range(count)]
    return [(person, _session(person)) for person in Person.objects.bulk_create(made)]


def rounds(times: list[tuple[datetime, timedelta]], *, ext_ms: int = EXTENSION_MS) -> list[Round]:
    """Make announced rounds that open and last as told, each with the entry its record begins with."""
    lot = a_lot()
    terms = {
        "lot": lot,
        "kind": "first_auction",
        "starting_price_fen": START_FEN,
        "increment_fen": STEP_FEN,
        "deposit_fen": 14_000_000,
    }
    made = Round.objects.bulk_create(
        Round(
            **terms,
            published_at=opens_at - timedelta(days=31),
            opens_at=opens_at,
            announced_closes_at=opens_at + lasts,
            closes_at=opens_at + lasts,
        )
        for opens_at, lasts in times
    )
    Event.objects.bulk_create(_opening(round, ext_ms) for round in made)
    _save(made)
    return made


def seats(made: list[Round], who: list[list[tuple[Person, str]]]) -> list[list[Seat]]:
    """Register for each round the people given for it; the first two have priority, the first the better."""
    bidders = [
        _bidder(round, person, number)
        for round, those in zip(made, who, strict=True)
        for number, (person, _) in enumerate(those, 1)
    ]
    Bidder.objects.bulk_create(bidders)
    Deposit.objects.bulk_create(
        Deposit(bidder=bidder, amount_fen=0, state=DepositState.HELD, rail="exempt") for bidder in bidders
    )
    by_id = {round.pk: round for round in made}
    Event.objects.bulk_create(_qualified(by_id[bidder.round_id], bidder) for bidder in bidders)
    _save(made)
    return [_seats(those) for those in who]


def _seats(those: list[tuple[Person, str]]) -> list[Seat]:
    numbered = enumerate(those, 1)
    return [Seat(_code(number), _rank(number), session) for number, (_, session) in numbered]


def _opening(round: Round, ext_ms: int) -> Event:
    body: record.Body = {
        "start": round.starting_price_fen,
        "step": round.increment_fen,
        "ext_ms": ext_ms,
        "start_t": record.ms(round.opens_at),
        "deadline": record.ms(round.closes_at),
    }
    return record.link(round, "open", body, at=round.opens_at - timedelta(days=1))


def _qualified(round: Round, bidder: Bidder) -> Event:
    body: record.Body = {"code": bidder.code, "commit": bidder.commitment}
    return record.link(round, "qualify", body, at=round.opens_at - timedelta(hours=12))


def _bidder(round: Round, person: Person, number: int) -> Bidder:
    holder = holder_hash(round.pk, person.pk)
    seal = sealed(
        Identity("natural", person.username, f"11010119900101{person.pk:04d}"), holder, key_of(round)
    )
    return Bidder(
        round=round,
        number=number,
        code=_code(number),
        holder=holder,
        payer="0" * 64,
        sealed=seal.data,
        commitment=seal.commitment,
        rank=_rank(number),
        warnings_digest="0" * 64,
        consented_at=round.opens_at - timedelta(days=1),
        qualified_at=round.opens_at - timedelta(days=1),
    )


def _code(number: int) -> str:
    return f"T{number:04d}"


def _rank(number: int) -> int | None:
    return number if number <= 2 else None


def _save(made: list[Round]) -> None:
    Round.objects.bulk_update(made, record.CHAIN, batch_size=500)


def _session(person: Person) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)
