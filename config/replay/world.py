"""What a history needs to be bid again: its lot announced, its bidders registered, their deposits paid."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from auction.models import Bidder, Person, Round
from auction.rules.announcement import ITEMS, WARNINGS
from auction.rules.identity import NATURAL, RESIDENT_CHECKS, RESIDENT_WEIGHTS
from auction.rules.terms import BEIJING, Prices, Times
from auction.services.announce import Announcement, Described, Texts, announce
from auction.services.real_name import prove
from auction.services.register import Consent, register, warnings
from auction.services.statement import import_statement
from config.replay.history import History

HOUR: Final = time(10, tzinfo=BEIJING)  # auctions open and close at ten
COURT: Final = "replay"
LEAD: Final = timedelta(days=40)


@dataclass(frozen=True)
class Seat:
    """One bidder of the history on this platform: his code here, and the session he bids with."""

    bidder_id: int
    session: str


@dataclass(frozen=True)
class Stage:
    """A history and the round it is bid again on, with a seat for each recorded code."""

    history: History
    round: Round
    seats: dict[str, Seat]


def staged(history: History) -> Stage:
    """Announce the history's lot and qualify its bidders, all at the times of the history."""
    round = announce(announcement=_announcement(history), at=_opens_at(history) - LEAD)
    people = {code: _person(f"replay-{round.pk}-{code}", code, round.published_at) for code in history.codes}
    at = round.opens_at - timedelta(days=1)
    consent = Consent(warnings(round.lot))
    bidders = {
        code: register(round_id=round.pk, person=person, consent=consent, at=at)
        for code, person in people.items()
    }
    statement = io.BytesIO(_statement(bidders.items(), at.date()))
    import_statement(file=statement, account=COURT, at=at)
    seats = {code: Seat(bidder.pk, _session(people[code])) for code, bidder in bidders.items()}
    return Stage(history, round, seats)


def _announcement(history: History) -> Announcement:
    opens_at, start = _opens_at(history), history.starting_price
    what = f"重放的竞价记录:{history.lot}"
    return Announcement(
        described=Described(
            title=history.lot,
            category="house",
            province="广东省",
            city="深圳市",
            court_name="重放法院",
            case_number="(2026)粤0300执1号",
            contact={},
            facts=(),
        ),
        prices=Prices(start, start, history.increment, start.share(10, 100)),
        times=Times("first_auction", "house", opens_at - LEAD, opens_at, _closes_at(history)),
        balance_days=10,
        texts=Texts(
            items={slot.number: what for slot in ITEMS},
            warnings={slot.number: f"{what} {slot.number}" for slot in WARNINGS},
            waived={},
        ),
    )


def _opens_at(history: History) -> datetime:
    """Return ten o'clock on the day before the nominal end, or earlier if a bid was."""
    first = history.bids[0].at.astimezone(BEIJING).date()
    day_before = _closes_at(history).date() - timedelta(days=1)
    return datetime.combine(min(first, day_before), HOUR).astimezone(UTC)


def _closes_at(history: History) -> datetime:
    """Return ten o'clock on the day of the last bid, the nominal end of these auctions."""
    return datetime.combine(history.bids[-1].at.astimezone(BEIJING).date(), HOUR).astimezone(UTC)


def _person(username: str, code: str, at: datetime) -> Person:
    person = Person.objects.create_user(username)
    prove(person=person, kind=NATURAL, name=f"重放{code}", number=made_up_number(username), at=at)
    return person


def made_up_number(seed: str) -> str:
    """Return a well-formed resident number that belongs to nobody alive: the birth lies before 1900."""
    drawn = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8])
    born = date(1800, 1, 1) + timedelta(days=drawn % 36_000)
    body = f"110105{born:%Y%m%d}{drawn // 36_000 % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, RESIDENT_WEIGHTS, strict=True))
    return body + RESIDENT_CHECKS[total % 11]


def _statement(bidders: Iterable[tuple[str, Bidder]], day: date) -> bytes:
    """Return the bank's statement on which every deposit has come."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["date", "reference", "amount", "name", "account", "remark"])
    for code, bidder in bidders:
        deposit = bidder.deposit
        reference = f"replay-{bidder.pk}"
        amount = f"{deposit.amount_fen // 100}.{deposit.amount_fen % 100:02d}"
        rows.writerow([day.isoformat(), reference, amount, f"重放{code}", "0", deposit.remittance_code])
    return file.getvalue().encode()


def _session(person: Person) -> str:
    """Return the key of a session in which the person is signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)
