"""A bidder begins to pay his deposit, on the provider's own page or by bank transfer (art. 17¶2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from auction.models import Bidder, Deposit
from auction.payments.base import Ask, CardProvider, Page
from auction.payments.stripe import provider
from auction.rules import deposit as rules
from auction.rules import eligibility
from auction.rules.deposit import Rail, State
from auction.rules.grounds import Ground, Refused
from auction.rules.money import Money
from auction.services.deposit_refresh import refresh
from auction.services.deposit_secured import subject

LOOK_AGAIN = timedelta(minutes=2)


@dataclass(frozen=True)
class Urls:
    """Where the payer goes from the payment page, and what it is called there, in his language."""

    back: str
    cancel: str
    title: str
    language: str


def start_payment(*, bidder: Bidder, rail: str, urls: Urls, at: datetime) -> str:
    """Return where the bidder pays; a page he opened before is used again, or closed if he changed his mind.

    The provider is asked outside any transaction; its idempotency key makes two askers get one page.

    :raises Refused: if nothing is due, it is too late, or this rail is not for this deposit
    :raises ProviderDown: if the provider cannot be asked now
    """
    deposit = bidder.deposit
    _check(deposit, Rail(rail), at)
    provides = provider()
    if deposit.session and (url := _reuse(provides, deposit, rail, urls, at)):
        return url
    if rail == Rail.BANK:
        Deposit.objects.filter(pk=deposit.pk, state=State.DUE).update(rail=rail, session="")
        return urls.back
    page = _open(provides, deposit, rail, urls)
    due = Deposit.objects.filter(pk=deposit.pk, state=State.DUE, asked=deposit.asked)
    due.update(rail=rail, session=page.session, asked=deposit.asked + 1, retry_at=at + LOOK_AGAIN)
    return page.url


def _check(deposit: Deposit, rail: Rail, at: datetime) -> None:
    round = deposit.bidder.round
    eligibility.check_time(round.state, round.closes_at, at)
    offered = rules.rails(Money(deposit.amount_fen), round.closes_at, at)
    if deposit.state != State.DUE or rail not in offered:
        raise Refused(Ground.WRONG_STATE, state=deposit.state)


def _reuse(provides: CardProvider, deposit: Deposit, rail: str, urls: Urls, at: datetime) -> str:
    """Return the address of the page opened before if it still serves; else close it."""
    if refresh(deposit_id=deposit.pk, at=at).state != State.DUE:
        return urls.back
    seen = provides.look_up(deposit.session)
    if seen.session_open and rail == deposit.rail:
        return seen.url
    provides.close(deposit.session)
    # Who paid while the page was being closed has paid.
    return "" if refresh(deposit_id=deposit.pk, at=at).state == State.DUE else urls.back


def _open(provides: CardProvider, deposit: Deposit, rail: str, urls: Urls) -> Page:
    ask = Ask(
        subject=subject(deposit),
        attempt=deposit.asked + 1,
        amount=Money(deposit.amount_fen),
        title=urls.title,
        back=urls.back,
        cancel=urls.cancel,
        language=urls.language,
    )
    return provides.hold(ask) if rail == Rail.HOLD else provides.charge(ask)
