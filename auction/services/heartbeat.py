"""The life of a web process: it begins, beats each second, says where it stalled, and ends."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction

from auction.models import ClockOffset, Process, Stall
from auction.rules.fairness import Span

MICROSECONDS: Final = 1_000_000


class Offset(NamedTuple):
    """By how many seconds the platform's clock was ahead of the machine's, and how far that may be off."""

    ahead: float
    slack: float


def begin(*, at: datetime) -> Process:
    """Enter this process; one of the same number on this machine before it is dead, whatever it said last."""
    host, pid = socket.gethostname(), os.getpid()
    Process.objects.filter(host=host, pid=pid, ended_at__isnull=True, dead_at__isnull=True).update(dead_at=at)
    return Process.objects.create(host=host, pid=pid, started_at=at, beat_at=at)


@transaction.atomic
def beat(*, process_id: int, at: datetime, stalls: Sequence[Span] = (), offset: Offset | None = None) -> None:
    """Put down that a process lives, with the times in which it did nothing before: both or neither.

    From time to time it says how its clock was measured.
    """
    Stall.objects.bulk_create(
        Stall(process_id=process_id, from_at=stall.from_at, until_at=stall.until_at) for stall in stalls
    )
    Process.objects.filter(pk=process_id).update(beat_at=at)
    if offset is not None:
        ahead_us, slack_us = (round(seconds * MICROSECONDS) for seconds in offset)
        ClockOffset.objects.create(process_id=process_id, at=at, ahead_us=ahead_us, slack_us=slack_us)


def end(*, process_id: int, at: datetime) -> None:
    """Put down that a process stops because it was told to, all its bids decided."""
    Process.objects.filter(pk=process_id).update(beat_at=at, ended_at=at)


def bury(at: datetime) -> None:
    """Put down which processes of this machine are dead by now: a silent one might only hang."""
    silent = Process.objects.filter(host=socket.gethostname(), ended_at__isnull=True, dead_at__isnull=True)
    dead = [pk for pk, pid in silent.values_list("pk", "pid") if not _alive(pid)]
    if dead:
        Process.objects.filter(pk__in=dead).update(dead_at=at)


def _alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        try:
            os.kill(pid, 0)
        except PermissionError:
            return True
        return True
    return False
