"""What goes into the engine and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from auction.rules.grounds import Ground


@dataclass(frozen=True)
class Offer:
    """A bid as it arrived: fen, the client's idempotency key, and the platform's time of arrival."""

    round_id: int
    bidder_id: int
    amount_fen: int
    key: str
    arrived_at: datetime


@dataclass(frozen=True)
class Decision:
    """What became of an offer: its place in the record and hash of its leaf, or the ground it was refused on.

    `least_fen` is the least this bidder may offer now; `closes_at` of an accepted bid is the end it led to.
    `UNDECIDED` and `CLOCK_FAULT` decide nothing: the same offer may be sent again with the same key.
    """

    offer: Offer
    seq: int | None = None
    hash: str = ""
    ground: Ground | None = None
    least_fen: int | None = None
    price_fen: int | None = None
    closes_at: datetime | None = None

    @property
    def accepted(self) -> bool:
        """Return whether the bid stands in the record."""
        return self.ground is None


def undecided(offer: Offer, ground: Ground) -> Decision:
    """Return the answer to an offer on which nothing could be decided."""
    return Decision(offer=offer, ground=ground)
