"""The list of lots: open to all, filtered, sorted, page by page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from auction.models import Lot
from tests.support.people import NOON, a_lot, an_announced_round, an_open_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

FLAT, CAR, SHOP = "示范路301室", "粤B示例1越野车", "样例路商铺"


@pytest.fixture
def three_lots() -> None:
    """Let a flat be bid for, a car be announced, and a shop be sold."""
    flat = a_lot(title=FLAT)
    car = a_lot(title=CAR, category="vehicle", province="广东省", court_name="深圳市南山区人民法院")
    shop = a_lot(title=SHOP, province="浙江省", case_number="(2026)浙0106执77号")
    an_open_round(lot=flat, price_fen=150_000_000, bid_count=3)
    an_announced_round(lot=car, starting_price_fen=10_000_000)
    an_announced_round(lot=shop, state="sold", price_fen=300_000_000, bid_count=9)


def titles(client: Client, **asked: Any) -> list[str]:
    """Return the lots the list shows, in order."""
    return [card.round.lot.title for card in client.get("/", asked).context["cards"]]


@pytest.mark.usefixtures("three_lots")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [FLAT, CAR, SHOP]),
        ({"phase": "open"}, [FLAT]),
        ({"phase": "soon"}, [CAR]),
        ({"phase": "ended"}, [SHOP]),
        ({"category": "vehicle"}, [CAR]),
        ({"province": "浙江省"}, [SHOP]),
        ({"least": "1,500,000"}, [FLAT, SHOP]),
        ({"most": "1499999.99"}, [CAR]),
        ({"least": "100,000.01", "most": "1,500,000"}, [FLAT]),
        ({"q": "越野车"}, [CAR]),
        ({"q": "南山区"}, [CAR]),
        ({"q": "浙0106执77号"}, [SHOP]),
        ({"q": "路 商铺"}, [SHOP]),
        ({"order": "cheapest"}, [CAR, FLAT, SHOP]),
        ({"order": "dearest"}, [SHOP, FLAT, CAR]),
        ({"order": "bids"}, [SHOP, FLAT, CAR]),
        ({"phase": "nonsense"}, [FLAT, CAR, SHOP]),
    ],
)
def test_anyone_finds_lots_by_what_he_looks_for(
    client: Client, asked: dict[str, str], found: list[str]
) -> None:
    assert titles(client, **asked) == found


def test_what_ends_first_stands_first(client: Client) -> None:
    for hours in (5, 2, 9):
        an_open_round(lot=a_lot(title=f"in {hours}"), closes_at=NOON + timedelta(hours=hours))

    assert titles(client) == ["in 2", "in 5", "in 9"]


def test_a_lot_is_listed_once_by_its_last_round(client: Client) -> None:
    lot = a_lot()
    an_announced_round(lot=lot, state="unsold")
    second = an_announced_round(lot=lot, kind="second_auction")

    cards = client.get("/").context["cards"]

    assert [card.round for card in cards] == [second]


def test_a_card_shows_the_price_that_stands_and_what_it_waits_for(client: Client) -> None:
    an_open_round(price_fen=152_500_000, closes_at=NOON + timedelta(hours=3))

    text = client.get("/").content.decode()

    assert "¥1,525,000" in text
    assert 'to="2026-11-20T15:00:00+08:00"' in text


def test_nothing_found_is_said_and_leads_back(client: Client) -> None:
    answer = client.get("/", {"q": "nowhere"}, headers={"accept-language": "en"})

    assert "No lot fits" in answer.content.decode()


def test_an_amount_that_is_none_is_said_and_looks_for_nothing(client: Client) -> None:
    an_open_round()

    answer = client.get("/", {"least": "much"}, headers={"accept-language": "en"})

    assert "Write the amount in yuan" in answer.content.decode()
    assert len(answer.context["cards"]) == 1


def test_the_list_goes_on_page_by_page_and_keeps_what_is_looked_for(client: Client) -> None:
    for _ in range(25):
        an_open_round()

    answer = client.get("/", {"phase": "open", "page": "2"})

    assert len(answer.context["cards"]) == 1
    assert "?phase=open&amp;page=1" in answer.content.decode()


def test_the_list_asks_the_database_no_more_for_more_lots(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        an_open_round()

    with django_assert_max_num_queries(5):
        client.get("/")

    assert Lot.objects.count() == 12
