"""The court's clocks after bidding ends; each is the last day on which the act is in time."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from auction.rules.law import CIVIL_PROCEDURE, CIVIL_PROCEDURE_READING, Article, cites, online_auction, sale
from enforcement.rules.sources import CASE_FUNDS

COUNTING = Article(CIVIL_PROCEDURE, 85)


@cites(sale(20), COUNTING)
def serve_ruling_by(paid_on: date) -> date:
    """Return the last day to serve the ruling: ten days after the whole price is paid."""
    return last_day(paid_on, 10)


@cites(sale(27), COUNTING)
def hand_over_by(served_on: date) -> date:
    """Return the last day to hand the property over: fifteen days after the ruling is served."""
    return last_day(served_on, 15)


@cites(online_auction(26, 1), COUNTING)
def auction_again_by(closed_on: date) -> date:
    """Return the last day for the second auction to open: thirty days after the first found no bid."""
    return last_day(closed_on, 30)


@cites(Article(CIVIL_PROCEDURE_READING, 509), COUNTING)
def object_by(served_on: date) -> date:
    """Return the last day to object to a distribution plan: fifteen days after it was served."""
    return last_day(served_on, 15)


@cites(Article(CASE_FUNDS, 10), COUNTING)
def pay_out_by(paid_on: date) -> date:
    """Return the last day to pay the case funds out: thirty days after they came (article unverified)."""
    return last_day(paid_on, 30)


@cites(COUNTING)
def last_day(start: date, days: int) -> date:
    """Return the last day of a period: the first day does not count, a holiday at the end rolls on."""
    day = start + timedelta(days=days)
    while not _works(day):
        day += timedelta(days=1)
    return day


def _works(day: date) -> bool:
    """Return whether offices work that day.

    The State Council publishes a year's holidays only the autumn before. For a year not yet known we look at
    weekends alone: the period then ends earlier than it might, which is the safe side for the court.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5
