"""Bidding opens at the announced time (art. 20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from auction import record
from auction.engine import opened
from auction.models import Event, RoundState
from auction.services import wave

COLUMNS: Final = ("state", *record.CHAIN)


def open_bidding(*, round_id: int, at: datetime) -> bool:
    """Open one round if it is still due; return whether this call did it."""
    return bool(open_rounds(round_ids=[round_id], at=at))


@transaction.atomic
def open_rounds(*, round_ids: Sequence[int], at: datetime) -> list[Event]:
    """Open those of the rounds that are still due, all or none of them."""
    rounds = wave.lock(round_ids, state=RoundState.ANNOUNCED, opens_at__lte=at)
    events = [Event(round=round, **opened(round, at=at)._asdict()) for round in rounds]
    wave.write_events(events)
    wave.write_rounds(rounds, COLUMNS)
    wave.publish(events)
    return events
