"""How long a seizure lasts, and whether it covers the sale (民诉法解释 art. 485)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from auction.rules.law import CIVIL_PROCEDURE_READING, Article, cites
from auction.rules.requirements import Missing, Requirement
from auction.rules.terms import MOVABLES

SEIZING: Final = Article(CIVIL_PROCEDURE_READING, 485, 1)
RENEWAL: Final = Article(CIVIL_PROCEDURE_READING, 485, 2)
YEARS: Final = {"deposit": 1, "movable": 2, "other": 3}
AFTER_THE_SALE: Final = timedelta(days=60)  # balance, ruling and service still need the seizure


class Ask(Requirement):
    """What the law asks of a seizure."""

    SEIZURE = ("seizure_missing", SEIZING)
    TOO_LONG = ("seizure_too_long", SEIZING)
    LAPSED = ("seizure_lapsed", RENEWAL)
    LAPSES = ("seizure_lapses", RENEWAL)


@dataclass(frozen=True)
class Seized:
    """A seizure: its turn (1 is the first), its day, and the last day it lasts."""

    order: int
    seized_on: date
    expires_on: date


@cites(SEIZING)
def seizure_lasts_until(category: str, seized_on: date) -> date:
    """Return the last day a seizure may last: two years for movables, three for all else sold here."""
    years = YEARS["movable" if category in MOVABLES else "other"]
    try:
        return seized_on.replace(year=seized_on.year + years)
    except ValueError:
        return date(seized_on.year + years, 2, 28)


@cites(SEIZING)
def seizure_faults(category: str, seized: Seized) -> Iterator[Missing]:
    """Yield a fault if a seizure is ordered for longer than the law allows, or ends before it begins."""
    most = seizure_lasts_until(category, seized.seized_on)
    if not seized.seized_on <= seized.expires_on <= most:
        yield Missing(Ask.TOO_LONG, {"most": most})


@cites(SEIZING, RENEWAL)
def cover_faults(seizures: Collection[Seized], closes_on: date) -> Iterator[Missing]:
    """Yield a fault if no seizure covers the sale, a warning if it would lapse before the sale is done.

    A sale without a seizure in force has no ground to stand on: that blocks. The sixty days after the end of
    the bidding are ours: the law only asks to renew before the seizure ends.
    """
    if not seizures:
        yield Missing(Ask.SEIZURE)
        return
    until = max(seizure.expires_on for seizure in seizures)
    if until < closes_on:
        yield Missing(Ask.LAPSED, {"until": until})
    elif until < closes_on + AFTER_THE_SALE:
        yield Missing(Ask.LAPSES, {"until": until}, blocks=False)
