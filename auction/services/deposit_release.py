"""Deposits go where they belong when the bidding is over: back in a day (art. 23), or to the price (art. 25).

The row is the queue: whoever moves `retry_at` forward has it for that while; a killed worker's comes back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet

from auction.models import Deposit
from auction.payments.base import ProviderDown, ProviderRefuses
from auction.payments.stripe import provider
from auction.rules import deposit as rules
from auction.rules.deposit import Act, Rail, State
from auction.rules.lifecycle import State as RoundState
from auction.rules.money import Money
from auction.services import ledger
from auction.services.deposit_capture import apply
from auction.services.deposit_refresh import refresh
from auction.services.deposit_secured import locked, send_part_back, subject
from auction.services.payment_order import order

log = logging.getLogger(__name__)

AT_ONCE = 50
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
HOME = {Rail.HOLD: ledger.HOLDS, Rail.CHARGE: ledger.CARDS}


def release_due(at: datetime) -> int:
    """Release, lapse and apply what is due, one by one; a failure of one never stops the others.

    Return how many were settled.
    """
    over = Deposit.objects.filter(release_by__isnull=False)
    over.filter(state=State.HELD, late=False, release_by__lt=at).update(late=True)
    won = Deposit.objects.filter(bidder__round__leading=F("bidder"))
    sold = won.filter(state=State.HELD, bidder__round__state__in=(RoundState.SOLD, RoundState.CONFIRMED))
    settled = _each(over.filter(state=State.HELD), release, at)
    settled += _each(over.filter(state=State.DUE), lapse, at)
    return settled + _each(sold, apply, at)


def _each(due: QuerySet[Deposit], act: Callable[..., Deposit], at: datetime) -> int:
    ready = due.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=at)).order_by("pk")
    found = list(ready.values_list("pk", "attempts", "state")[:AT_ONCE])
    return sum(
        _one(partial(act, deposit_id=pk, at=at), state) for pk, tries, state in found if _claim(pk, tries, at)
    )


def _claim(pk: int, attempts: int, at: datetime) -> bool:
    """Take a row for a while that doubles with each attempt; only one worker gets it."""
    wait = min(FIRST_WAIT * 2 ** min(attempts, 10), LONGEST_WAIT)
    mine = Deposit.objects.filter(pk=pk, attempts=attempts)
    return mine.update(attempts=attempts + 1, retry_at=at + wait) == 1


def _one(act: Callable[[], Deposit], before: str) -> bool:
    try:
        return act().state != before
    except (ProviderDown, ProviderRefuses):
        log.warning("a deposit could not be settled yet", exc_info=True)
    except Exception:
        # One row that cannot be settled must not keep the others waiting; it comes again, later each time.
        log.exception("a deposit could not be settled")
    return False


def release(*, deposit_id: int, at: datetime) -> Deposit:
    """Give a deposit back: let the hold go, refund the charge, or order the bank to send it.

    :raises ProviderDown: if the provider cannot be asked now
    """
    deposit = Deposit.objects.get(pk=deposit_id)
    by_card = deposit.rail in HOME and deposit.state == State.HELD
    if by_card and not provider().release(deposit.payment, subject(deposit)):
        return deposit
    return _released(deposit_id, at)


@transaction.atomic
def _released(deposit_id: int, at: datetime) -> Deposit:
    round, deposit = locked(deposit_id)
    if deposit.state != State.HELD or deposit.release_by is None:
        return deposit
    amount = Money(deposit.amount_fen)
    deposit.state = rules.after(deposit.state, Act.RELEASE)
    deposit.settled_at, deposit.retry_at = at, None
    deposit.late = rules.is_late(deposit.release_by, at)
    key = f"{subject(deposit)}:released:{deposit.attempts}"
    postings = {ledger.deposits(round.pk): -amount, _home(deposit, amount, at): amount}
    ledger.book(key=key, memo="deposit released", postings=postings, at=at)
    deposit.save()
    return deposit


def _home(deposit: Deposit, amount: Money, at: datetime) -> str:
    """Return the account the money leaves to."""
    if deposit.rail == Rail.BANK:
        return ledger.outgoing(
            order(cause=subject(deposit), code=deposit.remittance_code, amount=amount, at=at).code
        )
    return HOME.get(Rail(deposit.rail), ledger.CARDS)


def lapse(*, deposit_id: int, at: datetime) -> Deposit:
    """Close what nobody paid in time; part payments by transfer are sent back.

    :raises ProviderDown: if the provider cannot be asked now
    """
    deposit = Deposit.objects.get(pk=deposit_id)
    if deposit.session:
        provider().close(deposit.session)
        # Who paid before the page was closed is found now, so that his money goes back.
        deposit = refresh(deposit_id=deposit_id, at=at)
    return _lapsed(deposit_id, at) if deposit.state == State.DUE else deposit


@transaction.atomic
def _lapsed(deposit_id: int, at: datetime) -> Deposit:
    _, deposit = locked(deposit_id)
    if deposit.state != State.DUE:
        return deposit
    deposit.state, deposit.settled_at = rules.after(deposit.state, Act.LAPSE), at
    send_part_back(deposit, at)
    deposit.save(update_fields=["state", "settled_at"])
    return deposit
