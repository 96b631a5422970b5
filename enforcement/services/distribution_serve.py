"""The plan is served on creditors and debtor, who may object for fifteen days (民诉法解释 art. 509)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from auction.rules.law import CIVIL_PROCEDURE_READING, Article
from enforcement import record
from enforcement.models import Distribution, Officer
from enforcement.record import Happened
from enforcement.rules.deadlines_after_sale import object_by
from enforcement.rules.release import Hindrance, NotYet

SERVED: Final = Happened("plan_served", Article(CIVIL_PROCEDURE_READING, 509))


@dataclass(frozen=True)
class PlanService:
    """The day the last of them had the plan; `statements` names the papers in which none objects."""

    on: date
    statements: str = ""


@transaction.atomic
def serve_distribution(
    *, listing_id: int, service: PlanService, officer: Officer, at: datetime
) -> Distribution:
    """Record the service of the plan; from now on it does not change.

    :raises NotYet: if there is no plan in draft
    """
    plan = Distribution.objects.select_for_update(of=("self",)).filter(listing_id=listing_id).first()
    if plan is None:
        raise NotYet(Hindrance.PLAN_FIRST)
    if plan.state != Distribution.State.DRAFT:
        raise NotYet(Hindrance.PLAN_CLOSED)
    plan.state, plan.served_on, plan.statements = Distribution.State.SERVED, service.on, service.statements
    plan.save(update_fields=["state", "served_on", "statements"])
    said: record.Facts = {
        "listing": listing_id,
        "on": service.on.isoformat(),
        "object_by": object_by(service.on).isoformat(),
        "statements": service.statements,
    }
    record.add(plan.listing.property.case, SERVED, said, actor=officer, at=at)
    return plan
