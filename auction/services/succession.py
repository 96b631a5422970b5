"""A log that can no longer be trusted is frozen, and another begins by saying why (reliability 4.9)."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime

import rfc8785
from django.conf import settings
from django.db import transaction

from auction import record
from auction.log.checkpoint import Checkpoint
from auction.models import Log, Logged

KIND = "succession"


class SameName(ValueError):
    """The next log must not bear the name of a frozen one: nobody could tell them apart."""


@transaction.atomic
def succeed(*, old: Checkpoint, why: str, at: datetime) -> Log:
    """Freeze the log and begin the next under LOG_ORIGIN; its first leaf names the old one's last checkpoint.

    All records are then given their places anew, from their beginning.

    :raises SameName: if LOG_ORIGIN is a log that was, or is the one to be frozen
    """
    if Log.objects.filter(origin=settings.LOG_ORIGIN).exists() or old.origin == settings.LOG_ORIGIN:
        raise SameName(settings.LOG_ORIGIN)
    Log.objects.filter(frozen="").update(frozen=why)
    log = Log.objects.create(origin=settings.LOG_ORIGIN, started_at=at, size=1)
    Logged.objects.create(log=log, index=0, statement=_statement(log, old, why, at))
    return log


def _statement(log: Log, old: Checkpoint, why: str, at: datetime) -> str:
    return rfc8785.dumps(
        {
            "v": record.VERSION,
            "kind": KIND,
            "origin": log.origin,
            "old": old.origin,
            "old_size": old.size,
            "old_root": b64encode(old.root).decode(),
            "why": why,
            "t": record.ms(at),
        }
    ).decode()
