"""The platform watches itself: an outage in the last minutes stops the bidding, its end lets it go on."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from auction.models import Event, Incident, Pause, Round, RoundState
from auction.queries.evidence import evidence
from auction.rules import fairness
from auction.services import wave
from auction.services.suspension import resume_rounds, stop
from auction.services.uptime import begin, end

AT_ONCE: Final = 500


def watch(at: datetime) -> None:
    """Enter what outage there is, stop what it hits, and let go on what has been restored."""
    if settings.FAIR_CLOSE_GATE:
        enter_outage(at)
        stop_hit(at)
        go_on(at)


def enter_outage(at: datetime) -> None:
    """Enter into the ledger that the platform has not answered for too long, as long as it lasts."""
    for gap in fairness.gaps(evidence(at), at)[-1:]:
        if gap.until_at is None:
            begin(gap.cause, from_at=gap.from_at, at=at)


@transaction.atomic
def stop_hit(at: datetime) -> list[Event]:
    """Suspend the open rounds in whose last stretch the platform has not answered for too long."""
    serious = Round.objects.filter(lot__practice=False)  # in practice no outage wrongs anybody
    ending = serious.filter(state=RoundState.OPEN, closes_at__lte=at + fairness.FINAL)
    found = evidence(at - fairness.FINAL)
    if not fairness.gaps(found, at) or not ending.exists():
        return []
    rounds = wave.lock(
        list(ending.order_by("closes_at").values_list("pk", flat=True)[:AT_ONCE]), state=RoundState.OPEN
    )
    hit = {round: fairness.cut_off(round.window(), found, at) for round in rounds}
    return stop({round: outage for round, outage in hit.items() if outage}, at=at)


def go_on(at: datetime) -> list[Event]:
    """Resume what the platform suspended itself, once it has answered for a while (art. 28¶4)."""
    own = Pause.objects.filter(incident__isnull=False, until_at__isnull=True, at__lte=at - fairness.RESTORED)
    waiting = list(own.order_by("pk").values_list("round_id", flat=True)[:AT_ONCE])
    if not waiting or not fairness.restored(evidence(at - fairness.FINAL), at):
        return []
    _end_incidents(at)
    return resume_rounds(round_ids=waiting, at=at)


def _end_incidents(at: datetime) -> None:
    """Enter that outages have ended of which nothing else told the end, such as a process that hung."""
    for incident in Incident.objects.filter(end__isnull=True, conflicts__isnull=True):
        end(incident, until_at=at, at=at)
