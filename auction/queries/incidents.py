"""The public ledger of outages: each incident, whether it has ended, and the rounds it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from auction.models import Conflict, Event, Incident, Pause, Round
from auction.record import ms


@dataclass(frozen=True)
class Entry:
    """One incident with its end, if it has one, what it did to rounds, and the witnesses that refused."""

    incident: Incident
    until_at: datetime | None
    pauses: list[Pause]
    conflicts: list[Conflict]

    @property
    def cause(self) -> str:
        """Return the code of the cause, whose words are in a template."""
        return self.incident.cause

    @property
    def lasted(self) -> timedelta | None:
        """Return how long it lasted."""
        return self.until_at - self.incident.from_at if self.until_at else None

    def plain(self) -> dict[str, Any]:
        """Return the entry as data."""
        return {
            "id": self.incident.pk,
            "cause": self.cause,
            "from": ms(self.incident.from_at),
            "until": ms(self.until_at) if self.until_at else None,
            "rounds": [_plain(pause) for pause in self.pauses],
            "conflicts": [_refusal(conflict) for conflict in self.conflicts],
        }


def ledger() -> QuerySet[Incident]:
    """Return all incidents, the newest first."""
    known = Incident.objects.select_related("end").prefetch_related("pauses__round__lot", "conflicts__log")
    return known.order_by("-from_at", "-pk")


def shown(incidents: Iterable[Incident]) -> list[Entry]:
    """Return the entries of incidents."""
    return [_entry(incident) for incident in incidents]


def of_round(round_id: int) -> list[Pause]:
    """Return the suspensions of a round, the newest first."""
    return list(Pause.objects.filter(round=round_id).order_by("-at"))


@dataclass(frozen=True)
class Reach:
    """For how much of its bidding time and of the last five minutes a round could be reached, in per cent."""

    whole: str
    last: str


def reach_of(round: Round) -> Reach | None:
    """Return how far a closed round could be reached, as its record says; None if it says nothing of it."""
    close = Event.objects.filter(round=round, kind="close").order_by("-seq").first()
    leaf = json.loads(close.leaf) if close else {}
    if "reach" not in leaf:
        return None
    return Reach(*(f"{leaf[name] / 10:.1f}" for name in ("reach", "reach_end")))


def _entry(incident: Incident) -> Entry:
    end = getattr(incident, "end", None)
    pauses = sorted(incident.pauses.all(), key=lambda pause: pause.pk)
    conflicts = sorted(incident.conflicts.all(), key=lambda conflict: conflict.pk)
    return Entry(incident, end.until_at if end else None, pauses, conflicts)


def _plain(pause: Pause) -> dict[str, Any]:
    return {
        "round": pause.round_id,
        "suspended": ms(pause.at),
        "since": ms(pause.from_at),
        "end_before": ms(pause.end_before),
        "resumed": ms(pause.until_at) if pause.until_at else None,
        "end_after": ms(pause.end_after) if pause.end_after else None,
    }


def _refusal(conflict: Conflict) -> dict[str, Any]:
    return {
        "witness": conflict.witness,
        "log": conflict.log.origin,
        "cosigned": conflict.cosigned,
        "shown": conflict.shown,
    }
