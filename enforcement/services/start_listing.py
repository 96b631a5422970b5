"""Start to bring a property to sale: the first auction, or the second after one without a bid (art. 26)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from auction.models import RoundKind, RoundState
from auction.rules.requirements import Missing, NotReady
from enforcement.models import Listing, Property
from enforcement.rules.case import Ask


@transaction.atomic
def start_listing(*, property: Property, at: datetime) -> Listing:
    """Return the property's draft, begun now if it has none.

    :raises NotReady: if a round of it is under way or sold it, or two auctions found no bid
    """
    Property.objects.select_for_update().get(pk=property.pk)
    last = property.listings.order_by("-pk").select_related("round").first()
    if last is None:
        return Listing.objects.create(property=property, title=property.name, created_at=at)
    if last.round is None:
        return last
    return _again(last, last.round.state, at)


def _again(last: Listing, state: str, at: datetime) -> Listing:
    if state == RoundState.WITHDRAWN:
        return _after(last, last.kind, last.follows, at)
    if state != RoundState.UNSOLD or last.kind != RoundKind.FIRST_AUCTION:
        raise NotReady([Missing(Ask.PUBLISHED)])
    return _after(last, RoundKind.SECOND_AUCTION, last, at)


def _after(last: Listing, kind: str, follows: Listing | None, at: datetime) -> Listing:
    return Listing.objects.create(
        property=last.property,
        reference_price=last.reference_price,
        kind=kind,
        follows=follows,
        title=last.title,
        items=last.items,
        disclaimer=last.disclaimer,
        created_at=at,
    )
