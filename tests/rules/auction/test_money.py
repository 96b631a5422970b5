"""Money in whole fen, as people write it and as courts write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.rules.money import LARGEST_FEN, Money, NotMoney, capitals, parse, yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("1", 100),
        ("1.5", 150),
        ("1,234.56", 123456),
        (" ¥ 700,000.00 ", 70_000_000),
        ("9244399.94", 924439994),
    ],
)
def test_parse_reads_yuan_with_at_most_two_decimals(text: str, fen: int) -> None:
    assert parse(text) == Money(fen)


@pytest.mark.parametrize(
    "text", ["", "-1", "1.234", "1,23", "1e5", "١٢", "NaN", "90071992547409.92", "1.", ".5"]
)
def test_parse_refuses_what_is_not_an_amount(text: str) -> None:
    with pytest.raises(NotMoney):
        parse(text)


@given(st.integers(0, LARGEST_FEN))
def test_what_is_shown_can_be_parsed_again(fen: int) -> None:
    assert parse(str(Money(fen))) == Money(fen)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (10, "壹角整"),
        (105, "壹元零伍分"),
        (150, "壹元伍角整"),
        (1_000_000, "壹万元整"),
        (168_003_258, "壹佰陆拾捌万零叁拾贰元伍角捌分"),
        (10_002_000_300, "壹亿零贰万零叁元整"),
        (200_500_000_000, "贰拾亿零伍佰万元整"),
        (1_234_567_890_123, "壹佰贰拾叁亿肆仟伍佰陆拾柒万捌仟玖佰零壹元贰角叁分"),
    ],
)
def test_capitals_write_the_amount_as_on_a_cheque(fen: int, text: str) -> None:
    assert capitals(Money(fen)) == text


def test_a_share_is_rounded_down_to_the_fen() -> None:
    assert yuan(100).share(1, 3) == Money(3333)


@given(st.integers(-LARGEST_FEN, LARGEST_FEN), st.integers(-LARGEST_FEN, LARGEST_FEN))
def test_sums_are_exact(one: int, other: int) -> None:
    assert Money(one) + Money(other) - Money(other) == Money(one)
