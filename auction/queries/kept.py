"""What the platform holds of a leaf that a receipt names."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from auction.models import Event, Logged, Round
from auction.queries.proofs import published


class Kept(NamedTuple):
    """The leaf's fields; its place in the log once that is signed so far; how long it is, since when."""

    leaf: dict[str, Any]
    place: int | None
    size: int
    signed_at: datetime | None


def kept(round: Round, seq: int, leaf: str) -> Kept | None:
    """Return the bid at this place of the record if the hash of its leaf is this; None if it is not."""
    event = Event.objects.filter(round=round, seq=seq, hash=leaf, kind="bid").first()
    if event is None:
        return None
    log = published()
    size = log.signed_size if log else 0
    places = Logged.objects.filter(log=log, event=event, index__lt=size).values_list("index", flat=True)
    return Kept(json.loads(event.leaf), places.first(), size, log.signed_at if log else None)
