"""What stands in a round now, for those who join the watching and for those whose socket fails."""

from __future__ import annotations

from dataclasses import dataclass

from auction.live import standing
from auction.live.standing import RecentBid, Standing
from auction.models import Bidder, Round
from auction.rules import bidding

__all__ = ["Own", "RecentBid", "Snapshot", "snapshot"]


@dataclass(frozen=True)
class Own:
    """Where a qualified bidder himself stands."""

    code: str
    rank: int | None
    leading: bool
    least: int


@dataclass(frozen=True)
class Snapshot(Standing):
    """The same for all, and where the asker himself stands."""

    you: Own | None = None


def snapshot(round_id: int, bidder_id: int | None = None) -> Snapshot:
    """Return what stands in a round, and where this bidder stands in it."""
    round = Round.objects.select_related("leading").get(pk=round_id)
    return Snapshot(**vars(standing.of(round)), you=_own(round, bidder_id))


def _own(round: Round, bidder_id: int | None) -> Own | None:
    # Asked for a stranger too: whoever counts what the database is asked cannot tell a bidder by it.
    bidder = Bidder.objects.filter(pk=bidder_id or 0, round=round).exclude(code="").first()
    if bidder is None:
        return None
    return Own(
        code=bidder.code,
        rank=bidder.rank,
        leading=bidder.pk == round.leading_id,
        least=bidding.least(round.standing(), bidder.rank).fen,
    )
