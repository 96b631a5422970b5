"""The court's side: who may come in, and what each page says."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from auction.models import Person
from enforcement.models import Case, Listing
from enforcement.services.publish_listing import publish_listing
from tests.support.listings import (
    COMPANY,
    a_case,
    a_flat,
    a_judge,
    a_party,
    a_priced_listing,
    a_ready_listing,
    another_court,
)
from tests.support.people import NOON, chen, judge_wu

pytestmark = pytest.mark.django_db
STEPS = ["case", "property", "viewing", "price", "decision", "notices", "announcement", "publish"]


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auction.clock.now", lambda: NOON)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def test_whoever_is_not_signed_in_is_asked_to() -> None:
    answer = Client().get(reverse("desk"))

    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_chen_may_not_come_to_the_desk() -> None:
    assert signed_in(chen()).get(reverse("desk")).status_code == 403


def test_an_officer_of_another_court_does_not_find_the_case() -> None:
    case = a_case()
    stranger = signed_in(a_judge("fang", of=another_court()).person)

    page(stranger, "case", case.pk, status=404)
    assert case.number not in page(stranger, "desk")


@pytest.mark.parametrize("step", STEPS)
def test_an_officer_of_another_court_does_not_find_the_listing(step: str) -> None:
    listing = a_priced_listing()
    stranger = signed_in(a_judge("fang", of=another_court()).person)

    page(stranger, "listing_step", listing.pk, step, status=404)


def test_where_a_second_factor_is_demanded_an_officer_sets_it_up_first(settings) -> None:
    settings.OFFICERS_NEED_TOTP = True

    answer = signed_in(judge_wu()).get(reverse("desk"))

    assert answer["Location"] == reverse("mfa_activate_totp")


def test_a_case_is_opened_under_its_canonical_number() -> None:
    sent = {"number": "（2026）京0105执77号", "filed_on": "2026-03-02"}

    answer = signed_in(judge_wu()).post(reverse("case_new"), sent)

    case = Case.objects.get()
    assert case.number == "(2026)京0105执77号"
    assert answer["Location"] == reverse("case", args=[case.pk])


def test_a_case_of_another_court_is_refused_with_the_article() -> None:
    answer = signed_in(judge_wu()).post(
        reverse("case_new"), {"number": "(2026)京0106执77号", "filed_on": "2026-03-02"}
    )

    assert answer.status_code == 409
    assert "yours has the code 京0105" in answer.content.decode()
    assert "法〔2015〕137号第2条" in answer.content.decode()


def test_a_wrong_identity_number_is_refused() -> None:
    sent = {"side": "debtor", "kind": "natural", "name": "周某", "number": "110105194912310021"}

    answer = signed_in(judge_wu()).post(reverse("party_new", args=[a_case().pk]), sent)

    assert "no identity number" in answer.content.decode()


def test_the_case_page_tells_the_whole_line() -> None:
    listing = a_ready_listing()

    text = page(signed_in(judge_wu()), "case", listing.property.case_id)

    for said in (
        "was opened",
        "was seized on",
        "Reference price",
        "The panel fixed",
        "was notified",
        COMPANY,
    ):
        assert said in text


@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_a_draft_can_be_shown(step: str) -> None:
    text = page(signed_in(judge_wu()), "listing_step", a_priced_listing().pk, step)

    assert 'aria-current="step"' in text


@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_a_complete_listing_can_be_shown(step: str) -> None:
    text = page(signed_in(judge_wu()), "listing_step", a_ready_listing().pk, step)

    assert "Still missing" not in text


def test_the_wizard_begins_with_the_first_step_that_misses_something() -> None:
    listing = a_priced_listing()

    answer = signed_in(judge_wu()).get(reverse("listing", args=[listing.pk]))

    assert answer["Location"] == reverse("listing_step", args=[listing.pk, "decision"])


def test_a_missing_thing_is_shown_with_its_article() -> None:
    text = page(signed_in(judge_wu()), "listing_step", a_priced_listing().pk, "decision")

    assert "The panel has not decided" in text
    assert "法释〔2016〕18号第27条" in text


def test_a_starting_price_below_seventy_per_cent_is_refused_in_words() -> None:
    listing = a_priced_listing()
    panel = [judge_wu().officer.pk, a_judge("li").pk, a_judge("sun").pk]
    sent = {
        "starting": "699,999.99",
        "increment": "5000",
        "deposit": "100000",
        "balance_days": "10",
        "members": panel,
        "document": "合议笔录",
        "decided_on": "2026-11-10",
    }

    answer = signed_in(judge_wu()).post(reverse("listing_step", args=[listing.pk, "decision"]), sent)

    assert answer.status_code == 409
    assert "at least ¥700,000.00" in answer.content.decode()


def test_a_saved_draft_is_kept_though_it_is_not_complete() -> None:
    listing = a_priced_listing()
    sent = {"title": "示范路房产", "opens_at": "", "closes_at": ""}

    signed_in(judge_wu()).post(reverse("listing_step", args=[listing.pk, "announcement"]), sent)

    assert Listing.objects.get().title == "示范路房产"


def test_an_officer_publishes_with_one_button() -> None:
    listing = a_ready_listing()

    answer = signed_in(judge_wu()).post(reverse("listing_step", args=[listing.pk, "publish"]))

    assert answer.status_code == 302
    assert Listing.objects.get().round.state == "announced"


def test_an_incomplete_listing_is_not_published_and_says_why() -> None:
    listing = a_priced_listing()

    answer = signed_in(judge_wu()).post(reverse("listing_step", args=[listing.pk, "publish"]))

    assert answer.status_code == 409
    assert "法释〔2016〕18号第27条" in answer.content.decode()


def test_a_notice_is_recorded_from_the_page() -> None:
    listing = a_priced_listing()
    party = listing.property.case.parties.first()
    name = f"party{party.pk}"
    sent = {f"{name}-channel": "post", f"{name}-done_on": "2026-11-16", f"{name}-proof": "EMS 1"}

    signed_in(judge_wu()).post(reverse("listing_notice", args=[listing.pk, party.pk]), sent)

    assert listing.notices.get().party == party


@pytest.mark.parametrize("name", ["case_new"])
def test_the_page_to_open_a_case_can_be_shown(name: str) -> None:
    assert "Open a case" in page(signed_in(judge_wu()), name)


@pytest.mark.parametrize("name", ["party_new", "claim_new", "property_new"])
def test_the_forms_of_a_case_can_be_shown(name: str) -> None:
    assert 'name="next"' in page(signed_in(judge_wu()), name, a_case().pk)


@pytest.mark.parametrize("name", ["property", "seizure_new", "tax_new"])
def test_the_forms_of_a_property_can_be_shown(name: str) -> None:
    assert 'name="next"' in page(signed_in(judge_wu()), name, a_flat().pk)


def test_a_form_does_not_lead_away_from_the_site() -> None:
    address = reverse("party_new", args=[a_case().pk])

    text = signed_in(judge_wu()).get(f"{address}?next=https://evil.example/").content.decode()

    assert 'value="https://evil' not in text


def test_a_party_that_comes_later_does_not_undo_what_was_published() -> None:
    listing = a_ready_listing()
    publish_listing(listing=listing, by=judge_wu().officer, at=NOON)
    a_party(listing.property.case, "priority", "natural", "赵某", "440524188001010014")

    text = page(signed_in(judge_wu()), "listing_step", listing.pk, "announcement")

    assert text.count("wizard__step--done") == len(STEPS)
    assert "赵某" not in text
