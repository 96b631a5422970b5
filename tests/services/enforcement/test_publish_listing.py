"""Publishing: every gate is asked, then what was announced stands still."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from auction.models import Event, Round
from auction.rules.requirements import NotReady
from enforcement.models import Listing, PanelDecision, Property
from enforcement.services.add_property import Description, describe_property
from enforcement.services.publish_listing import publish_listing
from enforcement.services.save_listing import save_listing
from enforcement.services.start_listing import start_listing
from tests.support.listings import a_draft, a_flat, a_ready_listing, wu
from tests.support.people import NOON

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[NotReady]) -> list[str]:
    return [missing.code for missing in refused.value.missing]


def publish(listing: Listing, at=NOON) -> Round:
    return publish_listing(listing=listing, by=wu(), at=at)


def test_a_complete_listing_is_announced_with_eleven_items_and_seven_warnings() -> None:
    round = publish(a_ready_listing())

    notices = list(round.lot.notices.values_list("kind", "number"))
    assert notices == [("item", n) for n in range(1, 12)] + [("warning", n) for n in range(1, 8)]
    assert round.state == "announced"


def test_the_record_begins_with_the_announced_terms() -> None:
    round = publish(a_ready_listing())

    leaf = json.loads(Event.objects.get(round=round).leaf)
    assert (leaf["kind"], leaf["seq"]) == ("open", 1)
    assert (leaf["start"], leaf["step"], leaf["deposit"]) == (70_000_000, 500_000, 10_000_000)
    assert leaf["ext_ms"] == 300_000
    assert len(leaf["tour"]) == 64


def test_publishing_freezes_the_tour() -> None:
    listing = a_ready_listing()

    publish(listing)

    listing.property.tour.refresh_from_db()
    assert listing.property.tour.frozen_at == NOON


def a_car_without_scenes() -> Listing:
    listing = a_ready_listing()
    Property.objects.update(category="vehicle")
    listing.property.tour.scenes.all().delete()
    return Listing.objects.get()


def test_a_car_is_announced_with_a_photograph_alone() -> None:
    listing = a_car_without_scenes()
    listing.property.tour.photos.create(digest="b" * 64, width=800, height=600)

    round = publish(listing)

    assert (round.state, len(round.lot.tour_digest)) == ("announced", 64)


def test_a_car_shown_by_nothing_is_not_announced() -> None:
    with pytest.raises(NotReady) as refused:
        publish(a_car_without_scenes())

    assert codes(refused) == ["pictures_missing"]


def test_without_a_panel_decision_publishing_is_refused() -> None:
    listing = a_ready_listing()
    PanelDecision.objects.all().delete()

    with pytest.raises(NotReady) as refused:
        publish(listing)

    assert "decision_missing" in codes(refused)
    assert not Round.objects.exists()


def test_a_day_later_the_lead_time_is_too_short() -> None:
    listing = a_ready_listing()

    with pytest.raises(NotReady) as refused:
        publish(listing, at=NOON + timedelta(days=1))

    assert codes(refused) == ["lead_short"]


def test_before_three_clear_days_the_notice_is_too_late() -> None:
    listing = a_ready_listing()

    with pytest.raises(NotReady) as refused:
        publish(listing, at=NOON - timedelta(days=1))

    assert codes(refused) == ["notice_too_late", "notice_too_late"]


def test_a_seizure_that_lapsed_before_the_sale_blocks_it() -> None:
    listing = a_ready_listing()
    listing.property.seizures.update(expires_on=NOON.date())

    with pytest.raises(NotReady) as refused:
        publish(listing)

    assert codes(refused) == ["seizure_lapsed"]


def test_a_published_listing_cannot_be_published_again_or_edited() -> None:
    listing = a_ready_listing()
    publish(listing)

    for act in (lambda: publish(listing), lambda: save_listing(listing=listing, draft_of=a_draft())):
        with pytest.raises(NotReady) as refused:
            act()
        assert codes(refused) == ["already_published"]


def test_the_description_of_an_announced_property_cannot_change() -> None:
    listing = a_ready_listing()
    publish(listing)

    with pytest.raises(NotReady):
        describe_property(property=listing.property, description=Description("house", "x", "y"))

    assert Property.objects.get().name == listing.property.name


def test_the_announced_text_is_written_from_the_facts() -> None:
    lot = publish(a_ready_listing()).lot

    texts = {notice.number: notice.text for notice in lot.notices.filter(kind="item")}
    assert "¥700,000.00" in texts[1]
    assert "示评字〔2026〕第8号" in texts[3]
    assert "卫生间渗漏" in texts[5]
    assert "周某：已于2026年11月16日通知" in texts[7]
    assert "契税（3%）：依法由买受人承担" in texts[9]


def test_a_forbidden_phrase_in_the_description_blocks_publication() -> None:
    listing = a_ready_listing(a_flat(possession="占有不明，法院不负责腾退"))

    with pytest.raises(NotReady) as refused:
        publish(listing)

    assert {"words_hide_state", "words_refuse_handover"} <= set(codes(refused))


def test_the_applicant_is_announced_with_his_claim_but_not_his_number() -> None:
    lot = publish(a_ready_listing()).lot

    assert [applicant["claim_fen"] for applicant in lot.applicants] == [100_000_000]
    assert "91350100M000100Y43" not in json.dumps(lot.applicants)


def test_the_lot_says_where_to_call_to_complain_and_to_pay() -> None:
    contact = publish(a_ready_listing()).lot.contact

    assert (contact["phone"], contact["supervision_phone"]) == ("010-00000000", "010-00000001")
    assert contact["account_number"] == "0000 0000 0000 0001"


def test_after_a_first_auction_without_a_bid_a_second_one_is_begun() -> None:
    listing = a_ready_listing()
    Round.objects.filter(pk=publish(listing).pk).update(state="unsold", closed_at=NOON)

    second = start_listing(property=listing.property, at=NOON)

    assert (second.kind, second.follows) == ("second_auction", listing)
    assert second.reference_price == listing.reference_price


def test_while_a_round_is_under_way_no_other_is_begun() -> None:
    listing = a_ready_listing()
    publish(listing)

    with pytest.raises(NotReady):
        start_listing(property=listing.property, at=NOON)
