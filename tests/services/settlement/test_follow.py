"""The court follows the record: each entry once, in order, and says what comes next."""

from __future__ import annotations

import pytest

from auction import record
from auction.models import Round
from enforcement.models import CaseEvent, Listing
from enforcement.services.follow import follow_due
from tests.support import sales

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return [event.kind for event in CaseEvent.objects.exclude(kind__startswith="ruling")]


def test_a_sale_comes_into_the_case_from_hammer_to_payment() -> None:
    sales.paid()

    follow_due(sales.PAID)

    assert kinds() == ["sold", "confirmed", "price_paid"]
    assert CaseEvent.objects.get(kind="sold").facts["price"] == sales.PRICE
    assert CaseEvent.objects.get(kind="price_paid").facts["rule_by"] == "2026-12-04"


def test_followed_twice_nothing_is_said_twice() -> None:
    sales.paid()
    follow_due(sales.PAID)

    again = follow_due(sales.PAID)

    assert again == 0
    assert kinds() == ["sold", "confirmed", "price_paid"]


def test_an_unsold_first_auction_is_to_be_held_again_within_thirty_days() -> None:
    sales.closed(price_fen=None)

    follow_due(sales.CLOSED)

    unsold = CaseEvent.objects.get(kind="unsold")
    assert unsold.facts["again_by"] == "2026-12-21"
    assert unsold.article == "法释〔2016〕18号第26条"


def test_an_unsold_second_auction_has_no_third() -> None:
    listing = sales.closed(price_fen=None)
    Listing.objects.filter(pk=listing.pk).update(kind="second_auction")

    follow_due(sales.CLOSED)

    assert CaseEvent.objects.get(kind="unsold").facts["again_by"] is None


def test_a_suspension_comes_with_its_reason() -> None:
    sales.a_listing(sales.an_ending_round())
    record.append(Round.objects.get(), "suspend", {"reason": "案外人异议"}, at=sales.CLOSED)

    follow_due(sales.CLOSED)

    assert CaseEvent.objects.get().facts["reason"] == "案外人异议"


def test_registrations_and_bids_stay_in_the_auction() -> None:
    sales.a_listing(sales.an_ending_round())
    assert Round.objects.get().events.get().kind == "qualify"

    assert follow_due(sales.CLOSED) == 1
    assert not CaseEvent.objects.exists()


def test_a_listing_that_cannot_be_followed_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sales.closed()
    monkeypatch.setattr("enforcement.services.follow._put", broken)

    assert follow_due(sales.CLOSED) == 0

    assert Listing.objects.get().cursor == 0
    assert "could not be followed" in caplog.text


def broken(*_: object) -> None:
    raise RuntimeError
