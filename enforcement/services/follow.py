"""The court follows the auction's record by a cursor; the auction itself never calls up."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from auction import record as auction_record
from auction.documents import day_of
from auction.models import Event
from auction.rules.law import online_auction
from enforcement import record
from enforcement.models import Listing
from enforcement.record import Happened
from enforcement.rules.deadlines_after_sale import auction_again_by, serve_ruling_by

log = logging.getLogger(__name__)

Leaf = dict[str, Any]  # one entry of the auction's record, parsed
Said = tuple[Happened, record.Facts]

SUSPENDED: Final = Happened("auction_suspended", online_auction(28, 1))
RESUMED: Final = Happened("auction_resumed", online_auction(28, 4))
VOIDED: Final = Happened("auction_void", online_auction(28))
SOLD: Final = Happened("sold", online_auction(20, 2))
UNSOLD: Final = Happened("unsold", online_auction(26))
CONFIRMED: Final = Happened("confirmed", online_auction(22, 1))
PRICE_PAID: Final = Happened("price_paid", online_auction(25))
DEFAULTED: Final = Happened("defaulted", online_auction(24))


def follow_due(at: datetime) -> int:
    """Bring every listing up to its round's record; return how many entries were followed.

    Each listing has its own transaction; one that fails is logged and does not hold up the others.
    """
    behind = Listing.objects.filter(round__seq__gt=F("cursor")).values_list("pk", flat=True)
    return sum(_followed(pk, at) for pk in list(behind))


def _followed(listing_id: int, at: datetime) -> int:
    try:
        return follow(listing_id=listing_id, at=at)
    except Exception:
        log.exception("The record could not be followed for listing %s.", listing_id)
        return 0


@transaction.atomic
def follow(*, listing_id: int, at: datetime) -> int:
    """Put what the record says beyond the cursor into the case's line; return how many entries were read.

    Bids, registrations and the opening are the auction's own business and only move the cursor.
    """
    waiting = Listing.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=listing_id)
    listing = waiting.select_related("property__case", "round").first()
    if listing is None or listing.round is None:
        return 0
    entries = auction_record.after(listing.round.pk, listing.cursor)
    for entry in entries:
        _put(listing, entry)
        listing.cursor = entry.seq
    listing.save(update_fields=["cursor"])
    return len(entries)


def _put(listing: Listing, entry: Event) -> None:
    read = READERS.get(entry.kind)
    said = read(json.loads(entry.leaf), listing, entry.at) if read else None
    if said:
        what, facts = said
        whole = {"listing": listing.pk, "round": entry.round_id, **facts}
        record.add(listing.property.case, what, whole, actor=None, at=entry.at)


def _suspended(leaf: Leaf, listing: Listing, at: datetime) -> Said:
    return SUSPENDED, {"reason": leaf["reason"]}


def _resumed(leaf: Leaf, listing: Listing, at: datetime) -> Said:
    return RESUMED, {"reason": leaf["reason"]}


def _voided(leaf: Leaf, listing: Listing, at: datetime) -> Said:
    return VOIDED, {"reason": leaf["reason"]}


def _closed(leaf: Leaf, listing: Listing, at: datetime) -> Said:
    """Say sold or unsold; after a first auction without a bid, by when the second must be held (art. 26)."""
    if leaf["winner"] is not None:
        return SOLD, {"code": leaf["winner"], "price": leaf["price"]}
    first = listing.kind == "first_auction"
    again_by = auction_again_by(day_of(at)).isoformat() if first else None
    return UNSOLD, {"kind": listing.kind, "again_by": again_by}


def _noted(leaf: Leaf, listing: Listing, at: datetime) -> Said | None:
    match leaf["about"]:
        case "confirmation":
            return CONFIRMED, {"code": leaf.get("code"), "digest": leaf.get("digest")}
        case "paid":
            return PRICE_PAID, {
                "price": leaf.get("price"),
                "rule_by": serve_ruling_by(day_of(at)).isoformat(),
            }
        case "default":
            return DEFAULTED, {"code": leaf.get("code"), "reason": leaf.get("reason")}
    return None


READERS: Final[dict[str, Callable[[Leaf, Listing, datetime], Said | None]]] = {
    "suspend": _suspended,
    "resume": _resumed,
    "void": _voided,
    "close": _closed,
    "note": _noted,
}
