"""Bidding opens at the announced time (art. 20)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from auction import record
from auction.engine import open_round
from auction.models import Round, RoundState


@transaction.atomic
def open_bidding(*, round_id: int, at: datetime) -> bool:
    """Open one round if it is still due; return whether this call did it."""
    due = Round.objects.select_for_update(of=("self",), skip_locked=True)
    round = due.filter(pk=round_id, state=RoundState.ANNOUNCED, opens_at__lte=at).first()
    if round is None:
        return False
    event = open_round(round, at=at)
    event.save(force_insert=True)
    round.save(update_fields=["state", *record.CHAIN])
    record.publish(round.pk, [event])
    return True
