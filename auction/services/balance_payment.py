"""The purchaser pays the balance by card, where it is small enough; a bank transfer always does."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from auction.models import Balance, Round, RoundState
from auction.payments.base import Ask, Seen, Where
from auction.payments.stripe import provider
from auction.rules.deposit import Rail, rails
from auction.rules.grounds import Ground, Refused
from auction.rules.money import Money
from auction.services import ledger
from auction.services.balance import receive, subject
from auction.services.deposit_payment import Urls

POLL = timedelta(minutes=10)


def owed(balance: Balance) -> Money:
    """Return what is still owed."""
    return Money(balance.amount_fen - balance.received_fen)


def by_card(balance: Balance, at: datetime) -> bool:
    """Return whether the card provider takes what is owed in one payment."""
    return Rail.CHARGE in rails(owed(balance), at + timedelta(days=365), at)


def start_balance(*, balance: Balance, urls: Urls, at: datetime) -> str:
    """Return the address of the page where the balance is paid.

    :raises Refused: if nothing is owed, or more than a card can pay, or the court has found a default
    :raises ProviderDown: if the provider cannot be asked now
    """
    if balance.session:
        balance = refresh_balance(balance_id=balance.pk, at=at)
    if balance.round.state != RoundState.CONFIRMED or not by_card(balance, at):
        raise Refused(Ground.WRONG_STATE, state=balance.state)
    provides = provider()
    if balance.session and (seen := provides.look_up(balance.session)).session_open:
        return seen.url
    ask = Ask(
        subject=subject(balance),
        attempt=balance.asked + 1,
        amount=owed(balance),
        title=urls.title,
        back=urls.back,
        cancel=urls.cancel,
        language=urls.language,
    )
    page = provides.charge(ask)
    due = Balance.objects.filter(pk=balance.pk, asked=balance.asked)
    due.update(session=page.session, asked=balance.asked + 1, retry_at=at + POLL)
    return page.url


def refresh_balance(*, balance_id: int, at: datetime) -> Balance:
    """Look a balance's payment up and book it if it was paid.

    :raises ProviderDown: if the provider cannot be asked now
    """
    balance = Balance.objects.get(pk=balance_id)
    if not balance.session or balance.payment:
        return balance
    seen = provider().look_up(balance.session)
    if seen.where is Where.PAID and seen.subject == subject(balance):
        return _received(balance_id, seen, at)
    again = at + POLL if seen.session_open else None
    Balance.objects.filter(pk=balance_id).update(retry_at=again)
    return balance


@transaction.atomic
def _received(balance_id: int, seen: Seen, at: datetime) -> Balance:
    Round.objects.select_for_update(of=("self",)).get(balance=balance_id)
    balance = Balance.objects.select_for_update(of=("self",)).get(pk=balance_id)
    if balance.payment == seen.payment:
        return balance
    key = f"{subject(balance)}:card:{seen.payment}"
    receive(balance_id=balance_id, amount=seen.amount, source=ledger.CARDS, key=key, at=at)
    Balance.objects.filter(pk=balance_id).update(payment=seen.payment, retry_at=None, session="")
    balance.refresh_from_db()
    return balance
