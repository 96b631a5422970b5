"""Costs, reserved rent and taxes that leave the proceeds before any claim (执行工作规定 art. 34¶2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from auction.rules.money import ZERO, Money
from enforcement import record
from enforcement.models import Cost, Listing, Officer
from enforcement.record import Happened
from enforcement.rules.distribution import ARTICLES, Step
from enforcement.rules.release import Hindrance, NotYet
from enforcement.services.plan_state import still_open

ADDED: Final = {step: Happened("cost_added", ARTICLES[Step(step)]) for step in Cost.Step.values}


@dataclass(frozen=True)
class Spent:
    """A sum with its receipt: `step` is a value of `Cost.Step`, the turn it is paid in."""

    step: str
    name: str
    payee: str
    receipt: str
    amount: Money


@transaction.atomic
def add_cost(*, listing_id: int, spent: Spent, officer: Officer, at: datetime) -> Cost:
    """Add a cost of the sale; a plan in draft must then be drawn up again.

    :raises NotYet: if the sum is nothing, or the plan was served or paid out
    """
    if spent.amount <= ZERO:
        raise NotYet(Hindrance.NOT_A_SUM)
    listing = (
        Listing.objects.select_for_update(of=("self",)).select_related("property__case").get(pk=listing_id)
    )
    still_open(listing)
    cost = Cost.objects.create(
        listing=listing,
        step=spent.step,
        name=spent.name,
        payee=spent.payee,
        receipt=spent.receipt,
        amount_fen=spent.amount.fen,
        added_by=officer,
        at=at,
    )
    said: record.Facts = {
        "listing": listing_id,
        "name": spent.name,
        "amount": spent.amount.fen,
        "receipt": spent.receipt,
    }
    record.add(listing.property.case, ADDED[spent.step], said, actor=officer, at=at)
    return cost
