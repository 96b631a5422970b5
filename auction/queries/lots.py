"""The public list: every lot by its last round, open to all (art. 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import (
    Case,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from auction.models import Lot, Round, RoundState
from auction.queries.pictures import Cover, covers
from auction.rules.money import Money


class Phase(StrEnum):
    """The states as a visitor thinks of them."""

    OPEN = "open"
    SOON = "soon"
    ENDED = "ended"


class Order(StrEnum):
    """How the list may be sorted."""

    DUE = "due"
    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    BIDS = "bids"


STATES: Final = {
    Phase.OPEN: (RoundState.OPEN, RoundState.SUSPENDED),
    Phase.SOON: (RoundState.ANNOUNCED,),
    Phase.ENDED: tuple(set(RoundState) - {RoundState.OPEN, RoundState.SUSPENDED, RoundState.ANNOUNCED}),
}
SORTING: Final[dict[Order, tuple[str, ...]]] = {
    Order.DUE: ("phase", "due_at", "-closes_at", "pk"),
    Order.NEWEST: ("-published_at", "-pk"),
    Order.CHEAPEST: ("stands_fen", "pk"),
    Order.DEAREST: ("-stands_fen", "pk"),
    Order.BIDS: ("-bid_count", "pk"),
}


@dataclass(frozen=True)
class Card:
    """A round as the list shows it: what it waits for, and its picture if it has one."""

    round: Round
    due_at: datetime | None
    picture: Cover | None


@dataclass(frozen=True)
class Wanted:
    """What a visitor looks for; empty means anything."""

    words: str = ""
    category: str = ""
    phase: str = ""
    province: str = ""
    least: Money | None = None
    most: Money | None = None
    order: Order = Order.DUE


def rounds(wanted: Wanted) -> QuerySet[Round]:
    """Return the last round of every lot that is wanted, with `stands_fen`, in the wanted order."""
    found = _last_rounds().filter(_matching(wanted))
    for word in wanted.words.split():
        found = found.filter(_holding(word))
    return found.order_by(*SORTING[wanted.order])


def provinces() -> list[str]:
    """Return the provinces that have lots, by name."""
    serious = Round.objects.filter(lot__practice=False).order_by("lot__province")
    return list(serious.values_list("lot__province", flat=True).distinct())


def current_round(lot_id: int) -> Round | None:
    """Return the lot's last round, with the lot and what stands."""
    lots = Lot.objects.filter(
        pk=lot_id
    )  # asked by its own key: a foreign key of 40 digits is an error, not nothing
    found = Round.objects.filter(lot__in=lots).order_by("-pk")
    return found.select_related("lot__tour", "leading").first()


def practice_lot() -> Lot | None:
    """Return the lot to practise on, if there is one."""
    return Lot.objects.filter(practice=True).order_by("pk").first()


def cards(rounds: Sequence[Round]) -> list[Card]:
    """Return the rounds as the list shows them, with pictures looked up at once."""
    found = covers(round.lot.tour_id for round in rounds)
    return [Card(round, due_at(round), found.get(round.lot.tour_id)) for round in rounds]


def due_at(round: Round) -> datetime | None:
    """Return the instant a visitor waits for: the opening or the end; None if there is none."""
    waits_for = {RoundState.ANNOUNCED: round.opens_at, RoundState.OPEN: round.closes_at}
    return waits_for.get(RoundState(round.state))


def _last_rounds() -> QuerySet[Round]:
    newest = Round.objects.filter(lot=OuterRef("lot")).order_by("-pk").values("pk")[:1]
    phase = Case(
        When(state__in=STATES[Phase.OPEN], then=Value(0)),
        When(state__in=STATES[Phase.SOON], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    due = Case(
        When(state__in=STATES[Phase.OPEN], then=F("closes_at")),
        When(state__in=STATES[Phase.SOON], then=F("opens_at")),
        default=Value(None),
        output_field=DateTimeField(),
    )
    stands = Coalesce("price_fen", "starting_price_fen")
    last = Round.objects.filter(pk=Subquery(newest), lot__practice=False).select_related("lot__tour")
    return last.annotate(phase=phase, due_at=due, stands_fen=stands)


def _matching(wanted: Wanted) -> Q:
    """Return the filter of all that is asked for exactly."""
    asked = {
        "lot__category": wanted.category,
        "lot__province": wanted.province,
        "state__in": STATES[Phase(wanted.phase)] if wanted.phase else "",
        "stands_fen__gte": wanted.least.fen if wanted.least else "",
        "stands_fen__lte": wanted.most.fen if wanted.most else "",
    }
    return Q(**{field: value for field, value in asked.items() if value != ""})


def _holding(word: str) -> Q:
    fields = ("title", "case_number", "court_name", "city", "province")
    found = Q()
    for field in fields:
        found |= Q(**{f"lot__{field}__icontains": word})
    return found
