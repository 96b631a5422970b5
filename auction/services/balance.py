"""The purchaser owes what his deposit leaves open, by the announced day (art. 25)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from auction import record
from auction.models import Balance, Deposit, Round, RoundState
from auction.rules import codes
from auction.rules.deposit import State
from auction.rules.grounds import Ground, Refused
from auction.rules.money import ZERO, Money
from auction.services import ledger

BEIJING = ZoneInfo("Asia/Shanghai")


@transaction.atomic
def demand(*, round_id: int, at: datetime) -> Balance:
    """Demand the balance once: price less deposit, due so many days after the end, under a remittance code.

    :raises Refused: if the sale is not confirmed, or the deposit not yet applied
    """
    round = Round.objects.select_for_update(of=("self",)).select_related("lot", "leading").get(pk=round_id)
    if made := Balance.objects.filter(round=round).first():
        return made
    if round.state != RoundState.CONFIRMED or round.leading is None or round.price_fen is None:
        raise Refused(Ground.WRONG_STATE, state=round.state)
    deposit = Deposit.objects.get(bidder=round.leading)
    if deposit.state != State.APPLIED:
        raise Refused(Ground.WRONG_STATE, state=deposit.state)
    owed = Money(round.price_fen - deposit.amount_fen)
    balance = Balance.objects.create(
        round=round,
        bidder=round.leading,
        amount_fen=max(ZERO, owed).fen,
        due_on=round.closes_at.astimezone(BEIJING).date() + timedelta(days=round.balance_days),
        remittance_code=codes.remittance_code(),
    )
    _close_if_paid(round, balance, at)
    return balance


def receive(*, balance_id: int, amount: Money, source: str, key: str, at: datetime) -> Money:
    """Book what came for a balance, inside the caller's transaction; return what was too much (in suspense).

    When nothing is owed any more the price goes to the case's funds and the record says "paid". After the
    court has found a default (art. 24) nothing counts any more: all that comes is too much.
    """
    round_id = Balance.objects.values_list("round_id", flat=True).get(pk=balance_id)
    round = Round.objects.select_for_update(of=("self",)).select_related("lot").get(pk=round_id)
    balance = Balance.objects.select_for_update(of=("self",)).get(pk=balance_id)
    owed = Money(balance.amount_fen - balance.received_fen)
    counted = min(amount, owed) if round.state == RoundState.CONFIRMED else ZERO
    excess = amount - counted
    postings = {source: -amount, ledger.price(round.pk): counted, ledger.SUSPENSE: excess}
    ledger.book(key=key, memo="balance received", postings=postings, at=at)
    balance.received_fen += counted.fen
    _close_if_paid(round, balance, at)
    balance.save()
    return excess


def subject(balance: Balance) -> str:
    """Return the name under which the provider knows this balance."""
    return f"balance:{balance.remittance_code}"


def _close_if_paid(round: Round, balance: Balance, at: datetime) -> None:
    if balance.received_fen < balance.amount_fen or balance.state == Balance.State.PAID:
        return
    balance.state, balance.paid_at = Balance.State.PAID, at
    balance.save(update_fields=["state", "paid_at"])
    price = ledger.balance(ledger.price(round.pk))
    postings = {ledger.price(round.pk): -price, ledger.case(round.lot.case_number): price}
    ledger.book(key=f"{subject(balance)}:paid", memo="price paid", postings=postings, at=at)
    record.append(round, "note", {"about": "paid", "price": round.price_fen}, at=at)
