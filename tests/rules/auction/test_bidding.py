"""How bids are judged: vectors 6–12 of the law's list, properties, and an exhaustive small world.

The oracle at the end reads articles 20 and 21 again, word for word and without the code's words: whole
numbers, plain tuples, no windows. Every sequence of bids in a small world must end the same by both.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.rules.bidding import Bid, Standing, least, place
from auction.rules.grounds import Ground, Refused
from auction.rules.money import LARGEST_FEN, Money, yuan
from auction.rules.window import Window

OPENING = datetime(2026, 5, 25, 2, 0, tzinfo=UTC)
NOON = OPENING + timedelta(hours=2)
LIN, ZHAO, OTHER = 1, 2, 3
START, STEP = yuan(700_000), yuan(5_000)
BEGIN = Standing(START, STEP, Window(OPENING, OPENING + timedelta(hours=24)))


def ground_of(standing: Standing, bid: Bid) -> Ground:
    with pytest.raises(Refused) as refused:
        place(standing, bid)
    return refused.value.ground


def test_one_bidder_at_the_starting_price_is_enough() -> None:
    standing = place(BEGIN, Bid(LIN, START, NOON))

    assert standing.leading == Bid(LIN, START, NOON)
    assert standing.count == 1


def test_below_the_starting_price_a_bid_is_void() -> None:
    assert ground_of(BEGIN, Bid(LIN, START - Money(1), NOON)) is Ground.TOO_LOW


@pytest.mark.parametrize("raise_by", [STEP, STEP + Money(1), STEP * 400])
def test_a_later_bid_may_rise_by_any_amount_from_the_increment_up(raise_by: Money) -> None:
    standing = place(BEGIN, Bid(LIN, START + Money(94), NOON))
    bid = Bid(OTHER, START + Money(94) + raise_by, NOON)

    assert place(standing, bid).leading == bid


def test_a_later_bid_below_the_increment_does_not_stand() -> None:
    standing = place(BEGIN, Bid(LIN, START, NOON))

    assert ground_of(standing, Bid(OTHER, START + STEP - Money(1), NOON)) is Ground.TOO_LOW


def test_two_identical_amounts_are_won_by_the_earlier() -> None:
    standing = place(BEGIN, Bid(LIN, START, NOON))

    assert ground_of(standing, Bid(OTHER, START, NOON)) is Ground.TOO_LOW


def test_priority_purchasers_match_by_rank() -> None:
    standing = place(BEGIN, Bid(OTHER, yuan(800_000), NOON))
    standing = place(standing, Bid(ZHAO, yuan(800_000), NOON, rank=2))
    standing = place(standing, Bid(LIN, yuan(800_000), NOON, rank=1))

    assert ground_of(standing, Bid(ZHAO, yuan(800_000), NOON, rank=2)) is Ground.TOO_LOW
    assert least(standing) == yuan(805_000)


@pytest.mark.parametrize("more", [Money(1), STEP - Money(1)])
def test_a_priority_purchaser_offers_the_price_or_a_step_more_and_nothing_between(more: Money) -> None:
    standing = place(BEGIN, Bid(OTHER, START, NOON))

    assert ground_of(standing, Bid(ZHAO, START + more, NOON, rank=1)) is Ground.TOO_LOW


def test_the_same_rank_does_not_match() -> None:
    standing = place(BEGIN, Bid(ZHAO, START, NOON, rank=1))

    assert ground_of(standing, Bid(LIN, START, NOON, rank=1)) is Ground.TOO_LOW


def test_an_equal_bid_extends_like_any_other() -> None:
    late = BEGIN.window.closes_at - timedelta(seconds=1)
    standing = place(BEGIN, Bid(OTHER, START, NOON))

    assert place(standing, Bid(ZHAO, START, late, rank=1)).window.closes_at == late + timedelta(minutes=5)


def test_the_leading_bidder_does_not_raise_himself_unless_the_court_lets_him() -> None:
    standing = place(BEGIN, Bid(LIN, START, NOON))
    raised = Bid(LIN, START + STEP, NOON)

    assert ground_of(standing, raised) is Ground.ALREADY_LEADING
    assert (
        place(Standing(START, STEP, BEGIN.window, standing.leading, 1, may_raise_own=True), raised).count == 2
    )


def test_a_leading_priority_purchaser_does_not_match_himself() -> None:
    standing = place(BEGIN, Bid(ZHAO, START, NOON, rank=1))

    assert least(standing, 1) == START + STEP


@pytest.mark.parametrize(
    ("at", "ground"),
    [
        (OPENING - timedelta(milliseconds=1), Ground.TOO_EARLY),
        (OPENING + timedelta(hours=24), Ground.OUT_OF_TIME),
    ],
)
def test_a_bid_outside_the_window_is_refused(at: datetime, ground: Ground) -> None:
    assert ground_of(BEGIN, Bid(LIN, START, at)) is ground


@pytest.mark.parametrize("amount", [Money(0), Money(-1), Money(LARGEST_FEN + 1)])
def test_what_is_no_amount_is_no_price(amount: Money) -> None:
    assert ground_of(BEGIN, Bid(LIN, amount, NOON)) is Ground.NOT_A_PRICE


offers = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 60), st.integers(0, 25 * 60), st.sampled_from([None, 1, 2])),
    max_size=30,
)


def stood(drawn: list[tuple[int, int, int, int | None]]) -> list[Bid]:
    """Return the bids that stood, of those drawn, in order of time."""
    standing, bids = BEGIN, list[Bid]()
    for bidder, steps, minutes, rank in sorted(drawn, key=lambda offer: offer[2]):
        bid = Bid(bidder, START + STEP * steps, OPENING + timedelta(minutes=minutes), rank)
        with suppress(Refused):
            standing = place(standing, bid)
            bids.append(bid)
    assert standing.count == len(bids)
    return bids


@given(offers)
def test_prices_rise_by_the_increment_unless_a_better_rank_matches(
    drawn: list[tuple[int, int, int, int | None]],
) -> None:
    for before, bid in pairwise(stood(drawn)):
        if bid.amount == before.amount:
            assert bid.rank is not None
            assert before.rank is None or bid.rank < before.rank
        else:
            assert bid.amount.fen - before.amount.fen >= STEP.fen


# The exhaustive small world: three bidders of ranks none, 2, 1; three prices; four instants around the end.

RANKS = {1: None, 2: 2, 3: 1}
PRICES = (9, 10, 11, 12)  # the starting price is 10, the increment 2
MINUTES = (54, 56, 60, 61)  # the window is minutes 0 to 60


def oracle(bids: tuple[tuple[int, int, int], ...]) -> tuple[int, int, int] | None:
    """Return purchaser, price and end by articles 20 and 21, read literally."""
    best: tuple[int, int] | None = None
    end = 60
    for who, amount, minute in bids:
        if minute < end and amount >= 10 and (best is None or beats(best, who, amount)):
            best = who, amount
            end = minute + 5 if end - minute < 5 else end
    return None if best is None else (*best, end)


def beats(best: tuple[int, int], who: int, amount: int) -> bool:
    """Return whether someone's offer takes the lead from the best one."""
    holder, price = best
    if who == holder:
        return False
    if amount == price and RANKS[who] is not None:
        return RANKS[holder] is None or RANKS[who] < RANKS[holder]  # type: ignore[operator]
    return amount >= price + 2


def judged(bids: tuple[tuple[int, int, int], ...]) -> tuple[int, int, int] | None:
    standing = Standing(Money(10), Money(2), Window(OPENING, OPENING + timedelta(minutes=60)))
    for who, amount, minute in bids:
        try:
            standing = place(
                standing, Bid(who, Money(amount), OPENING + timedelta(minutes=minute), RANKS[who])
            )
        except Refused:
            continue
    if standing.leading is None:
        return None
    end = (standing.window.closes_at - OPENING) // timedelta(minutes=1)
    return standing.leading.bidder, standing.leading.amount.fen, end


def test_every_sequence_of_bids_in_a_small_world_ends_as_the_articles_say() -> None:
    offers = list(product(RANKS, PRICES, MINUTES))
    worlds = [bids for size in (1, 2, 3) for bids in product(offers, repeat=size)]
    in_order = [bids for bids in worlds if list(bids) == sorted(bids, key=lambda bid: bid[2])]

    wrong = [bids for bids in in_order if judged(bids) != oracle(bids)]

    assert len(in_order) > 10_000
    assert wrong == []
