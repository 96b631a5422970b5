"""How far a settlement is, and what stands in the way of its next step."""

from __future__ import annotations

from datetime import date

from auction.rules.law import CIVIL_PROCEDURE_READING, Article, Reason, cites, online_auction, sale
from enforcement.rules.deadlines_after_sale import object_by
from enforcement.rules.sources import CASE_FUNDS


class Hindrance(Reason):
    """Why a step of the settlement cannot be taken: `code` names its sentence, `article` its source."""

    NOT_CONFIRMED = ("not_confirmed", online_auction(22, 1))
    PAID_ALREADY = ("paid_already", online_auction(25))
    STILL_TIME = ("still_time", online_auction(25))
    NOT_PAID = ("not_paid", online_auction(25))
    RULED_ALREADY = ("ruled_already", sale(20))
    RULING_FIRST = ("ruling_first", sale(20))
    SERVED_ALREADY = ("served_already", online_auction(22, 2))
    NOT_SERVED = ("not_served", sale(27))
    HANDED_OVER_ALREADY = ("handed_over_already", sale(27))
    NOT_A_SUM = ("not_a_sum", online_auction(7))
    PLAN_CLOSED = ("plan_closed", Article(CASE_FUNDS, 11))
    PLAN_FIRST = ("plan_first", Article(CIVIL_PROCEDURE_READING, 509))
    PLAN_NOT_SERVED = ("plan_not_served", Article(CIVIL_PROCEDURE_READING, 509))
    OBJECTIONS_OPEN = ("objections_open", Article(CIVIL_PROCEDURE_READING, 509))
    SAME_OFFICER = ("same_officer", Article(CASE_FUNDS, 11))
    FUNDS_MISSING = ("funds_missing", online_auction(25))
    STILL_SEALED = ("still_sealed", online_auction(18, 1))
    CLAIMS_CHANGED = ("claims_changed", Article(CIVIL_PROCEDURE_READING, 509))


class NotYet(Exception):
    """A step of the settlement is refused on a ground the officer may read."""

    def __init__(self, hindrance: Hindrance, **facts: object) -> None:
        super().__init__(f"{hindrance.code}: {hindrance.article}")
        self.hindrance = hindrance
        self.facts = facts


@cites(Article(CASE_FUNDS, 11))
def by_a_second_person(drafted_by: int, released_by: int) -> None:
    """Refuse a release of case funds by the officer who drew up the plan.

    The text we cite (unverified) asks for a superior's approval; we ask for any other officer of the court.

    :raises NotYet: if both are one
    """
    if drafted_by == released_by:
        raise NotYet(Hindrance.SAME_OFFICER)


@cites(Article(CIVIL_PROCEDURE_READING, 509))
def unopposed(creditors: int, served_on: date | None, stated: bool, today: date) -> None:
    """Refuse a release while somebody may still object to the plan.

    A plan is drawn up and served where several creditors share (art. 509); a single creditor needs none.
    Written statements of all that they do not object (`stated`) end the fifteen days early.

    :raises NotYet: if the plan is unserved, or its last day of objection has not passed
    """
    if creditors < 2:
        return
    if served_on is None:
        raise NotYet(Hindrance.PLAN_NOT_SERVED)
    if not stated and today <= object_by(served_on):
        raise NotYet(Hindrance.OBJECTIONS_OPEN, until=object_by(served_on))


@cites(online_auction(24, 1), online_auction(25), sale(22))
def in_default(due_on: date | None, paid: bool, today: date) -> None:
    """Refuse to find a default before the announced day for the balance has passed.

    :raises NotYet: if the balance is not demanded yet, is paid, or may still be paid in time
    """
    if paid:
        raise NotYet(Hindrance.PAID_ALREADY)
    if due_on is None or today <= due_on:
        raise NotYet(Hindrance.STILL_TIME, until=due_on)
