"""The court draws up who gets what of the proceeds (民诉法解释 arts. 508, 509, 514)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from auction.rules.law import CIVIL_PROCEDURE_READING, Article
from enforcement import record
from enforcement.models import Distribution, Listing, Officer, Ruling, Share
from enforcement.queries.dues import Paid, Plan, lines_of, price_of
from enforcement.record import Happened
from enforcement.rules.release import Hindrance, NotYet
from enforcement.services.plan_state import still_open

DRAFTED: Final = Happened("plan_drafted", Article(CIVIL_PROCEDURE_READING, 509))


@transaction.atomic
def draft_distribution(*, listing_id: int, plan: Plan, officer: Officer, at: datetime) -> Distribution:
    """Draw the plan up from costs, fee and claims as they are; a former draft is replaced.

    :raises NotYet: if the ruling is not served yet, or the plan was served or paid out
    """
    listing = (
        Listing.objects.select_for_update(of=("self",)).select_related("property__case").get(pk=listing_id)
    )
    still_open(listing)
    if not Ruling.objects.filter(listing=listing, served_on__isnull=False).exists():
        raise NotYet(Hindrance.NOT_SERVED)
    Distribution.objects.filter(listing=listing).delete()
    distribution = Distribution.objects.create(
        listing=listing,
        proceeds_fen=price_of(listing).fen,
        among=plan.among.value,
        drafted_at=at,
        drafted_by=officer,
    )
    lines = lines_of(listing, plan)
    Share.objects.bulk_create(share_of(distribution, order, paid) for order, paid in enumerate(lines, 1))
    said: record.Facts = {"listing": listing_id, "proceeds": distribution.proceeds_fen, "lines": len(lines)}
    record.add(listing.property.case, DRAFTED, said, actor=officer, at=at)
    return distribution


def share_of(distribution: Distribution, order: int, paid: Paid) -> Share:
    """Return a line of the plan as an unsaved row."""
    due = paid.line.due
    return Share(
        distribution=distribution,
        order=order,
        step=due.step.value,
        rank=due.rank,
        name=paid.payee.what,
        payee=paid.payee.name,
        account=paid.payee.account,
        claim=paid.payee.claim,
        asked_fen=due.asked.fen,
        given_fen=paid.line.given.fen,
        article=str(due.article),
    )
