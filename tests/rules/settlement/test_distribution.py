"""Distribution: the order of law.md 1.11, its vector, and exactness to the fen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.rules.money import ZERO, Money, yuan
from enforcement.rules.distribution import (
    ORDER,
    Among,
    Due,
    Line,
    Step,
    distribute,
    due,
    ordinary,
    pro_rata,
    secured,
)
from enforcement.rules.fees import execution_fee

fen = st.integers(0, 10**11)
amounts = st.builds(Money, fen)


STEPS = st.sampled_from([Step.COST, Step.FEE, Step.RESERVE, Step.TAX, Step.INTEREST])
TIES = st.sampled_from(["construction", "mortgage", "pledge"])
# Each waits for its key. Strategies made anew for every example take three times as long as the examples.
PLAIN = st.builds(lambda step, asked: lambda key: due(key, step, asked), STEPS, amounts)
TIED = st.builds(lambda *said: lambda key: secured(key, *said), TIES, amounts, st.integers(1, 3))
COMMON = st.builds(
    lambda *said: lambda key: ordinary(key, *said), amounts, st.sampled_from(Among), st.integers(1, 3)
)


def dues() -> st.SearchStrategy[list[Due]]:
    """Draw dues of every kind, in any order."""
    return st.lists(PLAIN | TIED | COMMON, max_size=8).map(
        lambda waiting: [make(str(number)) for number, make in enumerate(waiting)]
    )


def given_to(lines: list[Line]) -> dict[str, Money]:
    """Return what each key is given."""
    return {line.due.key: line.given for line in lines}


def the_vector() -> list[Due]:
    """Return the claims of law.md 1.11's example: a flat sold for three million."""
    return [
        due("costs", Step.COST, yuan(15_000)),
        due("fee", Step.FEE, execution_fee(yuan(3_000_000))),
        secured("bank", "mortgage", yuan(1_500_000), 1),
        ordinary("first", yuan(1_000_000), Among.PRO_RATA, 1),
        ordinary("second", yuan(500_000), Among.PRO_RATA, 2),
        ordinary("third", yuan(500_000), Among.PRO_RATA, 3),
    ]


def test_the_vector_gives_ordinary_claims_72_63_percent() -> None:
    paid = given_to(distribute(yuan(3_000_000), the_vector(), "debtor"))

    assert paid["costs"] == yuan(15_000)
    assert paid["fee"] == yuan(32_400)
    assert paid["bank"] == yuan(1_500_000)
    assert [paid[key] for key in ("first", "second", "third")] == [
        yuan(726_300),
        yuan(363_150),
        yuan(363_150),
    ]
    assert paid["debtor"] == ZERO


def test_an_enterprise_pays_ordinary_claims_in_the_order_of_seizure() -> None:
    claims = [
        ordinary("late", yuan(900), Among.BY_SEIZURE, 2),
        ordinary("early", yuan(800), Among.BY_SEIZURE, 1),
    ]

    paid = given_to(distribute(yuan(1_000), claims, "debtor"))

    assert paid == {"early": yuan(800), "late": yuan(200), "debtor": ZERO}


def test_the_construction_price_goes_before_an_older_mortgage() -> None:
    claims = [secured("bank", "mortgage", yuan(900), 1), secured("builder", "construction", yuan(400), 5)]

    paid = given_to(distribute(yuan(1_000), claims, "debtor"))

    assert paid == {"builder": yuan(400), "bank": yuan(600), "debtor": ZERO}


def test_doubled_interest_waits_for_every_title_debt_and_the_debtor_for_all() -> None:
    claims = [due("interest", Step.INTEREST, yuan(50)), ordinary("lender", yuan(100), Among.PRO_RATA, 1)]

    assert given_to(distribute(yuan(120), claims, "debtor"))["interest"] == yuan(20)
    assert given_to(distribute(yuan(170), claims, "debtor"))["debtor"] == yuan(20)


def test_the_last_fen_goes_to_the_largest_remainder() -> None:
    assert pro_rata(Money(99), [Money(500), Money(300), Money(200)]) == [Money(49), Money(30), Money(20)]


def test_of_equal_remainders_the_one_listed_first_is_favoured() -> None:
    assert pro_rata(Money(100), [Money(300), Money(300), Money(200)]) == [Money(38), Money(37), Money(25)]


@given(amounts, dues())
def test_the_lines_sum_to_the_proceeds_and_none_is_negative_or_over_what_was_asked(
    proceeds: Money, claims: list[Due]
) -> None:
    lines = distribute(proceeds, claims, "debtor")

    assert sum((line.given for line in lines), ZERO) == proceeds
    assert all(ZERO <= line.given <= line.due.asked for line in lines)


@given(amounts, dues())
def test_nobody_is_paid_before_everybody_of_an_earlier_turn_is_paid_in_full(
    proceeds: Money, claims: list[Due]
) -> None:
    lines = distribute(proceeds, claims, "debtor")

    for one, next_one in pairwise(lines):
        if one.due.turn < next_one.due.turn and next_one.given:
            assert one.given == one.due.asked


@given(amounts, amounts, dues())
def test_more_proceeds_never_leave_a_turn_with_less(proceeds: Money, more: Money, claims: list[Due]) -> None:
    less = distribute(proceeds, claims, "debtor")
    richer = distribute(proceeds + more, claims, "debtor")

    for turn in {line.due.turn for line in less}:
        totals = [
            sum((line.given for line in lines if line.due.turn == turn), ZERO) for lines in (less, richer)
        ]
        assert totals[0] <= totals[1]


@given(amounts, st.lists(amounts, min_size=2, max_size=8))
def test_a_larger_claim_never_gets_less_than_a_smaller_one(amount: Money, asked: list[Money]) -> None:
    parts = pro_rata(amount, asked)

    ranked = sorted(zip(asked, parts, strict=True), key=lambda pair: (pair[0], pair[1]))
    assert all(a[1] <= b[1] for a, b in pairwise(ranked))


@pytest.mark.parametrize("step", [step for step in ORDER if step not in (Step.PRIORITY, Step.ORDINARY)])
def test_a_line_carries_its_article(step: Step) -> None:
    assert str(due("any", step, yuan(1)).article)


def test_the_order_is_the_order_of_the_law() -> None:
    assert [step.value for step in ORDER] == [
        "cost", "fee", "reserve", "tax", "priority", "ordinary", "interest", "surplus",
    ]  # fmt: skip
