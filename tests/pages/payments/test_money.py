"""The deposit's and balance's pages, and what they believe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from auction.models import Balance, Deposit, Round
from auction.rules.deposit import Rail
from auction.services.balance import demand
from auction.services.closing import close_round
from auction.services.deposits import release_due
from tests.support import money
from tests.support.fake_stripe.server import FakeStripe
from tests.support.people import NOON, an_open_round, chen, lin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

END = NOON + timedelta(hours=23)


@pytest.fixture
def as_lin(client: Client) -> Client:
    client.force_login(lin())
    return client


def a_registered_lin(**given: object) -> Round:
    round = an_open_round(**(money.a_small_round() | given))
    money.a_registration(round, lin())
    return round


def test_paying_leads_to_the_provider_and_back_to_a_code(as_lin: Client, stripe_server: FakeStripe) -> None:
    round = a_registered_lin()

    page = as_lin.post(f"/rounds/{round.pk}/deposit/", {"rail": "stripe_hold"})["Location"]
    back = money.pay_page(page)
    shown = as_lin.get(back.removeprefix("http://testserver"), follow=True).content.decode()

    assert page.startswith(stripe_server.base_url)
    assert Deposit.objects.get().bidder.code in shown


def test_coming_back_without_paying_shows_that_nothing_came(
    as_lin: Client, stripe_server: FakeStripe
) -> None:
    round = a_registered_lin()
    as_lin.post(f"/rounds/{round.pk}/deposit/", {"rail": "stripe_hold"})

    as_lin.get(f"/rounds/{round.pk}/deposit/return/?redirect_status=succeeded")

    assert Deposit.objects.get().state == "due"


def test_a_large_deposit_comes_by_transfer_only_and_the_page_says_why(as_lin: Client) -> None:
    round = a_registered_lin(deposit_fen=100_000_000, starting_price_fen=1_000_000_000)

    page = as_lin.get(f"/rounds/{round.pk}/deposit/").content.decode()

    assert "999,999.99" in page
    assert Deposit.objects.get().remittance_code in page
    assert 'value="stripe_' not in page
    assert as_lin.post(f"/rounds/{round.pk}/deposit/", {"rail": "stripe_charge"}).status_code == 409


def test_a_provider_that_is_down_is_said(as_lin: Client, stripe_server: FakeStripe) -> None:
    round = a_registered_lin()
    stripe_server.store.set("fail_next", 9)

    assert as_lin.post(f"/rounds/{round.pk}/deposit/", {"rail": "stripe_hold"}).status_code == 503


def test_nobody_sees_another_ones_deposit(client: Client) -> None:
    round = a_registered_lin()
    client.force_login(chen())

    assert client.get(f"/rounds/{round.pk}/deposit/")["Location"] == f"/rounds/{round.pk}/register/"
    assert client.get(f"/rounds/{round.pk}/balance/").status_code == 404
    assert client.get(f"/rounds/{round.pk}/deposit/return/").status_code == 404


def test_my_auctions_show_the_clock_of_the_deposit(as_lin: Client, stripe_server: FakeStripe) -> None:
    round = a_registered_lin()
    money.paid(round.bidders.get(), Rail.HOLD)
    close_round(round_id=round.pk, at=END + timedelta(seconds=3))

    due = as_lin.get("/mine/").content.decode()
    release_due(END + timedelta(hours=1))
    back = as_lin.get("/mine/").content.decode()

    assert (END + money.DAY).astimezone().strftime("%Y-%m-%dT") in due
    assert "count-down" in due
    assert "count-down" not in back


def test_the_purchaser_pays_the_balance(as_lin: Client, stripe_server: FakeStripe, noon: Path) -> None:
    round = a_registered_lin()
    deposit = money.paid(round.bidders.get(), Rail.HOLD)
    won = {"leading": deposit.bidder, "price_fen": 6_000_000, "leading_at": NOON, "bid_count": 1}
    Round.objects.update(**won)
    close_round(round_id=round.pk, at=END + timedelta(seconds=3))
    release_due(END + timedelta(hours=1))
    Round.objects.update(state="confirmed")
    demand(round_id=round.pk, at=END + timedelta(hours=1))

    page = as_lin.post(f"/rounds/{round.pk}/balance/")["Location"]
    as_lin.get(money.pay_page(page).removeprefix("http://testserver"))

    assert Balance.objects.get().state == "paid"


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "t=x", "v1=00"])
def test_a_forged_notice_is_refused(client: Client, signature: str) -> None:
    headers = {"Stripe-Signature": signature}

    answer = client.post("/webhooks/stripe", b"{}", content_type="application/json", headers=headers)

    assert answer.status_code == 400
