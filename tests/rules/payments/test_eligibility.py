"""Who may register: in time, of age, not barred, warned."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from auction.rules import eligibility
from auction.rules.eligibility import Bar
from auction.rules.grounds import Ground, Refused

END = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("state", ["announced", "open", "suspended"])
def test_registration_is_open_until_the_bidding_ends(state: str) -> None:
    eligibility.check_time(state, END, END - SECOND)


def test_a_suspended_round_has_not_ended_at_its_old_end() -> None:
    eligibility.check_time("suspended", END, END + SECOND)


@pytest.mark.parametrize(
    ("state", "at"),
    [("open", END), ("sold", END - SECOND), ("unsold", END - SECOND), ("withdrawn", END - SECOND)],
)
def test_registration_ends_with_the_bidding(state: str, at: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        eligibility.check_time(state, END, at)

    assert refusal.value.ground is Ground.REGISTRATION_CLOSED


def test_a_minor_waits_until_the_birthday() -> None:
    birthday = date(2026, 11, 21)

    eligibility.check_capacity(birthday, birthday)
    eligibility.check_capacity(None, birthday)
    with pytest.raises(Refused) as refusal:
        eligibility.check_capacity(birthday, birthday - timedelta(days=1))

    assert refusal.value.ground is Ground.NO_CAPACITY


def test_whoever_has_a_desk_here_may_not_bid() -> None:
    eligibility.check_office(works_here=False)

    with pytest.raises(Refused) as refusal:
        eligibility.check_office(works_here=True)

    assert refusal.value.ground is Ground.BARRED_OFFICE


@pytest.mark.parametrize(
    ("bar", "category", "ground"),
    [
        (Bar("office"), "vehicle", Ground.BARRED_OFFICE),
        (Bar("defaulter", lot=7), "vehicle", Ground.BARRED_DEFAULTER),
        (Bar("house"), "house", Ground.BARRED_HOUSE),
    ],
)
def test_barred_persons_are_refused_with_their_article(bar: Bar, category: str, ground: Ground) -> None:
    with pytest.raises(Refused) as refusal:
        eligibility.check_bars(frozenset({bar}), lot=7, category=category)

    assert refusal.value.ground is ground


@pytest.mark.parametrize(
    ("bar", "category"),
    [(Bar("defaulter", lot=8), "house"), (Bar("house"), "vehicle"), (Bar("office", lot=8), "house")],
)
def test_a_bar_from_another_lot_or_kind_does_not_touch_this_one(bar: Bar, category: str) -> None:
    eligibility.check_bars(frozenset({bar}), lot=7, category=category)


@pytest.mark.parametrize("ticked", [set(), {"a"}, {"a", "b", "c"}, {"a", "x"}])
def test_every_published_warning_must_be_ticked_in_its_words(ticked: set[str]) -> None:
    eligibility.check_warnings({"a", "b"}, {"a", "b"})

    with pytest.raises(Refused) as refusal:
        eligibility.check_warnings(ticked, {"a", "b"})

    assert refusal.value.ground is Ground.WARNINGS_UNREAD


def test_without_published_warnings_nobody_registers() -> None:
    with pytest.raises(Refused):
        eligibility.check_warnings(set(), set())
