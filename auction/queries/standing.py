"""What stands in a round now, for those who join the watching and for those whose socket fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from auction.models import Bid, Bidder, Round
from auction.record import ms
from auction.rules import bidding

RECENT: Final = 20


@dataclass(frozen=True)
class RecentBid:
    """An accepted bid: its place, the code, fen, and the platform's time of arrival in UTC ms."""

    seq: int
    code: str
    amount: int
    at: int


@dataclass(frozen=True)
class Own:
    """Where a qualified bidder himself stands."""

    code: str
    rank: int | None
    leading: bool
    least: int


@dataclass(frozen=True)
class Snapshot:
    """All a watcher needs to know; whatever the record says after `seq` comes on top of it."""

    seq: int
    state: str
    kind: str
    price: int | None
    leader: str | None
    least: int
    opens_at: int
    closes_at: int
    bids: int
    recent: tuple[RecentBid, ...]
    you: Own | None


def snapshot(round_id: int, bidder_id: int | None = None) -> Snapshot:
    """Return what stands in a round, and where this bidder stands in it."""
    round = Round.objects.select_related("leading").get(pk=round_id)
    return Snapshot(
        seq=round.seq,
        state=round.state,
        kind=round.kind,
        price=round.price_fen,
        leader=round.leading.code if round.leading else None,
        least=bidding.least(round.standing()).fen,
        opens_at=ms(round.opens_at),
        closes_at=ms(round.closes_at),
        bids=round.bid_count,
        recent=_recent(round),
        you=_own(round, bidder_id),
    )


def _recent(round: Round) -> tuple[RecentBid, ...]:
    """Return the last accepted bids, newest first, up to the entry the round was read at."""
    bids = Bid.objects.filter(round=round, seq__lte=round.seq).select_related("bidder").order_by("-seq")
    return tuple(
        RecentBid(bid.seq or 0, bid.bidder.code, bid.amount_fen, ms(bid.arrived_at)) for bid in bids[:RECENT]
    )


def _own(round: Round, bidder_id: int | None) -> Own | None:
    bidder = Bidder.objects.filter(pk=bidder_id or 0, round=round).exclude(code="").first()
    if bidder is None:
        return None
    return Own(
        code=bidder.code,
        rank=bidder.rank,
        leading=bidder.pk == round.leading_id,
        least=bidding.least(round.standing(), bidder.rank).fen,
    )
