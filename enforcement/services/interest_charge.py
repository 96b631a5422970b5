"""Doubled interest for delayed performance becomes a claim once the ruling has fixed its last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from auction.rules.law import Article
from auction.rules.money import ZERO, Money
from enforcement import record
from enforcement.models import Claim, Listing, Officer, Ruling
from enforcement.record import Happened
from enforcement.rules.interest import days_of_delay, doubled_until
from enforcement.rules.release import Hindrance, NotYet
from enforcement.rules.sources import DELAY_INTEREST
from enforcement.services.plan_state import still_open

CHARGED: Final = Happened("interest_charged", Article(DELAY_INTEREST, 3, 2))


@dataclass(frozen=True)
class Delay:
    """A claim in delay: what bears doubled interest, the day its period ended, days that do not count."""

    claim_id: int
    principal: Money
    due_on: date
    stayed: int


@transaction.atomic
def charge_interest(*, listing_id: int, delay: Delay, officer: Officer, at: datetime) -> Claim:
    """Add the doubled interest of a claim, reckoned to the day the ruling took effect, as a claim of its own.

    :raises NotYet: if the ruling is not served, the sum comes to nothing, or the plan is no draft
    """
    listing = (
        Listing.objects.select_for_update(of=("self",)).select_related("property__case").get(pk=listing_id)
    )
    still_open(listing)
    until = _effective(listing)
    claim = Claim.objects.get(pk=delay.claim_id, case=listing.property.case)
    amount = doubled_until(min(delay.principal, Money(claim.amount_fen)), delay.due_on, until, delay.stayed)
    if amount <= ZERO:
        raise NotYet(Hindrance.NOT_A_SUM)
    charged = Claim.objects.create(
        case=claim.case,
        creditor=claim.creditor,
        kind=Claim.Kind.INTEREST,
        amount_fen=amount.fen,
        basis=_basis(delay, until),
    )
    said: record.Facts = {
        "listing": listing_id,
        "creditor": claim.creditor.name,
        "amount": amount.fen,
        "basis": charged.basis,
    }
    record.add(claim.case, CHARGED, said, actor=officer, at=at)
    return charged


def _effective(listing: Listing) -> date:
    served = Ruling.objects.filter(listing=listing).values_list("served_on", flat=True).first()
    if served is None:
        raise NotYet(Hindrance.NOT_SERVED)
    return served


def _basis(delay: Delay, until: date) -> str:
    """Return how the sum came about, in the court's words."""
    days = days_of_delay(delay.due_on, until, delay.stayed)
    return f"加倍部分债务利息：{delay.principal}元×日万分之一点七五×{days}日（{delay.due_on}起至{until}）"
