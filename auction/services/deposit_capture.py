"""A hold is taken: early where it would not outlast the round, or when its bidder has won (art. 25)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from auction.models import Deposit
from auction.payments.stripe import provider
from auction.rules import deposit as rules
from auction.rules.deposit import Act, Rail, State
from auction.rules.money import Money
from auction.services import ledger
from auction.services.deposit_secured import locked, subject


def capture(*, deposit_id: int, at: datetime) -> Deposit:
    """Turn a hold into a charge, at the provider and then in the ledger; a charge stays what it is.

    :raises ProviderDown: if the provider cannot be asked now
    :raises ProviderRefuses: if the hold is gone
    """
    deposit = Deposit.objects.get(pk=deposit_id)
    if deposit.rail != Rail.HOLD or deposit.state != State.HELD:
        return deposit
    provider().apply(deposit.payment, Money(deposit.amount_fen))
    return _captured(deposit_id, at)


@transaction.atomic
def _captured(deposit_id: int, at: datetime) -> Deposit:
    _, deposit = locked(deposit_id)
    if deposit.rail == Rail.HOLD and deposit.state == State.HELD:
        amount = Money(deposit.amount_fen)
        postings = {ledger.HOLDS: amount, ledger.CARDS: -amount}
        ledger.book(key=f"{subject(deposit)}:captured", memo="hold taken", postings=postings, at=at)
        deposit.rail, deposit.capture_before = Rail.CHARGE, None
        deposit.save(update_fields=["rail", "capture_before"])
    return deposit


def apply(*, deposit_id: int, at: datetime) -> Deposit:
    """Count the purchaser's deposit to the price (arts. 23, 25).

    :raises ProviderDown: if the provider cannot be asked now
    :raises ProviderRefuses: if the hold is gone
    """
    capture(deposit_id=deposit_id, at=at)
    return _applied(deposit_id, at)


@transaction.atomic
def _applied(deposit_id: int, at: datetime) -> Deposit:
    round, deposit = locked(deposit_id)
    won = round.state in ("sold", "confirmed", "defaulted") and round.leading_id == deposit.bidder_id
    if not won or deposit.state == State.APPLIED:
        return deposit
    amount = Money(deposit.amount_fen)
    deposit.state, deposit.settled_at = rules.after(deposit.state, Act.APPLY), at
    deposit.late = rules.is_late(rules.settle_by(round.closes_at), at)
    postings = {ledger.deposits(round.pk): -amount, ledger.price(round.pk): amount}
    ledger.book(key=f"{subject(deposit)}:applied", memo="deposit applied", postings=postings, at=at)
    deposit.save(update_fields=["state", "settled_at", "late"])
    return deposit
