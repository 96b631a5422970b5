"""The clocks after the sale, with the roll over holidays."""

from __future__ import annotations

from datetime import date

import pytest

from enforcement.rules import deadlines_after_sale as deadlines


def test_the_ruling_is_served_within_ten_days_of_payment() -> None:
    assert deadlines.serve_ruling_by(date(2026, 6, 1)) == date(2026, 6, 11)


def test_the_property_is_handed_over_within_fifteen_days_of_service() -> None:
    assert deadlines.hand_over_by(date(2026, 6, 1)) == date(2026, 6, 16)


def test_the_second_auction_opens_within_thirty_days() -> None:
    assert deadlines.auction_again_by(date(2026, 4, 14)) == date(2026, 5, 14)


def test_a_plan_served_on_1_june_may_be_objected_to_until_16_june() -> None:
    assert deadlines.object_by(date(2026, 6, 1)) == date(2026, 6, 16)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 9, 21), 10, date(2026, 10, 8)),  # 1–7 October is National Day
        (date(2026, 5, 22), 15, date(2026, 6, 8)),  # 6 June is a Saturday
        (date(2026, 4, 29), 10, date(2026, 5, 9)),  # a Saturday made a working day
        (date(2031, 3, 1), 7, date(2031, 3, 10)),  # a year whose holidays are not yet known: weekends alone
    ],
)
def test_a_period_that_ends_on_a_day_off_rolls_to_the_next_working_day(
    start: date, days: int, last: date
) -> None:
    assert deadlines.last_day(start, days) == last


def test_case_funds_are_paid_out_within_thirty_days() -> None:
    assert deadlines.pay_out_by(date(2026, 6, 1)) == date(2026, 7, 1)
