"""The ledger: balanced, booked once, never changed, and it notices when a row lies."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from auction.models import Deposit, Posting, Transfer
from auction.rules.money import Money
from auction.services import ledger
from auction.services.ledger import Unbalanced, book
from auction.services.ledger_check import LedgerWrong, check_ledger
from tests.support import money
from tests.support.people import NOON, a_bidder, an_open_round, lin

pytestmark = pytest.mark.django_db

FIVE = Money(500)


def booked(key: str = "k", **postings: Money) -> Transfer:
    return book(key=key, memo="test", postings=postings or {"bank:court": -FIVE, "suspense": FIVE}, at=NOON)


def test_the_same_cause_is_booked_once() -> None:
    assert booked() == booked()

    assert ledger.balance("suspense") == FIVE


@pytest.mark.parametrize("postings", [{"suspense": FIVE}, {"suspense": FIVE, "bank:court": -Money(499)}])
def test_what_does_not_sum_to_zero_is_refused(postings: dict[str, Money]) -> None:
    with pytest.raises(Unbalanced):
        booked(**postings)

    assert not Posting.objects.exists()


def test_the_same_cause_with_other_postings_is_refused() -> None:
    booked()

    with pytest.raises(Unbalanced):
        book(key="k", memo="test", postings={"bank:court": -FIVE, "case:1": FIVE}, at=NOON)


def test_a_posting_cannot_be_changed_or_deleted() -> None:
    booked()

    for change in (lambda: Posting.objects.update(fen=1), lambda: Posting.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_deposit_without_money_is_noticed() -> None:
    a_bidder(an_open_round(), lin())

    with pytest.raises(LedgerWrong):
        check_ledger()


def test_an_account_cannot_be_overdrawn_unnoticed() -> None:
    booked(**{"suspense": -FIVE, "case:1": FIVE})

    with pytest.raises(LedgerWrong):
        check_ledger()


def test_the_command_says_whether_it_agrees() -> None:
    said = StringIO()
    call_command("check_ledger", stdout=said)
    a_bidder(an_open_round(), lin())

    assert "agrees" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("check_ledger", stdout=said)


def test_a_free_registration_moves_no_money() -> None:
    round = an_open_round(deposit_fen=0)
    money.a_registration(round, lin())

    check_ledger()

    assert Deposit.objects.get().state == "held"
    assert not Transfer.objects.exists()
