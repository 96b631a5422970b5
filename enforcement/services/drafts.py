"""What may still change: a listing until it is published, a property while no round of it is under way."""

from __future__ import annotations

from auction.models import RoundState
from auction.rules.requirements import Missing, NotReady
from enforcement.models import Listing, Property
from enforcement.rules.case import Ask


def draft(listing: Listing) -> Listing:
    """Return the listing, locked, with all that an act may need; the caller is in a transaction.

    :raises NotReady: if it is published
    """
    rows = Listing.objects.select_for_update(of=("self",)).select_related("property__case__court")
    found = rows.get(pk=listing.pk)
    if found.published_at is not None:
        raise NotReady([Missing(Ask.PUBLISHED)])
    return found


def open_property(property: Property) -> Property:
    """Return the property, locked, if its description may change.

    :raises NotReady: if it is announced, or was sold
    """
    found = Property.objects.select_for_update(of=("self",)).select_related("case").get(pk=property.pk)
    announced = found.listings.filter(published_at__isnull=False)
    if announced.exclude(round__state__in=(RoundState.UNSOLD, RoundState.WITHDRAWN)).exists():
        raise NotReady([Missing(Ask.PUBLISHED)])
    return found
