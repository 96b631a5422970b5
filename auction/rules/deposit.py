"""The deposit: how much, by which rail, and where it may go (arts. 17, 18, 23, 24, 25)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from auction.rules.grounds import Ground, Refused
from auction.rules.law import Article, cites, online_auction
from auction.rules.money import ZERO, Money

RELEASE_WITHIN: Final = timedelta(hours=24)
EXTENSIONS: Final = timedelta(hours=12)
"""How much later than announced a round may end before a hold would be too short. The law sets no end to
extensions; we chose twelve hours, and a hold that still runs out is turned into a charge in time."""
CARD_HOLD: Final = timedelta(days=7)
"""How long an authorisation lasts that the cardholder began himself (Visa, Mastercard, UnionPay: 7 days)."""
CARD_MOST: Final = Money(99_999_999)
CARD_LEAST: Final = Money(400)
"""What the card provider takes in one payment: eight digits of fen, and about 0.50 USD."""


class Rail(StrEnum):
    """How a deposit comes."""

    HOLD = "stripe_hold"
    CHARGE = "stripe_charge"
    BANK = "bank"
    EXEMPT = "exempt"


class State(StrEnum):
    """Where a deposit is."""

    DUE = "due"
    HELD = "held"
    RELEASED = "released"
    APPLIED = "applied"
    FORFEITED = "forfeited"
    LAPSED = "lapsed"


class Act(StrEnum):
    """What may be done to a deposit."""

    SECURE = "secure"
    RELEASE = "release"
    BOUNCE = "bounce"
    APPLY = "apply"
    FORFEIT = "forfeit"
    LAPSE = "lapse"


TABLE: Final[dict[tuple[State, Act], tuple[State, Article]]] = {
    (State.DUE, Act.SECURE): (State.HELD, online_auction(18, 1)),
    (State.DUE, Act.LAPSE): (State.LAPSED, online_auction(18, 1)),
    (State.HELD, Act.LAPSE): (State.LAPSED, online_auction(18, 1)),
    (State.HELD, Act.RELEASE): (State.RELEASED, online_auction(23)),
    (State.RELEASED, Act.BOUNCE): (State.HELD, online_auction(23)),
    (State.HELD, Act.APPLY): (State.APPLIED, online_auction(25)),
    (State.HELD, Act.FORFEIT): (State.FORFEITED, online_auction(24, 1)),
    (State.APPLIED, Act.FORFEIT): (State.FORFEITED, online_auction(24, 1)),
}


@cites(online_auction(18, 1), online_auction(23), online_auction(24, 1), online_auction(25))
def after(state: str, act: Act) -> State:
    """Return the state after an act.

    :raises Refused: if the table has no such move
    """
    move = TABLE.get((State(state), act))
    if move is None:
        raise Refused(Ground.WRONG_STATE, state=state)
    return move[0]


@cites(online_auction(17, 2))
def required(deposit: Money, claim: Money | None) -> Money:
    """Return what must be paid: an applicant is exempt, or pays by how much his claim falls short."""
    return deposit if claim is None else max(ZERO, deposit - claim)


@cites(online_auction(17, 2), online_auction(23))
def rails(amount: Money, closes_at: datetime, at: datetime) -> tuple[Rail, ...]:
    """Return the rails a deposit may take now, the preferred one first; a bank transfer always does."""
    if not amount:
        return (Rail.EXEMPT,)
    if not CARD_LEAST <= amount <= CARD_MOST:
        return (Rail.BANK,)
    card = Rail.HOLD if outlasts(at + CARD_HOLD, closes_at) else Rail.CHARGE
    return (card, Rail.BANK)


@cites(online_auction(23), online_auction(25))
def outlasts(capture_before: datetime, closes_at: datetime) -> bool:
    """Return whether a hold lasts until the deposit must have been released or applied."""
    return closes_at + EXTENSIONS + RELEASE_WITHIN < capture_before


@cites(online_auction(23), online_auction(25))
def settle_by(ended_at: datetime) -> datetime:
    """Return until when the deposits of an ended round must be back, or in the court's account."""
    return ended_at + RELEASE_WITHIN


@cites(online_auction(23))
def is_late(release_by: datetime, at: datetime) -> bool:
    """Return whether the day for giving back has passed."""
    return at > release_by
