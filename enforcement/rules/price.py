"""The reference price and its validity (法释〔2018〕15号 arts. 4, 14, 27)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from auction.rules.law import REFERENCE_PRICE, Article, cites
from auction.rules.money import ZERO, Money
from auction.rules.requirements import Missing, Requirement

MONTHS_AFTER_VALIDITY: Final = 6
START_WITHIN: Final = timedelta(days=30)
PRICE_AFTER: Final = Article(REFERENCE_PRICE, 1)


class Ask(Requirement):
    """What the law asks of a reference price."""

    PRICE = ("reference_price_missing", Article(REFERENCE_PRICE, 2))
    AMOUNT = ("reference_price_nothing", Article(REFERENCE_PRICE, 2))
    PROOF = ("reference_price_unproven", Article(REFERENCE_PRICE, 4, 2))
    REPORT = ("appraisal_report_missing", Article(REFERENCE_PRICE, 14))
    VALIDITY = ("validity_over_a_year", Article(REFERENCE_PRICE, 27, 1))
    EXPIRED = ("reference_price_expired", Article(REFERENCE_PRICE, 27, 3))
    STALE = ("sale_after_validity", Article(REFERENCE_PRICE, 27, 3))


@dataclass(frozen=True)
class Reference:
    """A reference price: its way (agreement or appraisal), amount, document, date and last valid day."""

    way: str
    amount: Money
    document: str
    dated_on: date
    valid_until: date


@cites(PRICE_AFTER)
def start_within(seized_on: date) -> date:
    """Return the last day to begin finding a reference price: thirty days after the seizure."""
    return seized_on + START_WITHIN


@cites(Article(REFERENCE_PRICE, 27, 1))
def valid_until_most(dated_on: date) -> date:
    """Return the last day a price of this date may be valid: one year on (29 February ends on the 28th)."""
    return _months_on(dated_on, 12)


@cites(Article(REFERENCE_PRICE, 4, 2), Article(REFERENCE_PRICE, 14), Article(REFERENCE_PRICE, 27, 1))
def price_faults(price: Reference) -> Iterator[Missing]:
    """Yield what a reference price lacks when it is set."""
    if price.amount <= ZERO:
        yield Missing(Ask.AMOUNT)
    if not price.document.strip():
        yield Missing(Ask.PROOF if price.way == "agreement" else Ask.REPORT)
    most = valid_until_most(price.dated_on)
    if not price.dated_on <= price.valid_until <= most:
        yield Missing(Ask.VALIDITY, {"most": most})


@cites(Article(REFERENCE_PRICE, 27, 3))
def validity_faults(
    price: Reference, published_on: date, closes_on: date, *, first: bool
) -> Iterator[Missing]:
    """Yield a fault if the first announcement comes after the validity, or any sale six months after it."""
    if first and published_on > price.valid_until:
        yield Missing(Ask.EXPIRED, {"until": price.valid_until})
    most = _months_on(price.valid_until, MONTHS_AFTER_VALIDITY)
    if closes_on > most:
        yield Missing(Ask.STALE, {"until": most})


def _months_on(day: date, months: int) -> date:
    """Return the same day some months on, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
