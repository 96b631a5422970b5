"""The bidding window and its five minutes, vector 7 of the law's list among others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from auction.rules.window import CLOSE_DELAY, DECIDE_WITHIN, Window

END = datetime(2026, 5, 26, 2, 0, tzinfo=UTC)
WINDOW = Window(opens_at=END - timedelta(hours=24), closes_at=END)


@pytest.mark.parametrize(
    ("before_end", "left"),
    [
        (timedelta(minutes=5, seconds=1), timedelta(minutes=5, seconds=1)),
        (timedelta(minutes=5), timedelta(minutes=5)),
        (timedelta(minutes=4, seconds=59), timedelta(minutes=5)),
        (timedelta(seconds=1), timedelta(minutes=5)),
    ],
)
def test_a_bid_leaves_at_least_five_minutes(before_end: timedelta, left: timedelta) -> None:
    at = END - before_end

    assert WINDOW.after_bid(at).closes_at - at == left


@pytest.mark.parametrize(
    ("at", "in_time"),
    [
        (WINDOW.opens_at - timedelta(milliseconds=1), False),
        (WINDOW.opens_at, True),
        (END - timedelta(milliseconds=1), True),
        (END, False),
    ],
)
def test_the_opening_is_in_time_and_the_end_is_late(at: datetime, in_time: bool) -> None:
    assert WINDOW.admits(at) is in_time


def test_377_extensions_in_a_row_end_five_minutes_after_the_last_bid() -> None:
    window, at = WINDOW, END - timedelta(seconds=1)

    for _ in range(377):
        window = window.after_bid(at)
        at = window.closes_at - timedelta(seconds=1)

    assert window.closes_at == END + 377 * timedelta(minutes=5) - 377 * timedelta(seconds=1)


def test_nothing_closes_while_a_bid_in_time_may_be_undecided() -> None:
    assert CLOSE_DELAY > DECIDE_WITHIN
    assert not WINDOW.may_close(END + CLOSE_DELAY - timedelta(milliseconds=1))
    assert WINDOW.may_close(END + CLOSE_DELAY)


@pytest.mark.parametrize(
    ("left", "given"), [(timedelta(hours=1), timedelta(hours=1)), (timedelta(0), timedelta(minutes=5))]
)
def test_a_resumed_round_has_the_time_that_was_left_and_five_minutes_at_least(
    left: timedelta, given: timedelta
) -> None:
    resumed_at = END + timedelta(days=1)

    assert WINDOW.resumed(END - left, resumed_at).closes_at == resumed_at + given
