"""Add a property to a case, and describe it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from auction.rules.law import online_auction
from enforcement import record
from enforcement.models import Case, Officer, Property
from enforcement.record import Happened
from enforcement.services.drafts import open_property

ADDED = Happened("property_added", online_auction(6, None, 2))


@dataclass(frozen=True)
class Description:
    """All that is said of a property, by the names of `Property`."""

    category: str
    name: str
    province: str
    city: str = ""
    location: str = ""
    title: str = ""
    possession: str = ""
    burdens: str = ""
    defects: str = ""
    qualification: str = ""
    visits: str = ""


@transaction.atomic
def add_property(*, case: Case, description: Description, by: Officer, at: datetime) -> Property:
    """Add a property of the debtor to the case."""
    added = Property.objects.create(case=case, **asdict(description))
    record.add(case, ADDED, {"name": added.name}, actor=by, at=at)
    return added


@transaction.atomic
def describe_property(*, property: Property, description: Description) -> Property:
    """Save the description while nothing announced rests on it.

    :raises NotReady: if the property is announced
    """
    described = open_property(property)
    for name, value in asdict(description).items():
        setattr(described, name, value)
    described.save()
    return described
