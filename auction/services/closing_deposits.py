"""When the bidding is over, the deposits of all who did not win must be back within a day (art. 23)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from auction.models import Deposit, Round
from auction.rules.deposit import RELEASE_WITHIN
from auction.services import wave


def release_losers(rounds: Sequence[Round]) -> None:
    """Set when all deposits but the winners' must be back: a day after each round's own end."""
    wave.from_values(
        "UPDATE auction_deposit SET release_by = v.column2 FROM auction_bidder b, {values} v "
        "WHERE b.id = auction_deposit.bidder_id AND b.round_id = v.column1 AND b.id <> v.column3",
        [[r.pk, wave.stored(r.closes_at + RELEASE_WITHIN), r.leading_id or 0] for r in rounds],
    )


def release_deposits(round: Round, *, ended_at: datetime) -> None:
    """Set when the deposits of a round that sells to nobody must be back; the clerk releases them."""
    Deposit.objects.filter(bidder__round=round).update(release_by=ended_at + RELEASE_WITHIN)
