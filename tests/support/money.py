"""Deposits and balances in tests: real names, warnings read, cards that pay on the fake provider's page."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.test import override_settings

from auction.models import Bidder, Deposit, Person, Round
from auction.payments.stripe import provider
from auction.rules.identity import NATURAL
from auction.services.deposits import Urls, refresh, start_payment
from auction.services.real_name import prove
from auction.services.register import Consent, register, warnings
from tests.support.fake_stripe import running
from tests.support.fake_stripe.server import FakeStripe
from tests.support.people import NOON

NAMES: Final = {
    "lin": ("林晓月", "110105199003070025"),
    "zhao": ("赵建国", "310101198512120016"),
    "chen": ("陈小明", "440301199507150039"),
    "wu": ("吴敏", "110101197001010016"),
}
GOOD, DECLINED, ASKS_THE_BANK = "4242424242424242", "4000000000000002", "4000002500003155"
REFUND_FAILS: Final = "4000000000005126"
URLS: Final = Urls("http://testserver/back", "http://testserver/cancel", "Deposit", "en")


@contextmanager
def a_provider(folder: Path, *, at: datetime = NOON, webhook_url: str = "") -> Iterator[FakeStripe]:
    """Run the fake provider at this time, and point the site at it."""
    with running(folder / "fake.sqlite3", webhook_url=webhook_url) as fake:
        fake.store.set("now", int(at.timestamp()))
        with override_settings(STRIPE_API_BASE=fake.base_url, STRIPE_SECRET_KEY="fake_key"):
            yield fake


def set_clock(fake: FakeStripe, at: datetime) -> None:
    """Set the provider's time."""
    fake.store.set("now", int(at.timestamp()))


def named(person: Person, *, at: datetime = NOON) -> Person:
    """Return the person with a proved name."""
    name, number = NAMES[person.username]
    prove(person=person, kind=NATURAL, name=name, number=number, at=at)
    return person


def consent(round: Round) -> Consent:
    """Return every warning ticked."""
    return Consent(warnings(round.lot))


def a_registration(round: Round, person: Person, *, at: datetime = NOON) -> Bidder:
    """Return the person's registration, his deposit due."""
    return register(round_id=round.pk, person=named(person, at=at), consent=consent(round), at=at)


def pay_page(url: str, number: str = GOOD) -> str:
    """Fill in a payment page and return where the browser is sent."""
    fields = {"cardNumber": number, "cardExpiry": "12 / 40", "cardCvc": "123"}
    return submit(url, **fields)


def submit(url: str, **fields: str) -> str:
    """Post a form and return where the browser is sent, or nothing."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    try:
        with urllib.request.build_opener(Stay).open(url, urllib.parse.urlencode(fields).encode()):
            return ""
    except urllib.error.HTTPError as answer:
        answer.close()
        return str(answer.headers["Location"])


def paid(bidder: Bidder, rail: str, *, at: datetime = NOON, number: str = GOOD) -> Deposit:
    """Pay the deposit by card and let the site look it up."""
    pay_page(start_payment(bidder=bidder, rail=rail, urls=URLS, at=at), number)
    return refresh(deposit_id=bidder.deposit.pk, at=at)


def a_small_round(**given: Any) -> dict[str, Any]:
    """Return terms with a deposit that cards can pay: 3,500 yuan of 50,000."""
    return {"starting_price_fen": 5_000_000, "increment_fen": 50_000, "deposit_fen": 350_000} | given


def statement(*lines: tuple[str, str, str, str], encoding: str = "utf-8") -> bytes:
    """Return a bank statement: reference, amount in yuan, payer's name, remark."""
    rows = ["交易日期,流水号,金额,对方户名,对方账号,附言"]
    rows += [
        f"2026-11-20,{reference},{amount},{name},6222,{remark}" for reference, amount, name, remark in lines
    ]
    return "\n".join(rows).encode(encoding)


def at_provider(deposit: Deposit) -> Any:
    """Return what the provider says about a deposit now."""
    return provider().look_up(deposit.session)


DAY: Final = timedelta(days=1)
