"""Notices: the posting stands in public, and its five days begin with the act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from auction.rules.requirements import NotReady
from enforcement.models import Party, PartyNotice
from enforcement.services.record_notice import NewNotice, record_notice
from tests.support.listings import a_priced_listing, wu
from tests.support.people import NOON

pytestmark = pytest.mark.django_db


def debtor() -> Party:
    return Party.objects.get(side="debtor")


def test_a_posting_counts_from_the_day_it_is_entered() -> None:
    listing = a_priced_listing()
    said = NewNotice(debtor(), "unreachable", date(2026, 1, 1), "下落不明")

    record_notice(listing=listing, notice=said, by=wu(), at=NOON)

    assert PartyNotice.objects.get().done_on == date(2026, 11, 20)


def test_who_cannot_be_reached_is_named_in_public_with_the_reason() -> None:
    listing = a_priced_listing()
    said = NewNotice(debtor(), "unreachable", date(2026, 11, 20), "下落不明")
    record_notice(listing=listing, notice=said, by=wu(), at=NOON)

    text = Client().get(reverse("postings")).content.decode()

    assert "周某" in text
    assert "下落不明" in text
    assert debtor().number not in text


def test_a_later_notice_replaces_the_earlier_and_the_line_keeps_both() -> None:
    listing = a_priced_listing()
    for day in (date(2026, 11, 1), date(2026, 11, 9)):
        record_notice(listing=listing, notice=NewNotice(debtor(), "post", day, "EMS"), by=wu(), at=NOON)

    assert listing.notices.get().done_on == date(2026, 11, 9)
    assert listing.property.case.events.filter(kind="party_notified").count() == 2


def test_a_notice_that_is_still_to_come_is_refused() -> None:
    listing = a_priced_listing()
    tomorrow = (NOON + timedelta(days=1)).date()

    with pytest.raises(NotReady) as refused:
        record_notice(listing=listing, notice=NewNotice(debtor(), "post", tomorrow, "EMS"), by=wu(), at=NOON)

    assert [one.code for one in refused.value.missing] == ["notice_in_future"]
