"""What no notice told: open payments are looked up, and holds that will not last are taken in time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from auction.models import Balance, Deposit
from auction.payments.base import ProviderDown, ProviderRefuses
from auction.rules.deposit import Rail, State, outlasts
from auction.rules.eligibility import TAKING
from auction.services.balance_payment import refresh_balance
from auction.services.deposit_capture import capture
from auction.services.deposit_refresh import refresh

log = logging.getLogger(__name__)

AT_ONCE = 50
WAIT = timedelta(minutes=2)


def sweep(at: datetime) -> int:
    """Look up the open payments whose time has come and take short holds; return how many were asked."""
    done = 0
    for pk in _claimed(at):
        done += _safely(partial(refresh, deposit_id=pk, at=at))
    for pk in _short_holds(at):
        done += _safely(partial(_take_hold, pk, at))
    due = Balance.objects.filter(state=Balance.State.DUE, retry_at__lte=at).exclude(session="")
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        Balance.objects.filter(pk=pk).update(retry_at=at + WAIT)
        done += _safely(partial(refresh_balance, balance_id=pk, at=at))
    return done


def _claimed(at: datetime) -> list[int]:
    """Return deposits to look up, each pushed back so that no other worker takes it meanwhile."""
    due = Deposit.objects.filter(state=State.DUE, retry_at__lte=at, release_by__isnull=True).exclude(
        session=""
    )
    found = list(due.values_list("pk", "retry_at")[:AT_ONCE])
    mine = []
    for pk, retry_at in found:
        if Deposit.objects.filter(pk=pk, retry_at=retry_at).update(retry_at=at + WAIT):
            mine.append(pk)
    return mine


def _short_holds(at: datetime) -> list[int]:
    """Return holds that would run out before the deposit must be released or applied."""
    held = Deposit.objects.filter(
        state=State.HELD, rail=Rail.HOLD, release_by__isnull=True, bidder__round__state__in=TAKING
    )
    rows = held.filter(capture_before__isnull=False).values_list(
        "pk", "capture_before", "bidder__round__closes_at"
    )
    return [pk for pk, until, closes_at in rows if until and not outlasts(until, max(closes_at, at))]


def _take_hold(pk: int, at: datetime) -> None:
    """Take a hold; one that cannot be taken is looked up, for the card's bank may have let it go."""
    try:
        capture(deposit_id=pk, at=at)
    except ProviderRefuses:
        refresh(deposit_id=pk, at=at)


def _safely(act: Callable[[], object]) -> int:
    try:
        act()
    except (ProviderDown, ProviderRefuses):
        log.warning("a payment could not be looked up", exc_info=True)
    except Exception:
        # One row that cannot be looked up must not keep the others waiting.
        log.exception("a payment could not be looked up")
    return 1
