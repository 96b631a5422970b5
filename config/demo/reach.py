"""That the demonstration's platform could be reached in the weeks before, but for four minutes one night."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from auction.models import Uptime
from auction.rules.fairness import Cause
from auction.services.uptime import begin, end

KNOWN: Final = timedelta(days=120)
OUTAGE_AGO: Final = timedelta(days=9, hours=7)
OUTAGE: Final = timedelta(minutes=4, seconds=11)


def has_been_reached(now: datetime) -> None:
    """Write the times in which the public address answered, and the outage between them."""
    from_at = now - OUTAGE_AGO
    until_at = from_at + OUTAGE
    Uptime.objects.create(from_at=now - KNOWN, until_at=from_at)
    Uptime.objects.create(from_at=until_at, until_at=now)
    end(begin(Cause.UNREACHABLE, from_at=from_at, at=from_at), until_at=until_at, at=until_at)
