"""The court, or the platform on a fault, stops an auction, lets it go on, or takes it back (art. 28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from auction import record
from auction.models import Event, Incident, Pause, Round, RoundState
from auction.rules import lifecycle
from auction.rules.fairness import Outage
from auction.services import wave
from auction.services.closing_deposits import release_deposits
from auction.services.uptime import begin, end

COLUMNS: Final = ("state", "closes_at", "suspended_at", *record.CHAIN)
RESTORED: Final = "restored"
"""The reason in the record when the platform itself lets the bidding go on."""


@transaction.atomic
def suspend(*, round_id: int, reason: str, at: datetime) -> Event:
    """Suspend the bidding; the reason is public.

    :raises Refused: if the round is not open
    """
    round = _locked(round_id)
    event = _stop(round, {"reason": reason}, from_at=at, at=at)
    Pause.objects.create(round=round, reason=reason, from_at=at, at=at, end_before=round.closes_at)
    return _written([round], [event])[0]


@transaction.atomic
def resume(*, round_id: int, reason: str, at: datetime) -> Event:
    """Let the bidding go on with the time that was left, and no less than one extension (art. 28¶4).

    :raises Refused: if the round is not suspended
    """
    round = _locked(round_id)
    event = _go_on(round, reason, at)
    _end_pauses([round], at)
    return _written([round], [event])[0]


@transaction.atomic
def withdraw(*, round_id: int, reason: str, at: datetime) -> Event:
    """Take the lot back before it is sold: all deposits are due for release.

    :raises Refused: if the bidding has ended
    """
    round = _locked(round_id)
    round.state = lifecycle.after(round.state, lifecycle.Act.WITHDRAW)
    round.closed_at = at
    round.save(update_fields=["state", "closed_at"])
    Pause.objects.filter(round=round, until_at__isnull=True).update(until_at=at)
    release_deposits(round, ended_at=at)
    return record.append(round, "void", {"reason": reason}, at=at)


def stop(outages: Mapping[Round, Outage], *, at: datetime) -> list[Event]:
    """Suspend rounds over outages, each with its incident; the caller holds their locks and the transaction.

    The time from the beginning of the outage is given back when the bidding goes on.
    """
    incidents = {outage: _incident(outage, at) for outage in set(outages.values())}
    events, pauses = [], []
    for round, outage in outages.items():
        from_at = min(max(outage.from_at, round.opens_at), round.closes_at)
        body: record.Body = {
            "reason": outage.cause.code,
            "since": record.ms(from_at),
            "incident": incidents[outage].pk,
        }
        events.append(_stop(round, body, from_at=from_at, at=at))
        pauses.append(_pause(round, incidents[outage], from_at, at))
    Pause.objects.bulk_create(pauses)
    return _written(list(outages), events)


@transaction.atomic
def resume_rounds(*, round_ids: Sequence[int], at: datetime) -> list[Event]:
    """Let the rounds go on that the platform suspended itself, now that it can be reached again."""
    rounds = wave.lock(round_ids, state=RoundState.SUSPENDED)
    events = [_go_on(round, RESTORED, at) for round in rounds]
    _end_pauses(rounds, at)
    return _written(rounds, events)


def _stop(round: Round, body: record.Body, *, from_at: datetime, at: datetime) -> Event:
    round.state = lifecycle.after(round.state, lifecycle.Act.SUSPEND)
    round.suspended_at = from_at
    return record.link(round, "suspend", body, at=at)


def _go_on(round: Round, reason: str, at: datetime) -> Event:
    round.state = lifecycle.after(round.state, lifecycle.Act.RESUME)
    # An officer's clock may be a little behind what is recorded: the time given counts from the entry's own.
    at = max(at, round.recorded_at or at)
    round.closes_at = round.window().resumed(round.suspended_at or at, at).closes_at
    round.suspended_at = None
    return record.link(round, "resume", {"reason": reason, "deadline": record.ms(round.closes_at)}, at=at)


def _pause(round: Round, incident: Incident, from_at: datetime, at: datetime) -> Pause:
    return Pause(
        round=round,
        incident=incident,
        reason=incident.cause,
        from_at=from_at,
        at=at,
        end_before=round.closes_at,
    )


def _incident(outage: Outage, at: datetime) -> Incident:
    found = begin(outage.cause, from_at=outage.from_at, at=at)
    if outage.until_at is not None:
        end(found, until_at=outage.until_at, at=at)
    return found


def _end_pauses(rounds: Sequence[Round], at: datetime) -> None:
    wave.from_values(
        "UPDATE auction_pause SET until_at = v.column2, end_after = v.column3 FROM {values} v "
        "WHERE round_id = v.column1 AND until_at IS NULL",
        [[round.pk, wave.stored(at), wave.stored(round.closes_at)] for round in rounds],
    )


def _written(rounds: Sequence[Round], events: list[Event]) -> list[Event]:
    wave.write_events(events)
    wave.write_rounds(rounds, COLUMNS)
    wave.publish(events)
    return events


def _locked(round_id: int) -> Round:
    return Round.objects.select_for_update().get(pk=round_id)
