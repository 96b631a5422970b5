"""What a bidder's own pages show: his registration, where his money is, and what he may do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from auction.models import Balance, Bidder, Deposit, Person, RealName, Round
from auction.queries.bidders import registrations_of
from auction.rules.deposit import CARD_MOST, Rail, State, rails
from auction.rules.money import Money


@dataclass(frozen=True)
class Mine:
    """One registration as its owner sees it."""

    bidder: Bidder
    deposit: Deposit
    balance: Balance | None

    @property
    def round(self) -> Round:
        """Return the round."""
        return self.bidder.round

    @property
    def won(self) -> bool:
        """Return whether this bidder bought the lot."""
        sold = self.round.state in ("sold", "confirmed", "defaulted")
        return sold and self.round.leading_id == self.bidder.pk

    @property
    def owed(self) -> Money:
        """Return what is still owed of the price."""
        return Money(self.balance.amount_fen - self.balance.received_fen) if self.balance else Money(0)


@dataclass(frozen=True)
class Ways:
    """How a deposit may be paid now, and why not otherwise."""

    rails: tuple[Rail, ...]
    above_card: bool
    too_long_to_hold: bool


def mine(bidder: Bidder) -> Mine:
    """Return one registration with its deposit and balance."""
    deposit = Deposit.objects.get(bidder=bidder)
    return Mine(bidder, deposit, Balance.objects.filter(bidder=bidder).first())


def all_mine(person: Person) -> list[Mine]:
    """Return all registrations of a person, the one that ends last first."""
    return [mine(bidder) for bidder in registrations_of(person)]


def ways(deposit: Deposit, round: Round, at: datetime) -> Ways:
    """Return how this deposit may be paid now."""
    amount = Money(deposit.amount_fen)
    offered = rails(amount, round.closes_at, at) if deposit.state == State.DUE else ()
    return Ways(offered, amount > CARD_MOST, Rail.CHARGE in offered)


def real_name_of(person: Person) -> RealName | None:
    """Return the person's proved name."""
    return RealName.objects.filter(person=person).first()
