"""Ruling, service and handover: in their order, each with its clock."""

from __future__ import annotations

from datetime import date

import pytest

from auction.models import Lot
from enforcement.models import CaseEvent, Ruling
from enforcement.queries.settlement import settlement_of
from enforcement.rules.release import Hindrance, NotYet
from enforcement.services.handover import Handover, record_handover
from enforcement.services.ruling_draft import draft_ruling
from enforcement.services.ruling_serve import Service, serve_ruling
from tests.support import sales

pytestmark = pytest.mark.django_db

NUMBER = "(2026)京0105执1234号之二"
KEYS = Handover(on=date(2026, 11, 30), note="钥匙三把")
RECEIPT = Service(on=date(2026, 11, 25), proof="送达回证")


def test_no_ruling_before_the_whole_price_is_paid() -> None:
    listing = sales.confirmed()

    with pytest.raises(NotYet) as refusal:
        draft_ruling(listing_id=listing.pk, number=NUMBER, officer=sales.wu(), at=sales.RULED)

    assert refusal.value.hindrance is Hindrance.NOT_PAID
    assert not Ruling.objects.exists()


def test_no_ruling_before_the_sale_is_confirmed() -> None:
    listing = sales.closed()

    with pytest.raises(NotYet) as refusal:
        draft_ruling(listing_id=listing.pk, number=NUMBER, officer=sales.wu(), at=sales.RULED)

    assert refusal.value.hindrance is Hindrance.NOT_CONFIRMED


def test_the_ruling_names_the_purchaser_by_her_whole_number() -> None:
    listing = sales.paid()

    ruling = draft_ruling(listing_id=listing.pk, number=NUMBER, officer=sales.wu(), at=sales.RULED)

    assert ruling.facts["purchaser"]["number"] == sales.LIN.number
    assert ruling.facts["price_capitals"] == "叁佰万元整"
    assert bytes(ruling.pdf).startswith(b"%PDF")


def test_there_is_one_ruling_a_sale() -> None:
    listing = sales.ruled()

    with pytest.raises(NotYet) as refusal:
        draft_ruling(listing_id=listing.pk, number=NUMBER, officer=sales.wu(), at=sales.RULED)

    assert refusal.value.hindrance is Hindrance.RULED_ALREADY


def test_title_passes_at_service_and_the_case_says_so() -> None:
    sales.ruled()

    served = CaseEvent.objects.get(kind="ruling_served")
    assert served.article == "法释〔2016〕18号第22条第2款"
    assert served.facts["purchaser"] == "林晓月"
    assert served.facts["hand_over_by"] == "2026-12-10"


def test_a_ruling_is_served_once() -> None:
    listing = sales.ruled()

    with pytest.raises(NotYet) as refusal:
        serve_ruling(listing_id=listing.pk, service=RECEIPT, officer=sales.wu(), at=sales.LATER)

    assert refusal.value.hindrance is Hindrance.SERVED_ALREADY


def test_nothing_is_handed_over_before_service() -> None:
    listing = sales.paid()
    draft_ruling(listing_id=listing.pk, number=NUMBER, officer=sales.wu(), at=sales.RULED)

    with pytest.raises(NotYet) as refusal:
        record_handover(listing_id=listing.pk, handover=KEYS, officer=sales.wu(), at=sales.LATER)

    assert refusal.value.hindrance is Hindrance.NOT_SERVED


def test_the_handover_is_recorded_once() -> None:
    listing = sales.ruled()
    record_handover(listing_id=listing.pk, handover=KEYS, officer=sales.wu(), at=sales.LATER)

    with pytest.raises(NotYet):
        record_handover(listing_id=listing.pk, handover=KEYS, officer=sales.wu(), at=sales.LATER)

    assert CaseEvent.objects.get(kind="handed_over").facts["note"] == "钥匙三把"


@pytest.mark.parametrize(("today", "late"), [(date(2026, 12, 4), False), (date(2026, 12, 5), True)])
def test_a_ruling_not_served_in_ten_days_is_shown_late(today: date, late: bool) -> None:
    settlement = settlement_of(sales.paid(), today)

    assert settlement
    assert settlement.ruling_clock
    assert settlement.ruling_clock.late is late


@pytest.mark.parametrize(
    ("category", "title", "measure"), [("house", "的所有权归", "查封"), ("equity", "室归", "冻结")]
)
def test_a_thing_is_owned_and_sealed_a_right_is_held_and_frozen(
    category: str, title: str, measure: str
) -> None:
    listing = sales.paid()
    Lot.objects.update(category=category)

    ruling = draft_ruling(listing_id=listing.pk, number=NUMBER, officer=sales.wu(), at=sales.RULED)

    first, *_, last = ruling.facts["orders"]
    assert title in first
    assert last.endswith(f"对上述财产的{measure}。")
    assert "（2026）京0105执1234号之一" in last
