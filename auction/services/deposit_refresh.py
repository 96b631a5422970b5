"""The provider is asked where a deposit is; its answer is compared with our row, which moves forward only."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from auction.models import Deposit
from auction.payments.base import Seen, Where
from auction.payments.stripe import provider
from auction.rules import deposit as rules
from auction.rules.deposit import Act, Rail, State
from auction.rules.money import Money
from auction.services import ledger
from auction.services.deposit_secured import locked, secure_by_card, subject

log = logging.getLogger(__name__)

POLL = timedelta(minutes=10)


def refresh(*, deposit_id: int, at: datetime) -> Deposit:
    """Look a deposit's payment up and do what follows from it.

    :raises ProviderDown: if the provider cannot be asked now
    """
    deposit = Deposit.objects.select_related("bidder").get(pk=deposit_id)
    if not deposit.session:
        return deposit
    seen = provider().look_up(deposit.session)
    if deposit.state == State.DUE:
        return _due(deposit, seen, at)
    if seen.where in (Where.HELD, Where.PAID) and seen.payment != deposit.payment:
        # Somebody paid a second time: that payment never counts and goes straight back.
        provider().release(seen.payment, f"{subject(deposit)}:double")
    return _settled(deposit, seen, at)


def _due(deposit: Deposit, seen: Seen, at: datetime) -> Deposit:
    if seen.where in (Where.HELD, Where.PAID):
        return secure_by_card(deposit_id=deposit.pk, seen=seen, at=at)
    deposit.retry_at = at + POLL if seen.session_open else None
    Deposit.objects.filter(pk=deposit.pk, state=State.DUE).update(retry_at=deposit.retry_at)
    return deposit


def _settled(deposit: Deposit, seen: Seen, at: datetime) -> Deposit:
    if deposit.state == State.RELEASED and seen.where is Where.PAID and seen.payment == deposit.payment:
        return bounce(deposit_id=deposit.pk, at=at)
    if deposit.state == State.HELD and deposit.rail == Rail.HOLD and seen.where is Where.GONE:
        return lose(deposit_id=deposit.pk, at=at)
    return deposit


@transaction.atomic
def bounce(*, deposit_id: int, at: datetime) -> Deposit:
    """Take a refund back into the queue that the bidder's bank did not accept."""
    round, deposit = locked(deposit_id)
    if deposit.state != State.RELEASED:
        return deposit
    amount = Money(deposit.amount_fen)
    deposit.state = rules.after(deposit.state, Act.BOUNCE)
    deposit.settled_at, deposit.retry_at = None, at
    postings = {ledger.CARDS: -amount, ledger.deposits(round.pk): amount}
    key = f"{subject(deposit)}:bounced:{deposit.attempts}"
    ledger.book(key=key, memo="refund came back", postings=postings, at=at)
    deposit.save()
    return deposit


@transaction.atomic
def lose(*, deposit_id: int, at: datetime) -> Deposit:
    """Write off a hold that the card's bank let go: the bidder is no longer qualified."""
    round, deposit = locked(deposit_id)
    if deposit.state != State.HELD:
        return deposit
    log.error("deposit %s: its hold was lost", deposit.pk)
    amount = Money(deposit.amount_fen)
    deposit.state, deposit.settled_at = rules.after(deposit.state, Act.LAPSE), at
    postings = {ledger.HOLDS: amount, ledger.deposits(round.pk): -amount}
    ledger.book(key=f"{subject(deposit)}:lost", memo="hold lost", postings=postings, at=at)
    deposit.save()
    if round.leading_id != deposit.bidder_id:
        deposit.bidder.qualified_at = None
        deposit.bidder.save(update_fields=["qualified_at"])
    return deposit
