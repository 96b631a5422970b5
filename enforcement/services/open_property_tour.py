"""Begin the tour of a property, which the court's officers may build."""

from __future__ import annotations

from django.db import transaction

from enforcement.models import Property
from enforcement.services.appoint_officer import tour_keepers
from enforcement.services.drafts import open_property
from viewing.models import Tour
from viewing.services.open_tour import open_tour


@transaction.atomic
def open_property_tour(*, property: Property) -> Tour:
    """Return the property's tour, begun now if it has none.

    :raises NotReady: if the property is announced without one
    """
    if property.tour is not None:
        return property.tour
    described = open_property(property)
    described.tour = open_tour(title=described.name, keepers=tour_keepers(described.case.court))
    described.save(update_fields=["tour"])
    return described.tour
