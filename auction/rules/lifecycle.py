"""The life of a round as one table: from a state an act leads to a state, by an article."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from auction.rules.grounds import Ground, Refused
from auction.rules.law import Article, cites, online_auction


class State(StrEnum):
    """Where a round is; a second auction, sell-off or resale is a new round."""

    ANNOUNCED = "announced"
    OPEN = "open"
    SUSPENDED = "suspended"
    SOLD = "sold"
    CONFIRMED = "confirmed"
    UNSOLD = "unsold"
    WITHDRAWN = "withdrawn"
    DEFAULTED = "defaulted"
    SET_ASIDE = "set_aside"


class Act(StrEnum):
    """What may be done to a round."""

    OPEN = "open"
    BID = "bid"
    SELL = "sell"
    PASS_IN = "pass_in"  # noqa: S105 (流拍)
    SUSPEND = "suspend"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    DEFAULT = "default"
    SET_ASIDE = "set_aside"


TABLE: Final[dict[tuple[State, Act], tuple[State, Article]]] = {
    (State.ANNOUNCED, Act.OPEN): (State.OPEN, online_auction(20)),
    (State.ANNOUNCED, Act.WITHDRAW): (State.WITHDRAWN, online_auction(28)),
    (State.OPEN, Act.BID): (State.OPEN, online_auction(20)),
    (State.OPEN, Act.SELL): (State.SOLD, online_auction(20, 2)),
    (State.OPEN, Act.PASS_IN): (State.UNSOLD, online_auction(26)),
    (State.OPEN, Act.SUSPEND): (State.SUSPENDED, online_auction(28)),
    (State.OPEN, Act.WITHDRAW): (State.WITHDRAWN, online_auction(28)),
    (State.SUSPENDED, Act.RESUME): (State.OPEN, online_auction(28, 4)),
    (State.SUSPENDED, Act.WITHDRAW): (State.WITHDRAWN, online_auction(28)),
    (State.SOLD, Act.CONFIRM): (State.CONFIRMED, online_auction(22)),
    (State.SOLD, Act.DEFAULT): (State.DEFAULTED, online_auction(24)),
    (State.CONFIRMED, Act.DEFAULT): (State.DEFAULTED, online_auction(24)),
    (State.CONFIRMED, Act.SET_ASIDE): (State.SET_ASIDE, online_auction(31)),
}

BIDDING_OVER: Final = frozenset(
    {State.SOLD, State.CONFIRMED, State.UNSOLD, State.WITHDRAWN, State.DEFAULTED, State.SET_ASIDE}
)


@cites(online_auction(20), online_auction(22), online_auction(24), online_auction(26), online_auction(28))
def after(state: str, act: Act) -> State:
    """Return the state after an act.

    :raises Refused: if the table has no such move
    """
    move = TABLE.get((State(state), act))
    if move is None:
        raise Refused(_ground(State(state), act), state=state)
    return move[0]


@cites(online_auction(18, 1), online_auction(22, 1))
def bidding_is_over(state: str) -> bool:
    """Return whether the bidding has ended for good, so that identities may be opened."""
    return State(state) in BIDDING_OVER


def _ground(state: State, act: Act) -> Ground:
    if act is not Act.BID:
        return Ground.WRONG_STATE
    if state is State.SUSPENDED:
        return Ground.SUSPENDED
    return Ground.TOO_EARLY if state is State.ANNOUNCED else Ground.OUT_OF_TIME
