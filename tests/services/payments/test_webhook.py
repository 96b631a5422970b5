"""Notices: verified, kept once, in any order, and only a cue."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

import pytest

from auction.models import Delivery, Deposit, Event, Transfer
from auction.payments.base import ForgedCue, ProviderDown
from auction.rules.deposit import Rail
from auction.services.deposits import start_payment
from auction.services.webhook import receive
from tests.support import money
from tests.support.fake_stripe.server import FakeStripe
from tests.support.fake_stripe.webhooks import signature
from tests.support.people import NOON, an_open_round, lin

pytestmark = pytest.mark.usefixtures("books")

SECRET = "whsec_local"


def a_payment(fake: FakeStripe) -> list[dict[str, Any]]:
    """Let Lin pay; return the provider's events, which nobody has heard of yet."""
    bidder = money.a_registration(an_open_round(**money.a_small_round()), lin())
    money.pay_page(start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON))
    return list(reversed(fake.store.every("event")))


def heard(event: dict[str, Any], *, secret: str = SECRET, later: int = 0) -> bool:
    payload = json.dumps(event).encode()
    signed = signature(payload, secret, int(time.time()) + later)
    return receive(payload=payload, signature=signed, at=NOON)


def test_a_notice_makes_the_site_look(stripe_server: FakeStripe) -> None:
    events = a_payment(stripe_server)

    assert heard(events[-1])

    assert events[-1]["type"] == "checkout.session.completed"
    assert Deposit.objects.get().state == "held"


def test_in_any_order_and_twice_the_effect_is_one(stripe_server: FakeStripe) -> None:
    events = a_payment(stripe_server)

    for event in itertools.chain(reversed(events), events):
        heard(event)

    assert (Event.objects.count(), Transfer.objects.count()) == (1, 1)
    assert Delivery.objects.count() == len(events)
    assert not heard(events[0])


def test_what_a_notice_says_is_not_believed(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(an_open_round(**money.a_small_round()), lin())
    start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON)
    session = stripe_server.store.every("checkout.session")[0] | {
        "status": "complete",
        "payment_status": "paid",
    }
    lie = {"id": "evt_1", "object": "event", "type": "checkout.session.completed", "livemode": False}

    heard(lie | {"data": {"object": session}})

    assert Deposit.objects.get().state == "due"


@pytest.mark.parametrize(("secret", "later"), [("whsec_other", 0), (SECRET, -301), (SECRET, 90)])
def test_a_forged_old_or_future_notice_is_refused(stripe_server: FakeStripe, secret: str, later: int) -> None:
    events = a_payment(stripe_server)

    with pytest.raises(ForgedCue):
        heard(events[-1], secret=secret, later=later)

    assert not Delivery.objects.exists()
    assert Deposit.objects.get().state == "due"


def test_a_notice_of_the_other_mode_is_refused(stripe_server: FakeStripe) -> None:
    with pytest.raises(ForgedCue):
        heard(a_payment(stripe_server)[-1] | {"livemode": True})


def test_a_notice_that_could_not_be_followed_is_heard_again(stripe_server: FakeStripe) -> None:
    event = a_payment(stripe_server)[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("auction.payments.stripe.Stripe.look_up", _down)
        with pytest.raises(ProviderDown):
            heard(event)

    assert heard(event)
    assert Deposit.objects.get().state == "held"


def _down(*_: object) -> None:
    raise ProviderDown
