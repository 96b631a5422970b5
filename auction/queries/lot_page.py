"""All that the page of one lot shows; public but for the visitor's own registration."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser

from auction import record
from auction.models import Bidder, Lot, Notice, Pause, Person, PriorityRight, Round, RoundState
from auction.queries.bidders import bidder_of
from auction.queries.incidents import Reach, of_round, reach_of
from auction.queries.pictures import Picture, pictures
from auction.queries.standing import RecentBid, Snapshot, snapshot
from auction.queries.witnesses import Cover, vouched
from auction.rules.announcement import ITEMS, WARNINGS, Slot
from auction.rules.fairness import Cause
from auction.rules.lifecycle import bidding_is_over

RAISES: Final = (1, 5, 10)


@dataclass(frozen=True)
class Text:
    """A published text with the slot it fills."""

    slot: Slot
    text: str


@dataclass(frozen=True)
class LotPage:
    """The last round of a lot as one visitor may see it."""

    round: Round
    standing: Snapshot
    bidder: Bidder | None
    recent: list[tuple[RecentBid, datetime]]
    qualified: int
    pictures: list[Picture]
    items: list[Text]
    warnings: list[Text]
    rights: list[PriorityRight]
    earlier: list[Round]
    reason: str
    pauses: list[Pause]
    reach: Reach | None
    cover: Cover | None
    causes: tuple[str, ...] = tuple(cause.code for cause in Cause)

    @property
    def lot(self) -> Lot:
        """Return the lot."""
        return self.round.lot

    @property
    def least_fen(self) -> int:
        """Return the least this visitor may offer now."""
        return self.standing.you.least if self.standing.you else self.standing.least

    @property
    def is_running(self) -> bool:
        """Return whether bidding is to come, or going on."""
        return not bidding_is_over(self.round.state)

    @property
    def raises(self) -> list[tuple[int, int]]:
        """Return the raises offered by button: steps above the least, and what they add in fen."""
        return [(steps, steps * self.round.increment_fen) for steps in RAISES]


def lot_page(round: Round, visitor: Person | AnonymousUser) -> LotPage:
    """Return what the page of the round's lot shows to this visitor."""
    lot = round.lot
    bidder = bidder_of(round.pk, visitor) if isinstance(visitor, Person) else None
    stands = snapshot(round.pk, bidder.pk if bidder else None)
    return LotPage(
        round=round,
        standing=stands,
        bidder=bidder,
        recent=[(bid, record.instant(bid.at)) for bid in stands.recent],
        qualified=round.bidders.exclude(code="").count(),
        pictures=pictures(lot.tour),
        items=_texts(lot, Notice.Kind.ITEM, ITEMS),
        warnings=_texts(lot, Notice.Kind.WARNING, WARNINGS),
        rights=list(lot.priority_rights.order_by("rank", "pk")),
        earlier=[] if lot.practice else list(lot.rounds.exclude(pk=round.pk).order_by("pk")),
        reason=_reason(round),
        pauses=of_round(round.pk),
        reach=reach_of(round) if bidding_is_over(round.state) else None,
        cover=vouched(round),
    )


def _texts(lot: Lot, kind: str, slots: tuple[Slot, ...]) -> list[Text]:
    """Return the lot's texts of one kind, each with its slot."""
    texts = dict(lot.notices.filter(kind=kind).values_list("number", "text"))
    return [Text(slot, texts[slot.number]) for slot in slots if slot.number in texts]


def _reason(round: Round) -> str:
    """Return the published reason of the last suspension or withdrawal, if the round stands stopped."""
    if round.state not in (RoundState.SUSPENDED, RoundState.WITHDRAWN):
        return ""
    last = round.events.filter(kind__in=("suspend", "void")).order_by("-seq").first()
    return str(json.loads(last.leaf).get("reason", "")) if last else ""
