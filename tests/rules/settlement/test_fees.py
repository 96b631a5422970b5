"""The execution fee: the vectors of law.md 1.11, and that it never falls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.rules.money import ZERO, Money, yuan
from enforcement.rules.fees import amount_executed, execution_fee


@pytest.mark.parametrize(
    ("executed", "fee"),
    [
        (0, 0),
        (1, 50),
        (8_000, 50),
        (10_000, 50),
        (100_000, 1_400),
        (500_000, 7_400),
        (1_000_000, 12_400),
        (3_000_000, 32_400),
        (5_000_000, 52_400),
        (10_000_000, 77_400),
        (20_000_000, 87_400),
    ],
)
def test_the_fee_follows_the_scale(executed: int, fee: int) -> None:
    assert execution_fee(yuan(executed)) == yuan(fee)


def test_part_of_a_fen_is_not_charged() -> None:
    assert execution_fee(Money(1_000_067)) == Money(5_001)
    assert execution_fee(Money(1_000_066)) == Money(5_000)


@given(st.integers(0, 10**12), st.integers(0, 10**9))
def test_more_executed_never_costs_less(executed: int, more: int) -> None:
    assert execution_fee(Money(executed + more)) >= execution_fee(Money(executed))


def test_no_fee_is_charged_on_what_goes_back_to_the_debtor() -> None:
    assert amount_executed(yuan(3_000_000), yuan(1_000_000)) == yuan(1_000_000)
    assert amount_executed(yuan(3_000_000), yuan(3_500_000)) == yuan(3_000_000)
    assert amount_executed(yuan(3_000_000), ZERO) == ZERO
