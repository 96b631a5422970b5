"""The court finds the purchaser in default: the deposit is lost, and he may not bid again (art. 24)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from auction.documents import day_of
from auction.models import Balance, Deposit, DepositState, Round
from auction.services.defaulting import declare_default
from auction.services.deposit_forfeit import forfeit
from auction.services.seals import StillClosed
from enforcement.models import Listing
from enforcement.rules.release import Hindrance, NotYet, in_default


def find_default(*, listing_id: int, reason: str, at: datetime) -> Deposit:
    """End the sale in default and keep the deposit; a purchaser exempt from one has none to lose.

    The declaration stands even where a card hold cannot be taken now; asked again, only the deposit is done.

    :raises NotYet: if the price is paid, its last day has not passed, or the seal cannot be opened now
    :raises ProviderDown: if the deposit is still a hold and the provider cannot be asked now
    """
    round = _declared(listing_id, reason, at)
    deposit = Deposit.objects.get(bidder=round.leading)
    if deposit.state == DepositState.FORFEITED:
        return deposit
    try:
        return forfeit(deposit_id=deposit.pk, at=at)
    except StillClosed as fault:
        raise NotYet(Hindrance.STILL_SEALED) from fault


@transaction.atomic
def _declared(listing_id: int, reason: str, at: datetime) -> Round:
    listing = Listing.objects.select_for_update(of=("self",)).get(pk=listing_id)
    balance = Balance.objects.select_related("round").filter(round=listing.round).first()
    due_on = balance.due_on if balance else None
    in_default(due_on, bool(balance and balance.state == Balance.State.PAID), day_of(at))
    assert balance
    if balance.round.state != "defaulted":
        declare_default(round_id=balance.round.pk, reason=reason, at=at)
    return Round.objects.get(pk=balance.round.pk)
