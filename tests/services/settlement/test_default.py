"""A purchaser who does not pay loses the deposit and may not bid again (art. 24)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from auction.models import Barred, Deposit, DepositState, Round, RoundState
from auction.rules.money import ZERO, Money
from auction.services import ledger
from auction.services.ledger_check import check_ledger
from enforcement.models import CaseEvent
from enforcement.rules.release import Hindrance, NotYet
from enforcement.services.default_find import find_default
from enforcement.services.follow import follow_due
from tests.support import sales

pytestmark = pytest.mark.django_db

OVERDUE = sales.CLOSED + timedelta(days=11)


def test_the_deposit_is_kept_and_the_purchaser_barred() -> None:
    listing = sales.demanded()

    find_default(listing_id=listing.pk, reason="逾期未付款", at=OVERDUE)

    round = Round.objects.get()
    assert round.state == RoundState.DEFAULTED
    assert Deposit.objects.get().state == DepositState.FORFEITED
    assert ledger.balance(ledger.forfeited(round.pk)) == Money(round.deposit_fen)
    assert Barred.objects.get().lot == round.lot
    check_ledger()


def test_on_the_last_day_the_purchaser_may_still_pay() -> None:
    listing = sales.demanded()

    with pytest.raises(NotYet) as refusal:
        find_default(listing_id=listing.pk, reason="", at=OVERDUE - timedelta(days=1))

    assert refusal.value.hindrance is Hindrance.STILL_TIME
    assert Round.objects.get().state == RoundState.CONFIRMED


def test_who_paid_is_not_in_default() -> None:
    listing = sales.paid()

    with pytest.raises(NotYet) as refusal:
        find_default(listing_id=listing.pk, reason="", at=OVERDUE)

    assert refusal.value.hindrance is Hindrance.PAID_ALREADY


def test_found_twice_it_is_one_default_and_the_case_says_why() -> None:
    listing = sales.demanded()
    find_default(listing_id=listing.pk, reason="逾期未付款", at=OVERDUE)
    find_default(listing_id=listing.pk, reason="逾期未付款", at=OVERDUE)

    follow_due(OVERDUE)

    assert CaseEvent.objects.get(kind="defaulted").facts["reason"] == "逾期未付款"
    assert ledger.balance(ledger.price(Round.objects.get().pk)) == ZERO
