"""Enter a seizure of a property, or its renewal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from auction.rules.requirements import demand
from enforcement import record
from enforcement.models import Officer, Property, Seizure
from enforcement.record import Happened
from enforcement.rules.deadlines import SEIZING, Seized, seizure_faults

SEIZED = Happened("seized", SEIZING)


@dataclass(frozen=True)
class NewSeizure:
    """A seizure's turn (1 is the first), its ruling, its day and the last day it lasts."""

    order: int
    document: str
    seized_on: date
    expires_on: date


@transaction.atomic
def add_seizure(*, property: Property, seizure: NewSeizure, by: Officer, at: datetime) -> Seizure:
    """Enter the seizure.

    :raises NotReady: if it is ordered for longer than the law allows
    """
    seized = Seized(seizure.order, seizure.seized_on, seizure.expires_on)
    demand(seizure_faults(property.category, seized))
    added = Seizure.objects.create(
        property=property,
        order=seizure.order,
        document=seizure.document,
        seized_on=seizure.seized_on,
        expires_on=seizure.expires_on,
    )
    facts = {
        "name": property.name,
        "document": added.document,
        "seized_on": added.seized_on.isoformat(),
        "expires_on": added.expires_on.isoformat(),
    }
    record.add(property.case, SEIZED, facts, actor=by, at=at)
    return added
