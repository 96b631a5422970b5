"""The provider's notices over the wire, with its faults: the payer's browser never comes back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from auction.models import Deposit, Event, Transfer
from auction.rules.deposit import Rail
from auction.services.deposits import start_payment
from auction.services.ledger_check import check_ledger
from tests.support import money
from tests.support.people import NOON, an_open_round, lin

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

PATIENCE = 20.0


def secured_within(seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if Deposit.objects.get().state == "held":
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("fault", ["none", "double", "reorder", "late"])
def test_a_notice_qualifies_the_bidder_once(tmp_path: Path, live_server: Any, fault: str) -> None:
    with money.a_provider(tmp_path, webhook_url=f"{live_server.url}/webhooks/stripe") as fake:
        fake.store.set("webhooks", fault)
        bidder = money.a_registration(an_open_round(**money.a_small_round()), lin())
        money.pay_page(start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON))

        assert secured_within(PATIENCE)

        fake.courier.stop()
    assert (Event.objects.count(), Transfer.objects.count()) == (1, 1)
    check_ledger()
