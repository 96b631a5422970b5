"""Who may register for a round: in time, of full capacity, not barred, and warned seven times."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from auction.rules.grounds import Ground, Refused
from auction.rules.law import HOUSE_BUYERS, Article, cites, online_auction

TAKING: Final = frozenset({"announced", "open", "suspended"})
"""States of a round that take registrations: the deposit may be paid until the bidding ends (art. 18¶1)."""

BARS: Final = {
    "office": Ground.BARRED_OFFICE,
    "defaulter": Ground.BARRED_DEFAULTER,
    "house": Ground.BARRED_HOUSE,
}


@dataclass(frozen=True)
class Bar:
    """An entry among the barred that names this candidate; without a lot it holds everywhere."""

    why: str
    lot: int | None = None


@cites(online_auction(18, 1))
def check_time(state: str, closes_at: datetime, at: datetime) -> None:
    """Take registrations until the bidding ends, extensions included; while it is suspended it has not ended.

    :raises Refused: if the round takes no more
    """
    if state not in TAKING or (state != "suspended" and at >= closes_at):
        raise Refused(Ground.REGISTRATION_CLOSED)


@cites(online_auction(14, None, 1))
def check_capacity(adult_on: date | None, today: date) -> None:
    """Take persons of full age; organisations have no such day.

    :raises Refused: if the person is a minor
    """
    if adult_on is not None and today < adult_on:
        raise Refused(Ground.NO_CAPACITY)


@cites(online_auction(34))
def check_office(works_here: bool) -> None:
    """Refuse whoever works here for a court or the platform.

    The article names the executing court's own staff; who has a desk here sees more than bidders do, whatever
    his court, so we chose to refuse every one.

    :raises Refused: if the person has a desk here
    """
    if works_here:
        raise Refused(Ground.BARRED_OFFICE)


@cites(online_auction(34), online_auction(24, 2), Article(HOUSE_BUYERS, 1))
def check_bars(bars: AbstractSet[Bar], *, lot: int, category: str) -> None:
    """Refuse the court, the provider and their people everywhere, a defaulter on his lot, others for houses.

    :raises Refused: if an entry bars the candidate from this lot
    """
    for why, ground in BARS.items():
        if any(bar.why == why and _touches(bar, lot, category) for bar in bars):
            raise Refused(ground)


def _touches(bar: Bar, lot: int, category: str) -> bool:
    return bar.lot in (None, lot) and (bar.why != "house" or category == "house")


@cites(online_auction(14))
def check_warnings(ticked: AbstractSet[str], published: AbstractSet[str]) -> None:
    """Require that every warning was ticked in exactly the words that were published (digests).

    :raises Refused: if one is missing or another text was shown
    """
    if not published or ticked != published:
        raise Refused(Ground.WARNINGS_UNREAD)
