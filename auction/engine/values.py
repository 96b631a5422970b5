"""What goes into the engine and what comes out."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from auction.rules.grounds import Ground


class Seat(NamedTuple):
    """Who sits behind a socket or a request, as its handshake found him; every batch checks him anew.

    `holder` is the keyed hash of round and person by which his registration is found; `mark` is Django's
    session-auth hash of the password he had then.
    """

    holder: str
    person_id: int
    session_key: str
    mark: str


class Offer(NamedTuple):
    """A bid as it arrived: fen, the client's idempotency key, and the platform's time of arrival.

    `seat` is None if nobody was signed in; `arrived_at` is None if the platform clock could not be told.
    """

    round_id: int
    seat: Seat | None
    amount_fen: int
    key: str
    arrived_at: datetime | None


class Decision(NamedTuple):
    """What became of an offer: its place in the record and hash of its leaf, or the ground it was refused on.

    `least_fen` is the least this bidder may offer now; `closes_at` of an accepted bid is the end it led to.
    `UNDECIDED` and `CLOCK_FAULT` decide nothing: the same offer may be sent again with the same key.
    `receipt` is the signed text (auction.receipts), empty only where a flood was refused.
    """

    offer: Offer
    seq: int | None = None
    hash: str = ""
    ground: Ground | None = None
    least_fen: int | None = None
    price_fen: int | None = None
    closes_at: datetime | None = None
    receipt: str = ""

    @property
    def accepted(self) -> bool:
        """Return whether the bid stands in the record."""
        return self.ground is None


def undecided(offer: Offer, ground: Ground) -> Decision:
    """Return the answer to an offer on which nothing could be decided."""
    return Decision(offer=offer, ground=ground)
