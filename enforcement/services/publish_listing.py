"""Publish a listing: every gate is asked again, then the auction announces it and nothing changes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from auction.models import Round
from auction.rules.law import online_auction
from auction.rules.requirements import demand
from auction.services.announce import announce
from enforcement import record
from enforcement.models import Listing, Officer
from enforcement.queries.announcement import announcement_of
from enforcement.queries.progress import all_missing
from enforcement.record import Happened
from enforcement.services.drafts import draft

PUBLISHED = Happened("announced", online_auction(12))


@transaction.atomic
def publish_listing(*, listing: Listing, by: Officer, at: datetime) -> Round:
    """Announce the listing and keep its round.

    :raises NotReady: with everything that is missing, each with its article
    """
    listing = draft(listing)
    demand(all_missing(listing, at))
    listing.round = announce(announcement=announcement_of(listing, at), at=at)
    listing.published_at, listing.published_by = at, by
    listing.save(update_fields=["round", "published_at", "published_by"])
    told: record.Facts = {
        "title": listing.title,
        "kind": listing.kind,
        "listing": listing.pk,
        "lot": listing.round.lot_id,
        "round": listing.round.pk,
    }
    record.add(listing.property.case, PUBLISHED, told, actor=by, at=at)
    return listing.round
