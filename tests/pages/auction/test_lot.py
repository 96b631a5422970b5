"""The page of one lot: what everybody reads, and what each visitor can do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from auction.models import Notice, PriorityRight, Round
from auction.rules.law import online_auction
from auction.services.closing import close_round
from auction.services.suspension import suspend
from tests.support.bidding import a_recorded_round, bid
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, an_announced_round, chen, lin, zhao

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

EN = {"accept-language": "en"}


def read(client: Client, round: Round, **asked: Any) -> str:
    """Return the page of the round's lot, in English."""
    answer = client.get(f"/lots/{round.lot_id}/", asked, headers=EN)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_whoever_comes_reads_prices_bids_and_all_texts(client: Client) -> None:
    round = a_recorded_round()
    bid(a_bidder(round, lin()), 1_400_000, NOON)
    PriorityRight.objects.create(lot=round.lot, nature="承租人", holder="赵某", number_hash="x", rank=1)

    text = read(client, round)

    for part in ("¥1,400,000", "T0001", "¥2,000,000", "item 1", "warning 1", "承租人 · 赵某"):
        assert part in text
    assert str(online_auction(14, None, 1)) in text


def test_a_lot_that_was_never_announced_is_not_found(client: Client) -> None:
    assert client.get("/lots/99/").status_code == 404


def test_a_qualified_bidder_is_offered_the_next_step(client: Client) -> None:
    round = a_recorded_round()
    a_bidder(round, lin())
    bid(a_bidder(round, zhao()), 1_400_000, NOON)
    client.force_login(lin())

    assert 'name="amount"' in read(client, round)
    assert 'value="1,405,000"' in read(client, round)


def test_a_page_with_a_bidders_code_is_kept_by_no_cache(client: Client) -> None:
    round = a_recorded_round()
    a_bidder(round, lin())
    public = client.get(f"/lots/{round.lot_id}/")
    client.force_login(lin())

    assert "no-store" not in public.headers.get("Cache-Control", "")
    assert "no-store" in client.get(f"/lots/{round.lot_id}/")["Cache-Control"]


def test_a_priority_purchaser_is_offered_the_same_price(client: Client) -> None:
    round = a_recorded_round()
    bid(a_bidder(round, lin()), 1_400_000, NOON)
    a_bidder(round, zhao(), rank=1)
    client.force_login(zhao())

    assert 'value="1,400,000"' in read(client, round)


def test_a_stranger_is_sent_to_register_and_gets_no_bid_box(client: Client) -> None:
    round = a_recorded_round()
    client.force_login(chen())

    text = read(client, round)

    assert f'href="/rounds/{round.pk}/register/"' in text
    assert 'name="amount"' not in text


def test_whoever_has_not_paid_is_sent_to_the_deposit(client: Client) -> None:
    round = a_recorded_round()
    bidder = a_bidder(round, lin())
    bidder.code = ""
    bidder.save()
    client.force_login(lin())

    assert f'href="/rounds/{round.pk}/deposit/"' in read(client, round)


def test_before_the_opening_the_bid_box_is_hidden(client: Client) -> None:
    round = an_announced_round()
    a_bidder(round, lin())
    client.force_login(lin())

    assert '<div data-when="open" hidden><form class="bid-box' in read(client, round).replace("> <", "><")


def test_a_suspension_shows_its_reason(client: Client) -> None:
    round = a_recorded_round()
    suspend(round_id=round.pk, reason="案外人异议", at=NOON)

    assert "案外人异议" in read(client, round)


def test_a_sale_names_the_code_and_no_person(client: Client, clock: HandClock) -> None:
    round = a_recorded_round(closes_at=NOON + timedelta(hours=1))
    bid(a_bidder(round, lin()), 1_400_000, NOON)
    close_round(round_id=round.pk, at=clock.go(hours=2))

    text = read(client, round)

    assert (
        'data-when="sold confirmed" > <p>Sold to bidder <b class="figures" data-field="leader">T0001' in text
    )
    assert "lin" not in text.replace("line", "").replace("link", "").replace("linger", "")


def test_a_refused_bid_is_told_with_its_article(client: Client) -> None:
    round = a_recorded_round()
    a_bidder(round, lin())
    client.force_login(lin())

    text = read(client, round, refused="too_low")

    assert 'data-ground="too_low" >' in text
    assert 'data-ground="out_of_time" hidden' in text


def test_texts_cannot_carry_markup_into_the_page(client: Client) -> None:
    round = a_recorded_round()
    Notice.objects.create(lot=round.lot, kind="item", number=2, text="<script>x</script>", digest="0" * 64)

    assert "<script>x" not in read(client, round)


@pytest.mark.parametrize("number", ["0", "9" * 19, "9" * 40])
def test_a_lot_that_cannot_be_is_not_found(client: Client, number: str) -> None:
    assert client.get(f"/lots/{number}/").status_code == 404
