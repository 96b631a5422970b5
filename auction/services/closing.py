"""Bidding ends by itself: the last bid that stands wins, one bid is enough, none leaves it unsold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from auction import record
from auction.models import Event, Round, RoundState
from auction.rules import lifecycle
from auction.services import gate, wave
from auction.services.closing_deposits import release_losers
from auction.services.suspension import stop

COLUMNS: Final = ("state", "closed_at", *record.CHAIN)


def close_round(*, round_id: int, at: datetime) -> Event | None:
    """Close one round if its end, read again under the lock, has passed and was fair; else return None."""
    closed = close_rounds(round_ids=[round_id], at=at)
    return closed[0] if closed else None


@transaction.atomic
def close_rounds(*, round_ids: Sequence[int], at: datetime) -> list[Event]:
    """Close those of the rounds whose end, read again under the lock, has passed, all or none of them.

    A round that the gate cannot call fair is suspended instead, or waits. The other bidders' deposits become
    due for release in the same transaction (art. 23).
    """
    sifted = gate.sift(recheck(wave.lock(round_ids, state=RoundState.OPEN), at), at)
    if sifted.red:
        stop(sifted.red, at=at)
    events = [conclude(round, sifted.reach, at) for round in sifted.fair]
    wave.write_events(events)
    wave.write_rounds(sifted.fair, COLUMNS)
    release_losers(sifted.fair)
    wave.publish(events)
    return events


def recheck(rounds: Iterable[Round], at: datetime) -> list[Round]:
    """Return the rounds whose end has passed long enough, as it stands now that they are locked."""
    return [round for round in rounds if round.window().may_close(at)]


def conclude(round: Round, reach: Mapping[int, Mapping[str, int]], at: datetime) -> Event:
    """Return the entry that ends a round, and set its state; nothing is written yet."""
    act = lifecycle.Act.SELL if round.leading else lifecycle.Act.PASS_IN
    round.state = lifecycle.after(round.state, act)
    round.closed_at = at
    return record.link(round, "close", {**_result(round), **reach.get(round.pk, {})}, at=at)


def _result(round: Round) -> record.Body:
    return {
        "winner": round.leading.code if round.leading else None,
        "price": round.price_fen,
        "deadline": record.ms(round.closes_at),
    }
