"""The deposit: how much, by which rail, where it may go, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from auction.rules import deposit
from auction.rules.deposit import Act, Rail, State
from auction.rules.grounds import Refused
from auction.rules.money import ZERO, Money, yuan

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("claim", "due"),
    [
        (None, yuan(5_000)),
        (ZERO, yuan(5_000)),
        (yuan(4_999, 99), Money(1)),
        (yuan(5_000), ZERO),
        (yuan(9_000), ZERO),
    ],
)
def test_an_applicant_pays_what_his_claim_leaves_open(claim: Money | None, due: Money) -> None:
    assert deposit.required(yuan(5_000), claim) == due


@pytest.mark.parametrize(
    ("closes_in", "card"),
    [(DAY, Rail.HOLD), (5 * DAY, Rail.HOLD), (5.5 * DAY, Rail.CHARGE), (30 * DAY, Rail.CHARGE)],
)
def test_a_hold_is_offered_only_if_it_outlasts_the_round(closes_in: timedelta, card: Rail) -> None:
    assert deposit.rails(yuan(5_000), NOW + closes_in, NOW) == (card, Rail.BANK)


@pytest.mark.parametrize(
    ("amount", "rails"),
    [
        (yuan(999_999, 99), (Rail.HOLD, Rail.BANK)),
        (yuan(1_000_000), (Rail.BANK,)),
        (yuan(4), (Rail.HOLD, Rail.BANK)),
        (yuan(3, 99), (Rail.BANK,)),
        (ZERO, (Rail.EXEMPT,)),
    ],
)
def test_a_card_takes_eight_digits_at_most(amount: Money, rails: tuple[Rail, ...]) -> None:
    assert deposit.rails(amount, NOW + DAY, NOW) == rails


@pytest.mark.parametrize(
    ("state", "act", "then"),
    [
        ("due", Act.SECURE, State.HELD),
        ("held", Act.RELEASE, State.RELEASED),
        ("held", Act.APPLY, State.APPLIED),
        ("applied", Act.FORFEIT, State.FORFEITED),
        ("released", Act.BOUNCE, State.HELD),
    ],
)
def test_a_deposit_moves_by_its_table(state: str, act: Act, then: State) -> None:
    assert deposit.after(state, act) is then


@pytest.mark.parametrize(
    ("state", "act"), list(product(["released", "applied", "forfeited", "lapsed"], [Act.RELEASE, Act.SECURE]))
)
def test_money_that_has_gone_does_not_go_again(state: str, act: Act) -> None:
    with pytest.raises(Refused):
        deposit.after(state, act)


def test_a_deposit_must_be_back_within_a_day() -> None:
    by = deposit.settle_by(NOW)

    assert by == NOW + DAY
    assert not deposit.is_late(by, by)
    assert deposit.is_late(by, by + timedelta(microseconds=1))
