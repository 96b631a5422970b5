"""The life of a round as one table."""

from __future__ import annotations

from itertools import product

import pytest

from auction.rules import lifecycle
from auction.rules.grounds import Ground, Refused
from auction.rules.lifecycle import Act, State, after


@pytest.mark.parametrize(("state", "act"), list(product(State, Act)))
def test_a_move_is_in_the_table_or_refused(state: State, act: Act) -> None:
    if move := lifecycle.TABLE.get((state, act)):
        assert after(state, act) is move[0]
    else:
        with pytest.raises(Refused):
            after(state, act)


def test_a_round_that_ended_is_never_open_again() -> None:
    reached = {to for (state, _), (to, _) in lifecycle.TABLE.items() if lifecycle.bidding_is_over(state)}

    assert reached <= lifecycle.BIDDING_OVER


@pytest.mark.parametrize(
    ("state", "ground"),
    [
        (State.ANNOUNCED, Ground.TOO_EARLY),
        (State.SUSPENDED, Ground.SUSPENDED),
        (State.SOLD, Ground.OUT_OF_TIME),
        (State.WITHDRAWN, Ground.OUT_OF_TIME),
    ],
)
def test_a_bid_outside_the_bidding_learns_why(state: State, ground: Ground) -> None:
    with pytest.raises(Refused) as refused:
        after(state, Act.BID)

    assert refused.value.ground is ground


def test_identities_stay_sealed_until_the_bidding_is_over() -> None:
    assert [state for state in State if not lifecycle.bidding_is_over(state)] == [
        State.ANNOUNCED,
        State.OPEN,
        State.SUSPENDED,
    ]
