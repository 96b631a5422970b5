"""The partner in practice: outbids whoever leads, after a while and up to a limit, as any bidder may."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from auction import clock
from auction.engine import Decision, Offer, submit_now
from auction.models import Bidder, Person, Round, RoundState
from auction.models.sealing import holder_hash
from auction.rules import bidding
from auction.services.practice import join
from auction.services.seated import seated

LOGIN: Final = "practice-partner"
THINKS: Final = tuple(timedelta(seconds=s) for s in (6, 14, 9, 21, 12))
FEWEST_STEPS, MORE_STEPS = 5, 7


def play(at: datetime) -> list[Decision]:
    """Outbid the leaders of all practice rounds who have led for long enough."""
    rounds = Round.objects.filter(state=RoundState.OPEN, lot__practice=True, leading__isnull=False)
    return [_bid(round) for round in rounds.select_related("leading") if is_due(round, at)]


def is_due(round: Round, at: datetime) -> bool:
    """Return whether the partner would bid now: after a while, within his limit, never against himself."""
    if round.leading is None or round.leading_at is None or not round.opens_at <= at < round.closes_at:
        return False
    waited = at - round.leading_at >= THINKS[round.bid_count % len(THINKS)]
    return waited and round.leading.holder != _holder(round) and _amount(round) <= limit(round)


def limit(round: Round) -> int:
    """Return the most the partner offers, in fen; it differs from round to round."""
    steps = FEWEST_STEPS + round.pk % MORE_STEPS
    return round.starting_price_fen + steps * round.increment_fen


def partner() -> Person:
    """Return the partner: an account nobody can sign in to."""
    person, made = Person.objects.get_or_create(username=LOGIN)
    if made:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    return person


def _amount(round: Round) -> int:
    return bidding.least(round.standing()).fen


def _holder(round: Round) -> str:
    person = Person.objects.filter(username=LOGIN).first()
    return holder_hash(round.pk, person.pk) if person else ""


def _bid(round: Round) -> Decision:
    """Bid the least amount through the engine, as everybody does."""
    who = partner()
    _joined(round, who)
    with seated(who, round.pk) as seat:
        return submit_now(Offer(round.pk, seat, _amount(round), str(uuid4()), clock.now()))


def _joined(round: Round, who: Person) -> Bidder:
    return join(round_id=round.pk, person=who, at=clock.now())
