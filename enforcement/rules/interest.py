"""The doubled part of the interest for delayed performance (法释〔2014〕8号)."""

from __future__ import annotations

from datetime import date
from typing import Final

from auction.rules.law import CIVIL_PROCEDURE, Article, cites
from auction.rules.money import ZERO, Money
from enforcement.rules.sources import DELAY_INTEREST

A_DAY: Final = (175, 1_000_000)  # 日万分之一点七五


@cites(Article(DELAY_INTEREST, 1, 3), Article(CIVIL_PROCEDURE, 264))
def doubled(principal: Money, days: int) -> Money:
    """Return the doubled part on a money debt without its ordinary interest, rounded down to the fen."""
    part, whole = A_DAY
    return principal.share(part * max(days, 0), whole)


@cites(Article(DELAY_INTEREST, 2), Article(DELAY_INTEREST, 3))
def days_of_delay(due_on: date, until: date, stayed: int = 0) -> int:
    """Return the days that count, from the end of the performance period to the ruling on the sale.

    `stayed` are days of a stay the debtor did not ask for (art. 3¶3). The law does not say whether both
    ends count; we count the days after `due_on` up to and with `until`.
    """
    return max((until - due_on).days - stayed, 0)


@cites(Article(DELAY_INTEREST, 3, 2))
def doubled_until(principal: Money, due_on: date, until: date, stayed: int = 0) -> Money:
    """Return the doubled part from the end of the performance period to the ruling taking effect."""
    return doubled(principal, days_of_delay(due_on, until, stayed)) if principal > ZERO else ZERO
