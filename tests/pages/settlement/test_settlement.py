"""The settlement's pages: for officers of the court alone, every refusal with its article."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from auction import clock
from enforcement.models import Claim, Cost, Court, Distribution, Listing, Officer, Ruling
from tests.support import people, sales

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the day after the ruling."""
    monkeypatch.setattr(clock, "now", lambda: sales.RULED)


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer.person)
    return client


def send(name: str, listing: Listing, officer: Officer | None = None, /, **data: Any) -> Any:
    return signed_in(officer or sales.wu()).post(reverse(name, args=[listing.pk]), data)


def see(name: str, listing: Listing, officer: Officer | None = None) -> str:
    answer = signed_in(officer or sales.wu()).get(reverse(name, args=[listing.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_bidder_may_not_see_the_settlement() -> None:
    listing = sales.confirmed()
    client = Client()
    client.force_login(people.lin())

    assert client.get(reverse("settlement", args=[listing.pk])).status_code == 403


def test_who_is_not_signed_in_is_asked_to() -> None:
    listing = sales.confirmed()

    assert Client().get(reverse("settlement", args=[listing.pk])).status_code == 302


def test_an_officer_of_another_court_finds_nothing() -> None:
    listing = sales.confirmed()
    officer = sales.judge_zhou()
    officer.court = Court.objects.create(name="另一法院", code="京0106", province="北京市")
    officer.save()

    assert signed_in(officer).get(reverse("settlement", args=[listing.pk])).status_code == 404


def test_the_page_shows_price_purchaser_and_what_comes_next() -> None:
    listing = sales.paid()

    page = see("settlement", listing)

    assert "¥3,000,000.00" in page
    assert "叁佰万元整" in page
    assert "林晓月" in page
    assert "2026-12-04" in page


def test_an_unsold_lot_shows_until_when_and_from_what_price_it_is_sold_again() -> None:
    listing = sales.closed(price_fen=None)

    page = see("settlement", listing)

    assert "2026-12-21" in page
    assert "¥1,120,000.00" in page
    assert "法释〔2016〕18号第26条" in page


def test_a_ruling_before_payment_is_refused_with_its_article() -> None:
    listing = sales.confirmed()

    answer = send("ruling_draft", listing, number="(2026)京0105执1234号之二")

    assert answer.status_code == 409
    assert "法释〔2016〕18号第25条" in answer.content.decode()


def test_the_officer_rules_serves_and_hands_over() -> None:
    listing = sales.paid()

    send("ruling_draft", listing, number="(2026)京0105执1234号之二")
    send("ruling_service", listing, on="2026-11-25", proof="送达回证")
    send("handover", listing, on="2026-11-25", note="钥匙三把")

    ruling = Ruling.objects.get()
    assert (ruling.served_on, ruling.handed_over_on) == (date(2026, 11, 25), date(2026, 11, 25))
    assert "林晓月" in see("ruling", listing)


@pytest.mark.parametrize("day", ["2026-11-26", "2026-11-24", "yesterday"])
def test_a_service_in_the_future_or_before_the_ruling_is_refused(day: str) -> None:
    listing = sales.paid()
    send("ruling_draft", listing, number="(2026)京0105执1234号之二")

    answer = send("ruling_service", listing, on=day, proof="送达回证")

    assert answer.status_code == 422
    assert Ruling.objects.get().served_on is None


def test_the_ruling_is_a_pdf_for_officers_alone() -> None:
    listing = sales.ruled()
    where = reverse("ruling_pdf", args=[listing.pk])

    assert signed_in(sales.wu()).get(where).content.startswith(b"%PDF")
    assert Client().get(where).status_code == 302


def test_a_cost_is_written_in_yuan() -> None:
    listing = sales.ruled()

    send(
        "settlement_cost",
        listing,
        step="cost",
        name="评估费",
        payee="某公司",
        receipt="1",
        amount="15,000.50",
    )

    assert Cost.objects.get().amount_fen == 1_500_050


def test_doubled_interest_becomes_a_claim() -> None:
    listing = sales.ruled()
    claim = Claim.objects.get(creditor__name="甲")

    send("settlement_interest", listing, claim=claim.pk, principal="1000000", on="2026-08-17", stayed="0")

    assert Claim.objects.get(kind=Claim.Kind.INTEREST).amount_fen == 1_750_000


def test_a_file_that_is_no_statement_imports_nothing() -> None:
    listing = sales.confirmed()

    answer = send("settlement_statement", listing, file=SimpleUploadedFile("x.csv", b"\x89PNG\r\n"))

    assert answer.status_code == 422


def test_the_distribution_is_previewed_with_its_articles() -> None:
    page = see("distribution", sales.ruled())

    assert "第508条" in page
    assert "第414条" in page
    assert not Distribution.objects.exists()


def test_one_officer_draws_up_and_another_releases() -> None:
    listing = sales.ruled()
    orders = {f"order_{claim.pk}": "1" for claim in Claim.objects.filter(kind=Claim.Kind.ORDINARY)}
    send("distribution_draft", listing, among="pro_rata", **orders)
    send("distribution_service", listing, on="2026-11-25", statements="各方书面确认")

    refused = send("distribution_release", listing)
    released = send("distribution_release", listing, sales.judge_zhou())

    assert (refused.status_code, released.status_code) == (409, 302)
    assert "法发〔2017〕6号第11条" in refused.content.decode()
    assert Distribution.objects.get().state == Distribution.State.PAID


def test_the_confirmation_is_public_as_page_and_as_pdf() -> None:
    listing = sales.confirmed()
    assert listing.round

    page = Client().get(reverse("confirmation", args=[listing.round.pk])).content.decode()
    paper = Client().get(reverse("confirmation_pdf", args=[listing.round.pk]))

    assert "林晓月" in page
    assert sales.LIN.number not in page
    assert paper.content.startswith(b"%PDF")


def test_before_the_sale_is_confirmed_there_is_no_confirmation() -> None:
    listing = sales.closed()
    assert listing.round

    assert Client().get(reverse("confirmation", args=[listing.round.pk])).status_code == 404


def test_an_overdue_balance_lets_the_officer_find_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = sales.demanded()
    monkeypatch.setattr(clock, "now", lambda: sales.LATER)
    offered = see("settlement", listing)

    send("settlement_default", listing, reason="逾期未付款")

    assert reverse("settlement_default", args=[listing.pk]) in offered
    assert "法释〔2016〕18号第24条第1款" in see("settlement", listing)


def test_nobody_is_found_in_default_while_there_is_time() -> None:
    listing = sales.demanded()

    answer = send("settlement_default", listing, reason="逾期未付款")

    assert answer.status_code == 409
    assert reverse("settlement_default", args=[listing.pk]) not in see("settlement", listing)
