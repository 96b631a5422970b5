"""The acts before the announcement: each asks its rules, writes, and adds to the case's line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from auction.models import Person, Round
from auction.rules.money import yuan
from auction.rules.requirements import NotReady
from enforcement.models import Listing, PanelDecision, Tax
from enforcement.services.add_claim import NewClaim, add_claim
from enforcement.services.add_seizure import NewSeizure, add_seizure
from enforcement.services.add_tax import drop_tax
from enforcement.services.appoint_officer import Office, appoint_officer
from enforcement.services.decide_panel import decide_panel
from enforcement.services.open_case import NewCase, open_case
from enforcement.services.open_property_tour import open_property_tour
from enforcement.services.publish_listing import publish_listing
from enforcement.services.start_listing import start_listing
from tests.support.listings import (
    a_case,
    a_decision,
    a_flat,
    a_judge,
    a_party,
    a_priced_listing,
    a_ready_listing,
    another_court,
    wu,
)
from tests.support.people import NOON, court
from viewing.views.guard import may_change

pytestmark = pytest.mark.django_db


def codes(act: Any) -> list[str]:
    with pytest.raises(NotReady) as refused:
        act()
    return [missing.code for missing in refused.value.missing]


def decide(listing: Listing, **given: Any) -> PanelDecision:
    return decide_panel(listing=listing, decision=a_decision(**given), by=wu(), at=NOON)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("2026京0105执1号", "case_number_wrong"),
        ("(2026)京0105民初1号", "case_not_enforcement"),
        ("(2026)京0106执1号", "case_of_other_court"),
    ],
)
def test_a_case_that_is_none_of_this_court_is_not_opened(number: str, code: str) -> None:
    case = NewCase(number, date(2026, 3, 2))

    assert codes(lambda: open_case(case=case, by=wu(), at=NOON)) == [code]


def test_a_case_is_opened_once_however_its_number_is_written() -> None:
    a_case("(2026)京0105执1号")
    again = NewCase("（2026）京0105执1号", date(2026, 3, 2))

    assert codes(lambda: open_case(case=again, by=wu(), at=NOON)) == ["case_number_taken"]


def test_a_claim_of_nothing_is_refused() -> None:
    creditor = a_case().parties.get(side="applicant")

    assert codes(lambda: add_claim(claim=NewClaim(creditor, "ordinary", yuan(0)), by=wu(), at=NOON)) == [
        "claim_nothing"
    ]


def test_a_seizure_longer_than_the_law_allows_is_refused() -> None:
    seizure = NewSeizure(2, "裁定", date(2026, 1, 1), date(2029, 1, 2))

    assert codes(lambda: add_seizure(property=a_flat(), seizure=seizure, by=wu(), at=NOON)) == [
        "seizure_too_long"
    ]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"starting": yuan(699_999)}, "starting_price_low"),
        ({"deposit": yuan(34_999)}, "deposit_out_of_bounds"),
        ({"deposit": yuan(140_001)}, "deposit_out_of_bounds"),
        ({"increment": yuan(0)}, "increment_missing"),
        ({"members": ()}, "panel_small"),
    ],
)
def test_a_decision_out_of_bounds_is_refused(given: dict[str, Any], code: str) -> None:
    listing = a_priced_listing()

    assert code in codes(lambda: decide(listing, **given))
    assert not PanelDecision.objects.exists()


def test_a_member_of_another_court_is_refused() -> None:
    members = (wu(), a_judge("li"), a_judge("fang", of=another_court()))

    assert codes(lambda: decide(a_priced_listing(), members=members)) == ["panel_of_other_court"]


def test_every_priority_purchaser_is_ranked_by_the_panel() -> None:
    case = a_case()
    zhao = a_party(case, "priority", "natural", "赵某", "440524188001010014")
    listing = a_priced_listing(a_flat(case))

    assert codes(lambda: decide(listing)) == ["priority_unranked"]
    ranked = decide(
        listing, members=(wu(), a_judge("he"), a_judge("du")), ranks={zhao: 1}, natures={zhao: "承租人"}
    )
    assert ranked.priority == [{"party": zhao.pk, "nature": "承租人", "rank": 1}]


def test_a_later_decision_replaces_the_earlier_and_the_line_keeps_both() -> None:
    listing = a_priced_listing()
    decide(listing)
    decide(listing, members=(wu(), a_judge("he"), a_judge("du")), starting=yuan(800_000))

    assert PanelDecision.objects.get().starting_price_fen == 80_000_000
    told = listing.property.case.events.filter(kind="panel_decided")
    assert [event.facts["starting"] for event in told] == [70_000_000, 80_000_000]


def test_after_publication_no_decision_no_tax_and_no_tour_changes() -> None:
    listing = a_ready_listing()
    publish_listing(listing=listing, by=wu(), at=NOON)

    members = (wu(), a_judge("he"), a_judge("du"))
    assert codes(lambda: decide(listing, members=members)) == ["already_published"]
    assert codes(lambda: drop_tax(tax=Tax.objects.get())) == ["already_published"]


def test_a_second_auction_may_start_at_eighty_per_cent_of_the_first() -> None:
    listing = a_ready_listing()
    Round.objects.filter(pk=publish_listing(listing=listing, by=wu(), at=NOON).pk).update(
        state="unsold", closed_at=NOON
    )
    second = start_listing(property=listing.property, at=NOON)
    members = (wu(), a_judge("he"), a_judge("du"))

    low = {"members": members, "starting": yuan(559_999)}
    assert codes(lambda: decide(second, **low)) == ["cut_deep"]
    assert decide(second, members=members, starting=yuan(560_000)).pk


def test_an_officer_may_build_the_tours_of_his_own_court_only() -> None:
    hers = Person.objects.create_user("qian")
    appoint_officer(person=hers, office=Office(court(), "officer", "钱某"))
    stranger = Person.objects.create_user("feng")
    appoint_officer(person=stranger, office=Office(another_court(), "officer", "冯某"))

    tour = open_property_tour(property=a_flat())

    assert may_change(Person.objects.get(pk=hers.pk), tour)
    assert not may_change(Person.objects.get(pk=stranger.pk), tour)
