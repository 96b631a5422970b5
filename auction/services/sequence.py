"""Giving committed leaves their places in the log: the order in which it will be published for ever."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from auction.models import Event, Log, Logged, LoggedRound, Round

AT_ONCE: Final = 5_000  # leaves in one transaction
ROUNDS: Final = 1_000


def current_log(*, at: datetime) -> Log:
    """Return the log that grows, begun if there is none."""
    log = Log.objects.filter(frozen="").order_by("-pk").first()
    return log or Log.objects.create(origin=settings.LOG_ORIGIN, started_at=at)


def sequence(*, at: datetime) -> Log:
    """Append to the log what the records have grown by since; each round's leaves in their order."""
    log = current_log(at=at)
    return _append(log.pk) if _behind(log).exists() else log


@transaction.atomic
def _append(log_id: int) -> Log:
    """Give each new leaf one place: the log's row is locked, as another clerk may ask too."""
    log = Log.objects.select_for_update().get(pk=log_id)
    fresh = list(_unlogged(log))
    if fresh and not log.frozen:
        Logged.objects.bulk_create(
            Logged(log=log, index=index, event=event) for index, event in enumerate(fresh, log.size)
        )
        _reach(log, fresh)
        log.size += len(fresh)
        log.save(update_fields=["size"])
    return log


def _behind(log: Log) -> QuerySet[Round]:
    """Return the rounds whose record is longer than what the log has of it."""
    reached = LoggedRound.objects.filter(log=log, round=OuterRef("pk")).values("seq")
    return Round.objects.alias(reached=Coalesce(Subquery(reached), Value(0))).filter(seq__gt=F("reached"))


def _unlogged(log: Log) -> QuerySet[Event]:
    """Return the leaves that have no place yet, by their time, and in each round by their order."""
    reached = LoggedRound.objects.filter(log=log, round=OuterRef("round")).values("seq")
    behind = Event.objects.filter(round__in=list(_behind(log).values_list("pk", flat=True)[:ROUNDS]))
    fresh = behind.alias(reached=Coalesce(Subquery(reached), Value(0))).filter(seq__gt=F("reached"))
    return fresh.order_by("at", "round", "seq")[:AT_ONCE]


def _reach(log: Log, fresh: Iterable[Event]) -> None:
    reached = {event.round_id: event.seq for event in fresh}  # the last of each round, as they are in order
    rows = [LoggedRound(log=log, round_id=round_id, seq=seq) for round_id, seq in reached.items()]
    LoggedRound.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["log", "round"], update_fields=["seq"]
    )
