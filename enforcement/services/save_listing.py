"""Keep the draft of an announcement as far as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from enforcement.models import Listing
from enforcement.services.drafts import draft


@dataclass(frozen=True)
class Draft:
    """Title, times, what the officer adds to items, reasons to waive them, and the disclaimer of art. 15."""

    title: str
    opens_at: datetime | None
    closes_at: datetime | None
    additions: Mapping[int, str]
    waived: Mapping[int, str]
    disclaimer: bool


@transaction.atomic
def save_listing(*, listing: Listing, draft_of: Draft) -> Listing:
    """Save the draft; nothing need be complete.

    :raises NotReady: if the listing is published
    """
    listing = draft(listing)
    added = {str(number): {"text": text} for number, text in draft_of.additions.items() if text.strip()}
    waived = {str(number): {"waived": why} for number, why in draft_of.waived.items() if why.strip()}
    listing.title = draft_of.title
    listing.opens_at, listing.closes_at = draft_of.opens_at, draft_of.closes_at
    listing.items = added | waived
    listing.disclaimer = draft_of.disclaimer
    listing.save(update_fields=["title", "opens_at", "closes_at", "items", "disclaimer"])
    return listing
