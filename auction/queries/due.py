"""Which rounds wait for the clerk: the row is the queue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min

from auction import clock
from auction.models import Round, RoundState
from auction.rules.deposit import State
from auction.rules.fairness import FINAL
from auction.rules.window import CLOSE_DELAY

STAMPS_AT_ONCE: Final = 100
# Between two looks, so that with the writing, syncing and signing the log is 200 ms behind at most.
GLANCE: Final = timedelta(milliseconds=50)


def to_open(at: datetime) -> list[int]:
    """Return the rounds whose bidding should have begun, the oldest first."""
    due = Round.objects.filter(state=RoundState.ANNOUNCED, opens_at__lte=at)
    return list(due.order_by("opens_at").values_list("pk", flat=True))


def to_close(at: datetime) -> list[int]:
    """Return the rounds whose end has passed long enough that every bid in time is decided."""
    due = Round.objects.filter(state=RoundState.OPEN, closes_at__lte=at - CLOSE_DELAY)
    return list(due.order_by("closes_at").values_list("pk", flat=True))


def next_moment() -> datetime | None:
    """Return when the next round is to be opened or closed, or has been waiting for it."""
    opens = Round.objects.filter(state=RoundState.ANNOUNCED).aggregate(at=Min("opens_at"))["at"]
    ends = Round.objects.filter(state=RoundState.OPEN).aggregate(at=Min("closes_at"))["at"]
    return min((at for at in (opens, ends and ends + CLOSE_DELAY) if at), default=None)


def next_growth() -> datetime | None:
    """Return when to look at the log next while a round may end soon; None at other times."""
    at = clock.now()
    ending = Round.objects.filter(state=RoundState.OPEN, lot__practice=False, closes_at__lte=at + FINAL)
    return at + GLANCE if ending.exists() else None


def to_confirm(at: datetime) -> list[int]:
    """Return the rounds that are sold and not yet confirmed; practice sells nothing."""
    sold = Round.objects.filter(state=RoundState.SOLD, lot__practice=False)
    return list(sold.order_by("closed_at").values_list("pk", flat=True))


def to_stamp(at: datetime) -> list[int]:
    """Return rounds that ended by a close over which there is no token, the oldest first, some at once."""
    ended = Round.objects.filter(closed_at__isnull=False, lot__practice=False, stamp__isnull=True)
    closed = ended.exclude(state=RoundState.WITHDRAWN).order_by("closed_at")
    return list(closed.values_list("pk", flat=True)[:STAMPS_AT_ONCE])


def to_demand(at: datetime) -> list[int]:
    """Return the confirmed sales whose deposit was applied and whose balance is not demanded (art. 25)."""
    sold = Round.objects.filter(state=RoundState.CONFIRMED, balance__isnull=True)
    applied = sold.filter(leading__deposit__state=State.APPLIED)
    return list(applied.order_by("closed_at").values_list("pk", flat=True))
