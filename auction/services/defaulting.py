"""The court finds that the purchaser does not pay: the round ends in default (art. 24)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from auction import record
from auction.models import Event, Round
from auction.rules import lifecycle


@transaction.atomic
def declare_default(*, round_id: int, reason: str, at: datetime) -> Event:
    """End a sold round in default; the reason is public, the deposit is forfeited by an act of its own.

    :raises Refused: if the round is not sold or confirmed
    """
    round = Round.objects.select_for_update().get(pk=round_id)
    round.state = lifecycle.after(round.state, lifecycle.Act.DEFAULT)
    round.save(update_fields=["state"])
    body: record.Body = {
        "about": "default",
        "code": round.leading.code if round.leading else None,
        "reason": reason,
    }
    return record.append(round, "note", body, at=at)
