"""Does the ledger agree with the rows? The tests ask after each act, `manage.py check_ledger` any day."""

from __future__ import annotations

from django.db.models import F, Sum

from auction.models import Balance, Deposit, DepositState, Posting, Transfer
from auction.services import ledger


class LedgerWrong(AssertionError):
    """Money was lost or made."""


def check_ledger() -> None:
    """Check that every transfer balances, held deposits are what the ledger owes, and nothing is overdrawn.

    :raises LedgerWrong: naming what disagrees
    """
    unbalanced = (
        Transfer.objects.annotate(total=Sum("postings__fen")).exclude(total=0).filter(total__isnull=False)
    )
    _require(not unbalanced.exists(), "transfers that do not balance")
    for round_id in Deposit.objects.values_list("bidder__round_id", flat=True).distinct():
        _check_round(round_id)
    _check_overdrawn()
    more = Balance.objects.filter(received_fen__gt=F("amount_fen"))
    _require(not more.exists(), "balances with more received than owed")


def _check_round(round_id: int) -> None:
    rows = Deposit.objects.filter(bidder__round_id=round_id, state=DepositState.HELD)
    held = rows.aggregate(total=Sum("amount_fen"))["total"] or 0
    _require(ledger.balance(ledger.deposits(round_id)).fen == held, f"deposits held in round {round_id}")


def _check_overdrawn() -> None:
    totals = Posting.objects.values("account").annotate(total=Sum("fen"))
    for row in totals:
        mirror = row["account"] in (ledger.HOLDS, ledger.CARDS, ledger.BANK)
        _require(mirror or row["total"] >= 0, f"{row['account']} is overdrawn")


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise LedgerWrong(what)
