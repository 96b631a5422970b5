"""Bidding ends by itself: the last bid that stands wins, one bid is enough, none leaves it unsold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from auction import record
from auction.models import Bidder, Deposit, Event, Round, RoundState
from auction.rules import lifecycle
from auction.services import wave

RELEASE_WITHIN: Final = timedelta(hours=24)  # art. 23
COLUMNS: Final = ("state", "closed_at", *record.CHAIN)


def close_round(*, round_id: int, at: datetime) -> Event | None:
    """Close one round if its end, read again under the lock, has passed; else return None."""
    closed = close_rounds(round_ids=[round_id], at=at)
    return closed[0] if closed else None


@transaction.atomic
def close_rounds(*, round_ids: Sequence[int], at: datetime) -> list[Event]:
    """Close those of the rounds whose end, read again under the lock, has passed, all or none of them.

    The other bidders' deposits become due for release in the same transaction (art. 23).
    """
    rounds = recheck(wave.lock(round_ids, state=RoundState.OPEN), at)
    events = [conclude(round, at) for round in rounds]
    wave.write_events(events)
    wave.write_rounds(rounds, COLUMNS)
    release_losers(rounds)
    wave.publish(events)
    return events


def recheck(rounds: Iterable[Round], at: datetime) -> list[Round]:
    """Return the rounds whose end has passed long enough, as it stands now that they are locked."""
    return [round for round in rounds if round.window().may_close(at)]


def conclude(round: Round, at: datetime) -> Event:
    """Return the entry that ends a round, and set its state; nothing is written yet."""
    act = lifecycle.Act.SELL if round.leading else lifecycle.Act.PASS_IN
    round.state = lifecycle.after(round.state, act)
    round.closed_at = at
    return record.link(round, "close", _result(round), at=at)


def release_losers(rounds: Sequence[Round]) -> None:
    """Set when the deposits of all but the winners must be back: a day after each round's own end (art. 23)."""
    wave.from_values(
        "UPDATE auction_deposit SET release_by = v.column2 FROM auction_bidder b, {values} v "
        "WHERE b.id = auction_deposit.bidder_id AND b.round_id = v.column1 AND b.id <> v.column3",
        [[r.pk, wave.stored(r.closes_at + RELEASE_WITHIN), r.leading_id or 0] for r in rounds],
    )


def release_deposits(round: Round, *, ended_at: datetime, but: Bidder | None = None) -> None:
    """Set when the round's deposits, but the winner's, must be back; the clerk releases them."""
    back = Deposit.objects.filter(bidder__round=round)
    if but is not None:
        back = back.exclude(bidder=but)
    back.update(release_by=ended_at + RELEASE_WITHIN)


def _result(round: Round) -> record.Body:
    return {
        "winner": round.leading.code if round.leading else None,
        "price": round.price_fen,
        "deadline": record.ms(round.closes_at),
    }
