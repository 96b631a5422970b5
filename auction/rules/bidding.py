"""How bids are judged: ascending from the starting price, and a priority purchaser's equal bid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from auction.rules.grounds import Ground, Refused
from auction.rules.law import AUCTION_LAW, Article, cites, online_auction
from auction.rules.money import LARGEST_FEN, Money
from auction.rules.window import Window


@dataclass(frozen=True, slots=True)
class Bid:
    """An offer by a bidder's number, at its arrival; `rank` is his priority, if he has one (1 is best)."""

    bidder: int
    amount: Money
    at: datetime
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a round: its terms, the end that now holds, the leading bid and how many have stood.

    The law does not forbid the leading bidder to raise himself; he gains nothing by it, so `may_raise_own`
    is off unless the court says otherwise.
    """

    starting_price: Money
    increment: Money
    window: Window
    leading: Bid | None = None
    count: int = 0
    may_raise_own: bool = False


@cites(online_auction(11), online_auction(20), online_auction(21), Article(AUCTION_LAW, 36))
def place(standing: Standing, bid: Bid) -> Standing:
    """Return what stands after the bid.

    :raises Refused: if the bid does not stand
    """
    _in_time(standing, bid)
    _a_price(bid)
    _not_his_own(standing, bid)
    _enough(standing, bid)
    return Standing(
        starting_price=standing.starting_price,
        increment=standing.increment,
        window=standing.window.after_bid(bid.at),
        leading=bid,
        count=standing.count + 1,
        may_raise_own=standing.may_raise_own,
    )


@cites(online_auction(20, 1), online_auction(21))
def least(standing: Standing, rank: int | None = None) -> Money:
    """Return the least a bidder of this rank may offer now: the first bid may equal the starting price."""
    leading = standing.leading
    if leading is None:
        return standing.starting_price
    if outranks(rank, leading.rank):
        return leading.amount
    return leading.amount + standing.increment


@cites(online_auction(21))
def outranks(rank: int | None, other: int | None) -> bool:
    """Return whether one rank may match the other's price: the better rank, or any rank over none.

    At the same rank the earlier bid stays (art. 21¶2).
    """
    return rank is not None and (other is None or rank < other)


def _enough(standing: Standing, bid: Bid) -> None:
    """See that it is a step up, or for a rank that may match it the very price: nothing in between."""
    lowest = least(standing, bid.rank)
    matches = standing.leading is not None and bid.amount == lowest
    if bid.amount < lowest or (not matches and bid.amount < least(standing)):
        raise Refused(Ground.TOO_LOW, least=lowest)


def _in_time(standing: Standing, bid: Bid) -> None:
    if bid.at < standing.window.opens_at:
        raise Refused(Ground.TOO_EARLY, opens_at=standing.window.opens_at)
    if not standing.window.admits(bid.at):
        raise Refused(Ground.OUT_OF_TIME, closes_at=standing.window.closes_at)


def _a_price(bid: Bid) -> None:
    if not 0 < bid.amount.fen <= LARGEST_FEN:
        raise Refused(Ground.NOT_A_PRICE)


def _not_his_own(standing: Standing, bid: Bid) -> None:
    leading = standing.leading
    if leading is not None and leading.bidder == bid.bidder and not standing.may_raise_own:
        raise Refused(Ground.ALREADY_LEADING)
