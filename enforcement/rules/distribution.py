"""Who is paid what out of the proceeds of a sale, in which order, exact to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Final

from auction.rules.law import CIVIL_PROCEDURE_READING, SALE, Article, cites, online_auction
from auction.rules.money import ZERO, Money
from enforcement.rules.sources import (
    BY_SEIZURE,
    CONSTRUCTION_PRICE,
    COSTS_FIRST,
    DELAY_INTEREST_LAST,
    DWELLING_RENT,
    FEE_SCALE,
    MORTGAGES_BY_REGISTRATION,
    PRO_RATA,
    SURPLUS_BACK,
    TAX_BEFORE_MORTGAGE,
)


class Step(Enum):
    """The steps of the order; their place in this list is their turn."""

    COST = "cost"
    FEE = "fee"
    RESERVE = "reserve"
    TAX = "tax"
    PRIORITY = "priority"
    ORDINARY = "ordinary"
    INTEREST = "interest"
    SURPLUS = "surplus"


class Among(Enum):
    """How ordinary claims stand among themselves."""

    PRO_RATA = "pro_rata"
    BY_SEIZURE = "by_seizure"


ORDER: Final = tuple(Step)
ARTICLES: Final = {
    Step.COST: COSTS_FIRST,
    Step.FEE: FEE_SCALE,
    Step.RESERVE: DWELLING_RENT,
    Step.TAX: TAX_BEFORE_MORTGAGE,
    Step.INTEREST: DELAY_INTEREST_LAST,
    Step.SURPLUS: SURPLUS_BACK,
}


@dataclass(frozen=True)
class Due:
    """What one payee asks: `key` is the caller's name for it, `rank` its turn in the step (1 first)."""

    key: str
    step: Step
    asked: Money
    article: Article
    rank: int = 1

    @property
    def turn(self) -> tuple[int, int]:
        """Return what sorts dues into the order of payment."""
        return ORDER.index(self.step), self.rank


@dataclass(frozen=True)
class Line:
    """What one due is given."""

    due: Due
    given: Money


@cites(
    COSTS_FIRST,
    Article(CIVIL_PROCEDURE_READING, 508),
    Article(CIVIL_PROCEDURE_READING, 514),
    Article(SALE, 28, 1),
)
def distribute(proceeds: Money, dues: Iterable[Due], debtor: str) -> list[Line]:
    """Return every due's line in the order of payment, and last the surplus to the debtor's key.

    Dues of one turn share pro rata; the lines sum to the proceeds exactly.
    """
    left, lines = proceeds, []
    for _, turn in groupby(sorted(dues, key=lambda due: due.turn), key=lambda due: due.turn):
        together = list(turn)
        given = pro_rata(left, [due.asked for due in together])
        lines += [Line(due, part) for due, part in zip(together, given, strict=True)]
        left = left - sum(given, ZERO)
    return [*lines, Line(Due(debtor, Step.SURPLUS, left, SURPLUS_BACK), left)]


@cites(PRO_RATA, MORTGAGES_BY_REGISTRATION)
def pro_rata(amount: Money, asked: Sequence[Money]) -> list[Money]:
    """Return what each gets of the amount, in whole fen, never more than asked.

    The law asks for proportion and is silent about the last fen: we give it by largest remainder, and of
    equal remainders to the one listed first.
    """
    whole = sum(asked, ZERO)
    if amount >= whole:
        return list(asked)
    given = [amount.share(each.fen, whole.fen) for each in asked]
    over = (amount - sum(given, ZERO)).fen
    remainders = [amount.fen * each.fen % whole.fen for each in asked]
    favoured = sorted(range(len(asked)), key=lambda place: -remainders[place])[:over]
    return [part + Money(place in favoured) for place, part in enumerate(given)]


@cites(COSTS_FIRST, online_auction(7), FEE_SCALE, DWELLING_RENT, TAX_BEFORE_MORTGAGE, DELAY_INTEREST_LAST)
def due(key: str, step: Step, asked: Money) -> Due:
    """Return a due of a step whose article is the same for everybody."""
    return Due(key, step, asked, ARTICLES[step])


@cites(CONSTRUCTION_PRICE, MORTGAGES_BY_REGISTRATION, Article(SALE, 28, 1))
def secured(key: str, kind: str, asked: Money, rank: int) -> Due:
    """Return a secured claim's due: the construction price first, then the others by their rank."""
    if kind == "construction":
        return Due(key, Step.PRIORITY, asked, CONSTRUCTION_PRICE, 0)
    article = MORTGAGES_BY_REGISTRATION if kind == "mortgage" else Article(SALE, 28, 1)
    return Due(key, Step.PRIORITY, asked, article, rank)


@cites(PRO_RATA, BY_SEIZURE)
def ordinary(key: str, asked: Money, among: Among, order: int) -> Due:
    """Return an ordinary claim's due: pro rata with the others, or in the order of seizure.

    A debtor who is a person or another organisation: participation, pro rata (art. 508). An enterprise
    legal person outside bankruptcy: in the order of the measures taken (art. 514), equal orders pro rata.
    """
    if among is Among.PRO_RATA:
        return Due(key, Step.ORDINARY, asked, PRO_RATA)
    return Due(key, Step.ORDINARY, asked, BY_SEIZURE, order)
