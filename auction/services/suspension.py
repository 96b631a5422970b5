"""The court, or the platform on a fault, stops an auction, lets it go on, or takes it back (art. 28)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from auction import record
from auction.models import Event, Round
from auction.rules import lifecycle
from auction.services.closing import release_deposits


@transaction.atomic
def suspend(*, round_id: int, reason: str, at: datetime) -> Event:
    """Suspend the bidding; the reason is public.

    :raises Refused: if the round is not open
    """
    round = _locked(round_id)
    round.state = lifecycle.after(round.state, lifecycle.Act.SUSPEND)
    round.suspended_at = at
    round.save(update_fields=["state", "suspended_at"])
    return record.append(round, "suspend", {"reason": reason}, at=at)


@transaction.atomic
def resume(*, round_id: int, reason: str, at: datetime) -> Event:
    """Let the bidding go on with the time that was left, and no less than one extension (art. 28¶4).

    :raises Refused: if the round is not suspended
    """
    round = _locked(round_id)
    round.state = lifecycle.after(round.state, lifecycle.Act.RESUME)
    round.closes_at = round.window().resumed(round.suspended_at or at, at).closes_at
    round.suspended_at = None
    round.save(update_fields=["state", "closes_at", "suspended_at"])
    return record.append(round, "resume", {"reason": reason, "deadline": record.ms(round.closes_at)}, at=at)


@transaction.atomic
def withdraw(*, round_id: int, reason: str, at: datetime) -> Event:
    """Take the lot back before it is sold: all deposits are due for release.

    :raises Refused: if the bidding has ended
    """
    round = _locked(round_id)
    round.state = lifecycle.after(round.state, lifecycle.Act.WITHDRAW)
    round.closed_at = at
    round.save(update_fields=["state", "closed_at"])
    release_deposits(round, ended_at=at)
    return record.append(round, "void", {"reason": reason}, at=at)


def _locked(round_id: int) -> Round:
    return Round.objects.select_for_update().get(pk=round_id)
