"""The panel that decides the five matters of art. 27: price, cut, increment, deposit and priority ranks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from auction.rules.law import CIVIL_PROCEDURE, Article, cites, online_auction
from auction.rules.requirements import Missing, Requirement

LEAST_MEMBERS: Final = 3


class Ask(Requirement):
    """What the law asks of the panel and its decision."""

    DECISION = ("decision_missing", online_auction(27))
    MEMBERS = ("panel_small", online_auction(27))
    ODD = ("panel_even", Article(CIVIL_PROCEDURE, 40, 1))
    PRESIDING = ("panel_without_presiding_judge", online_auction(27))
    COURT = ("panel_of_other_court", online_auction(27))
    DOCUMENT = ("decision_undocumented", online_auction(27))
    DATE = ("decision_date_wrong", online_auction(27))
    RANK = ("priority_unranked", online_auction(19, 2))


@dataclass(frozen=True)
class Member:
    """One member of the panel."""

    officer: int
    court: int
    presiding: bool


@dataclass(frozen=True)
class Decision:
    """A decision as drawn up: who, its document and date; ranks by priority purchaser (1 is best)."""

    members: Collection[Member]
    document: str
    decided_on: date
    ranks: dict[int, int | None]


@cites(online_auction(27), Article(CIVIL_PROCEDURE, 40, 1))
def panel_faults(members: Collection[Member], court: int) -> Iterator[Missing]:
    """Yield what the panel lacks: three different members, an odd number, of this court, one presiding."""
    count = len({member.officer for member in members})
    if count < LEAST_MEMBERS:
        yield Missing(Ask.MEMBERS, {"least": LEAST_MEMBERS})
    elif count % 2 == 0:
        yield Missing(Ask.ODD)
    if not any(member.presiding for member in members):
        yield Missing(Ask.PRESIDING)
    if any(member.court != court for member in members):
        yield Missing(Ask.COURT)


@cites(online_auction(19), online_auction(27))
def decision_faults(decision: Decision, priced_on: date, today: date) -> Iterator[Missing]:
    """Yield what the decision lacks; it follows the reference price, and ranks every priority purchaser."""
    if not decision.document.strip():
        yield Missing(Ask.DOCUMENT)
    if not priced_on <= decision.decided_on <= today:
        yield Missing(Ask.DATE, {"earliest": priced_on})
    if any(rank is None or rank < 1 for rank in decision.ranks.values()):
        yield Missing(Ask.RANK)
