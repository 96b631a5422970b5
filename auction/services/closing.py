"""Bidding ends by itself: the last bid that stands wins, one bid is enough, none leaves it unsold."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from auction import record
from auction.models import Bidder, Deposit, Event, Round, RoundState
from auction.rules import lifecycle

RELEASE_WITHIN: Final = timedelta(hours=24)  # art. 23


@transaction.atomic
def close_round(*, round_id: int, at: datetime) -> Event | None:
    """Close one round if its end, read again under the lock, has passed; else return None.

    The other bidders' deposits become due for release in the same transaction (art. 23).
    """
    open_ones = Round.objects.select_for_update(skip_locked=True).filter(state=RoundState.OPEN)
    round = open_ones.filter(pk=round_id).first()
    if round is None or not round.window().may_close(at):
        return None
    act = lifecycle.Act.SELL if round.leading else lifecycle.Act.PASS_IN
    round.state = lifecycle.after(round.state, act)
    round.closed_at = at
    round.save(update_fields=["state", "closed_at"])
    release_deposits(round, ended_at=round.closes_at, but=round.leading)
    return record.append(round, "close", _result(round), at=at)


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
