"""That a witness refuses to go on with our log is a public incident, entered once, with both sizes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from auction.log.policy import Party
from auction.models import Conflict, Incident, Log, Witnessed
from auction.services.uptime import end

CAUSE: Final = "conflict"  # of no rule: it stops no round by itself, as no bidder was kept out


@transaction.atomic
def refused(log: Log, witness: Party, *, cosigned: int, shown: int, at: datetime) -> None:
    """Enter that a witness of so many leaves refuses the log of so many; as long as it does, only once.

    Its row is compared and swapped, as another clerk may have asked too.
    """
    key = str(witness.key)
    Witnessed.objects.get_or_create(log=log, vkey=key)
    if Witnessed.objects.filter(log=log, vkey=key, refused_size=None).update(refused_size=shown):
        incident, _ = Incident.objects.get_or_create(cause=CAUSE, from_at=at, defaults={"at": at})
        Conflict.objects.create(
            incident=incident, log=log, witness=witness.key.name, cosigned=cosigned, shown=shown
        )


@transaction.atomic
def cosigned(log: Log, witness: Party, *, size: int, at: datetime) -> None:
    """Enter how far a witness goes with us; when none refuses any more, that is the end of the incident."""
    key = str(witness.key)
    kept = {"size": size, "at": at, "refused_size": None}
    again = Witnessed.objects.filter(log=log, vkey=key, refused_size__isnull=False).exists()
    Witnessed.objects.update_or_create(log=log, vkey=key, defaults=kept)
    if again and not Witnessed.objects.filter(log=log, refused_size__isnull=False).exists():
        for incident in Incident.objects.filter(conflicts__log=log, end__isnull=True).distinct():
            end(incident, until_at=at, at=at)
