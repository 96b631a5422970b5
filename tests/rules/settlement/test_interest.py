"""The doubled part of the interest for delayed performance."""

from __future__ import annotations

from datetime import date

import pytest

from auction.rules.money import ZERO, Money, yuan
from enforcement.rules.interest import days_of_delay, doubled, doubled_until

ENDED = date(2026, 1, 1)


def test_a_million_for_a_hundred_days_bears_17500() -> None:
    assert doubled(yuan(1_000_000), 100) == yuan(17_500)


def test_part_of_a_fen_is_not_charged() -> None:
    assert doubled(Money(5_714), 1) == ZERO
    assert doubled(Money(5_715), 1) == Money(1)


def test_the_day_on_which_the_period_ends_does_not_count() -> None:
    assert days_of_delay(ENDED, date(2026, 1, 2)) == 1
    assert days_of_delay(ENDED, ENDED) == 0


def test_days_of_a_stay_the_debtor_did_not_ask_for_do_not_count() -> None:
    assert days_of_delay(ENDED, date(2026, 4, 11), stayed=30) == 70


@pytest.mark.parametrize(
    ("principal", "until"), [(ZERO, date(2027, 1, 1)), (yuan(1_000_000), date(2025, 1, 1))]
)
def test_no_debt_or_no_delay_bears_nothing(principal: Money, until: date) -> None:
    assert doubled_until(principal, ENDED, until) == ZERO


def test_interest_runs_to_the_ruling() -> None:
    assert doubled_until(yuan(1_000_000), ENDED, date(2026, 4, 11)) == yuan(17_500)
