"""Two people release case funds, and nobody while an objection is still possible."""

from __future__ import annotations

from datetime import date

import pytest

from enforcement.rules.release import Hindrance, NotYet, by_a_second_person, in_default, unopposed

SERVED = date(2026, 6, 1)
LAST = date(2026, 6, 16)
AFTER = date(2026, 6, 17)


def test_the_drafter_may_not_release() -> None:
    with pytest.raises(NotYet) as refusal:
        by_a_second_person(7, 7)

    assert refusal.value.hindrance is Hindrance.SAME_OFFICER
    by_a_second_person(7, 8)


@pytest.mark.parametrize(
    ("served_on", "stated", "today", "hindrance"),
    [
        (None, False, AFTER, Hindrance.PLAN_NOT_SERVED),
        (None, True, AFTER, Hindrance.PLAN_NOT_SERVED),
        (SERVED, False, LAST, Hindrance.OBJECTIONS_OPEN),
    ],
)
def test_several_creditors_wait_for_service_and_fifteen_days(
    served_on: date | None, stated: bool, today: date, hindrance: Hindrance
) -> None:
    with pytest.raises(NotYet) as refusal:
        unopposed(2, served_on, stated, today)

    assert refusal.value.hindrance is hindrance


@pytest.mark.parametrize(
    ("creditors", "served_on", "stated", "today"),
    [
        (2, SERVED, False, AFTER),
        (2, SERVED, True, SERVED),
        (1, None, False, SERVED),
        (0, None, False, SERVED),
    ],
)
def test_after_the_last_day_or_with_everybodys_word_the_way_is_free(
    creditors: int, served_on: date | None, stated: bool, today: date
) -> None:
    unopposed(creditors, served_on, stated, today)


@pytest.mark.parametrize(
    ("due_on", "paid", "today", "hindrance"),
    [
        (SERVED, True, AFTER, Hindrance.PAID_ALREADY),
        (LAST, False, LAST, Hindrance.STILL_TIME),
        (None, False, AFTER, Hindrance.STILL_TIME),
    ],
)
def test_nobody_is_in_default_who_paid_or_still_may(
    due_on: date | None, paid: bool, today: date, hindrance: Hindrance
) -> None:
    with pytest.raises(NotYet) as refusal:
        in_default(due_on, paid, today)

    assert refusal.value.hindrance is hindrance


def test_who_has_not_paid_after_the_announced_day_is_in_default() -> None:
    in_default(LAST, False, AFTER)


@pytest.mark.parametrize("hindrance", list(Hindrance), ids=lambda hindrance: hindrance.code)
def test_every_hindrance_carries_its_article(hindrance: Hindrance) -> None:
    assert str(hindrance.article).endswith(("条", "款", "项"))
