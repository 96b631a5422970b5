"""That the public address answered, put down as times without a gap; a gap becomes an incident."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from auction.models import Incident, IncidentEnd, Uptime
from auction.rules.fairness import GAP, Cause


@transaction.atomic
def answered(*, at: datetime) -> Uptime:
    """Put down that the platform answered what was asked at this instant.

    After too long a gap a new time begins, and the gap is an incident that has ended.
    """
    last = Uptime.objects.select_for_update().order_by("until_at").last()
    if last is None:
        return Uptime.objects.create(from_at=at, until_at=at)
    if at - last.until_at > GAP:
        end(begin(Cause.UNREACHABLE, from_at=last.until_at, at=at), until_at=at, at=at)
        return Uptime.objects.create(from_at=at, until_at=at)
    if at > last.until_at:
        last.until_at = at
        last.save(update_fields=["until_at"])
    return last


def begin(cause: Cause, *, from_at: datetime, at: datetime) -> Incident:
    """Enter an outage into the public ledger, once."""
    found, _ = Incident.objects.get_or_create(cause=cause.code, from_at=from_at, defaults={"at": at})
    return found


def end(incident: Incident, *, until_at: datetime, at: datetime) -> None:
    """Enter that an outage has ended, once."""
    IncidentEnd.objects.get_or_create(incident=incident, defaults={"until_at": until_at, "at": at})
