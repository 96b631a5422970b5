"""The terms of a round within their bounds: price, deposit, increment, window, lead time (arts. 10-26)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from auction.rules.law import cites, online_auction
from auction.rules.money import ZERO, Money
from auction.rules.requirements import Missing, Requirement
from auction.rules.window import LEAST_WINDOW

BEIJING: Final = timezone(timedelta(hours=8))  # all of China keeps one time, without summer time
MOVABLES: Final = frozenset({"movable", "vehicle"})
FIRST: Final = frozenset({"first_auction", "resale"})

LEAST_OF_REFERENCE: Final = 70  # per cent, art. 10¶2
DEEPEST_CUT: Final = 20  # per cent, art. 26¶1
LEAST_DEPOSIT: Final = 5  # per cent, art. 17¶1
MOST_DEPOSIT: Final = 20
LEAD_FIRST: Final = {True: 15, False: 30}  # days by "is it movable", art. 12¶1
LEAD_AGAIN: Final = {True: 7, False: 15}  # art. 26¶1


class Ask(Requirement):
    """What the law asks of the terms."""

    STARTING_PRICE = ("starting_price_low", online_auction(10, 2))
    CUT = ("cut_deep", online_auction(26, 1))
    DEPOSIT = ("deposit_out_of_bounds", online_auction(17, 1))
    INCREMENT = ("increment_missing", online_auction(20, 1))
    WINDOW = ("window_short", online_auction(20, 2))
    LEAD = ("lead_short", online_auction(12, 1))
    LEAD_AGAIN = ("lead_short_again", online_auction(26, 1))
    TOO_LATE = ("opens_too_late", online_auction(26, 1))


@dataclass(frozen=True)
class Before:
    """The round before, that found no bid: its starting price, and the last day to open again (art. 26¶1)."""

    starting_price: Money
    open_by: date


@dataclass(frozen=True)
class Prices:
    """What the panel fixes, beside the reference price it was fixed by; `before` for a second auction."""

    reference: Money
    starting: Money
    increment: Money
    deposit: Money
    before: Before | None = None


@dataclass(frozen=True)
class Times:
    """When a round of a kind and category is announced, opens and closes; aware instants."""

    kind: str
    category: str
    published_at: datetime
    opens_at: datetime
    closes_at: datetime
    before: Before | None = None


@cites(online_auction(10, 2), online_auction(26, 1))
def least_starting_price(reference: Money, before: Before | None = None) -> Money:
    """Return the least starting price: 70 % of the reference, or 80 % of the round before; rounded up."""
    base, percent = (before.starting_price, 100 - DEEPEST_CUT) if before else (reference, LEAST_OF_REFERENCE)
    return Money(-(-base.fen * percent // 100))


@cites(online_auction(17, 1))
def deposit_bounds(starting: Money) -> tuple[Money, Money]:
    """Return the least and the most deposit: 5 to 20 % of the starting price."""
    return Money(-(-starting.fen * LEAST_DEPOSIT // 100)), starting.share(MOST_DEPOSIT, 100)


@cites(online_auction(10), online_auction(17, 1), online_auction(20, 1), online_auction(26, 1))
def price_faults(prices: Prices) -> Iterator[Missing]:
    """Yield every bound that the prices break."""
    floor = least_starting_price(prices.reference, prices.before)
    if prices.starting < floor or prices.starting <= ZERO:
        yield Missing(Ask.CUT if prices.before else Ask.STARTING_PRICE, {"least": floor})
    least, most = deposit_bounds(prices.starting)
    if not least <= prices.deposit <= most:
        yield Missing(Ask.DEPOSIT, {"least": least, "most": most})
    if prices.increment <= ZERO:
        yield Missing(Ask.INCREMENT)


@cites(online_auction(12, 1), online_auction(20, 2), online_auction(26, 1))
def time_faults(times: Times, *, clear: bool) -> Iterator[Missing]:
    """Yield every bound that the times break."""
    if times.closes_at - times.opens_at < LEAST_WINDOW:
        yield Missing(Ask.WINDOW)
    days = lead_days(times.kind, times.category)
    earliest = opens_from(times.published_at, days, clear=clear)
    if times.opens_at < earliest:
        ask = Ask.LEAD if times.kind in FIRST else Ask.LEAD_AGAIN
        yield Missing(ask, {"days": days, "earliest": earliest})
    if times.before and beijing_day(times.opens_at) > times.before.open_by:
        yield Missing(Ask.TOO_LATE, {"latest": times.before.open_by})


@cites(online_auction(12, 1), online_auction(26, 1))
def lead_days(kind: str, category: str) -> int:
    """Return how many days before the bidding the announcement must be out: 15 or 30, then 7 or 15."""
    return (LEAD_FIRST if kind in FIRST else LEAD_AGAIN)[category in MOVABLES]


@cites(online_auction(12, 1))
def opens_from(published_at: datetime, days: int, *, clear: bool) -> datetime:
    """Return the first instant the bidding may open.

    The law counts "days before" and is silent on whether both ends count. With `clear`, our default, neither
    the day of publication nor that of the opening does (民事诉讼法第85条); without it, their difference is
    enough.
    """
    day = beijing_day(published_at) + timedelta(days=days + (1 if clear else 0))
    return datetime.combine(day, time(0), BEIJING).astimezone(UTC)


@cites(online_auction(12, 1))
def beijing_day(at: datetime) -> date:
    """Return the day an instant falls on in China."""
    return at.astimezone(BEIJING).date()
