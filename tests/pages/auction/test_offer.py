"""Bidding without a script: an amount, a page that asks again, and the lot with what became of it."""

from __future__ import annotations

import pytest
from django.test import Client

from auction.models import Bid
from tests.support.bidding import a_recorded_round
from tests.support.people import a_bidder, lin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

EN = {"accept-language": "en"}


def test_the_amount_is_asked_again_in_capitals(client: Client) -> None:
    round = a_recorded_round()
    client.force_login(lin())

    text = client.get(f"/rounds/{round.pk}/bid/", {"amount": "1,405,000.50"}).content.decode()

    assert "壹佰肆拾万伍仟元伍角整" in text
    assert 'value="1,405,000.50"' in text


@pytest.mark.parametrize("amount", ["", "much", "1.234", "-5"])
def test_what_is_no_amount_is_asked_for_again(client: Client, amount: str) -> None:
    round = a_recorded_round()
    client.force_login(lin())

    text = client.get(f"/rounds/{round.pk}/bid/", {"amount": amount}, headers=EN).content.decode()

    assert 'name="key"' not in text
    assert "field__error" in text


def test_a_confirmed_offer_is_a_bid_and_the_lot_says_so(client: Client) -> None:
    round = a_recorded_round()
    a_bidder(round, lin())
    client.force_login(lin())
    page = client.get(f"/rounds/{round.pk}/bid/", {"amount": "1,400,000"})

    sent = {"key": page.context["key"], "amount": "1,400,000.00"}
    answer = client.post(f"/rounds/{round.pk}/bids", sent, follow=True, headers=EN)

    assert Bid.objects.get(ground="").amount_fen == 140_000_000
    assert 'data-bid="accepted" >' in answer.content.decode()


def test_only_who_is_signed_in_is_asked(client: Client) -> None:
    round = a_recorded_round()

    assert "/accounts/login/" in client.get(f"/rounds/{round.pk}/bid/")["Location"]
