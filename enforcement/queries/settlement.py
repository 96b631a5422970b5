"""How far the settlement of a listing is, for its page and for the acts that need to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from auction.documents import day_of
from auction.models import Balance, Deposit, Document, Round, RoundState
from auction.rules.money import ZERO, Money
from auction.rules.terms import Before, least_starting_price
from auction.services import ledger
from enforcement.models import Distribution, Listing, Ruling
from enforcement.rules import deadlines_after_sale as deadlines


@dataclass(frozen=True)
class Clock:
    """A deadline and whether it was, or still can be, kept."""

    by: date
    done_on: date | None
    today: date

    @property
    def late(self) -> bool:
        """Return whether the act came, or would now come, after its last day."""
        return (self.done_on or self.today) > self.by


@dataclass(frozen=True)
class Stage:
    """A stage of the settlement; `next` marks the first that is not done."""

    name: str
    done: bool
    next: bool


@dataclass(frozen=True)
class Settlement:
    """Everything the settlement page shows of one listing."""

    listing: Listing
    round: Round
    confirmation: Document | None
    deposit: Deposit | None
    balance: Balance | None
    ruling: Ruling | None
    distribution: Distribution | None
    funds: Money
    today: date

    @property
    def price(self) -> Money:
        """Return the price at which the lot was sold, nothing if it was not."""
        return Money(self.round.price_fen or 0) if self.round.leading_id else ZERO

    @property
    def paid(self) -> bool:
        """Return whether the whole price has come."""
        return paid_on(self.round) is not None

    @property
    def overdue(self) -> bool:
        """Return whether the last day for the balance has passed and it is not paid."""
        owed = self.balance
        return bool(
            owed and not self.paid and self.today > owed.due_on and self.round.state == RoundState.CONFIRMED
        )

    @property
    def stages(self) -> list[Stage]:
        """Return the stages in order."""
        done = {
            "confirmed": self.confirmation is not None,
            "paid": self.paid,
            "served": bool(self.ruling and self.ruling.served_on),
            "handed_over": bool(self.ruling and self.ruling.handed_over_on),
            "paid_out": bool(self.distribution and self.distribution.paid_at),
        }
        first = next((name for name, is_done in done.items() if not is_done), None)
        return [Stage(name, is_done, name == first) for name, is_done in done.items()]

    @property
    def ruling_clock(self) -> Clock | None:
        """Return the clock of serving the ruling, which starts with full payment."""
        start = paid_on(self.round)
        served = self.ruling.served_on if self.ruling else None
        return Clock(deadlines.serve_ruling_by(start), served, self.today) if start else None

    @property
    def handover_clock(self) -> Clock | None:
        """Return the clock of the handover, which starts with service."""
        if self.ruling is None or self.ruling.served_on is None:
            return None
        return Clock(deadlines.hand_over_by(self.ruling.served_on), self.ruling.handed_over_on, self.today)

    @property
    def payout_clock(self) -> Clock | None:
        """Return the clock of paying the case funds out, which starts with full payment."""
        start = paid_on(self.round)
        paid_out = self.distribution.paid_at if self.distribution else None
        done = day_of(paid_out) if paid_out else None
        return Clock(deadlines.pay_out_by(start), done, self.today) if start else None

    @property
    def again_clock(self) -> Clock | None:
        """Return by when the second auction must be held after a first without a bid."""
        if (
            self.round.state != RoundState.UNSOLD
            or self.round.kind != "first_auction"
            or not self.round.closed_at
        ):
            return None
        return Clock(deadlines.auction_again_by(day_of(self.round.closed_at)), None, self.today)

    @property
    def lowest_again(self) -> Money | None:
        """Return the lowest starting price of the second auction (art. 26¶1), None where there is none."""
        clock, starting = self.again_clock, Money(self.round.starting_price_fen)
        return least_starting_price(starting, Before(starting, clock.by)) if clock else None


def settlement_of(listing: Listing, today: date) -> Settlement | None:
    """Return a published listing's settlement, None for a draft."""
    round = listing.round
    if round is None:
        return None
    winner = round.leading
    return Settlement(
        listing=listing,
        round=round,
        confirmation=round.documents.filter(kind=Document.Kind.CONFIRMATION).first(),
        deposit=Deposit.objects.filter(bidder=winner).first() if winner else None,
        balance=Balance.objects.filter(round=round).first(),
        ruling=Ruling.objects.filter(listing=listing).first(),
        distribution=Distribution.objects.filter(listing=listing).first(),
        funds=ledger.balance(ledger.case(listing.property.case.number)),
        today=today,
    )


def paid_on(round: Round) -> date | None:
    """Return the day the whole price had come, None before."""
    balance = Balance.objects.filter(round=round, state=Balance.State.PAID).first()
    return day_of(balance.paid_at) if balance and balance.paid_at else None
