"""A defaulter loses his deposit and may not bid for this lot again (art. 24)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from auction.models import Barred, Deposit, Round
from auction.models.sealing import number_hash
from auction.rules import deposit as rules
from auction.rules.deposit import Act, State
from auction.rules.grounds import Ground, Refused
from auction.rules.lifecycle import State as RoundState
from auction.rules.money import Money
from auction.services import ledger, seals
from auction.services.deposit_capture import apply
from auction.services.deposit_secured import locked, subject


def forfeit(*, deposit_id: int, at: datetime) -> Deposit:
    """Keep the deposit of a purchaser whom the court found in default, and bar him by his number.

    :raises Refused: if the round is not in default
    :raises ProviderDown: if a hold must be taken first and the provider cannot be asked now
    :raises StillClosed: if the seal cannot be opened now
    """
    apply(deposit_id=deposit_id, at=at)
    return _forfeited(deposit_id, at)


@transaction.atomic
def _forfeited(deposit_id: int, at: datetime) -> Deposit:
    round, deposit = locked(deposit_id)
    if round.state != RoundState.DEFAULTED or round.leading_id != deposit.bidder_id:
        raise Refused(Ground.WRONG_STATE, state=round.state)
    if deposit.state == State.FORFEITED:
        return deposit
    amount = Money(deposit.amount_fen)
    deposit.state, deposit.settled_at = rules.after(deposit.state, Act.FORFEIT), at
    postings = {ledger.price(round.pk): -amount, ledger.forfeited(round.pk): amount}
    ledger.book(key=f"{subject(deposit)}:forfeited", memo="deposit forfeited", postings=postings, at=at)
    deposit.save(update_fields=["state", "settled_at"])
    _bar(round, at)
    return deposit


def _bar(round: Round, at: datetime) -> None:
    purchaser = seals.purchaser(round, "default", at=at).identity
    Barred.objects.get_or_create(
        number_hash=number_hash(purchaser.number),
        why=Barred.Why.DEFAULTER,
        lot=round.lot,
        defaults={"reason": f"round {round.pk}", "at": at},
    )
