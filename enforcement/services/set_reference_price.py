"""Set the reference price a listing rests on (法释〔2018〕15号)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from auction.rules.law import REFERENCE_PRICE, Article
from auction.rules.money import Money
from auction.rules.requirements import demand
from enforcement import record
from enforcement.models import Listing, Officer, ReferencePrice
from enforcement.record import Happened
from enforcement.rules.price import Reference, price_faults
from enforcement.services.drafts import draft

PRICED = Happened("reference_price_set", Article(REFERENCE_PRICE, 2))


@dataclass(frozen=True)
class NewPrice:
    """Way (`ReferencePrice.Way`), amount, who gave it, its document, its day and the last day it is valid."""

    way: str
    amount: Money
    by: str
    document: str
    dated_on: date
    valid_until: date


@transaction.atomic
def set_reference_price(*, listing: Listing, price: NewPrice, by: Officer, at: datetime) -> ReferencePrice:
    """Keep the price and let the listing rest on it; a price replaced stays in the file.

    :raises NotReady: if it lacks its document or is valid for too long, or the listing is published
    """
    listing = draft(listing)
    demand(
        price_faults(Reference(price.way, price.amount, price.document, price.dated_on, price.valid_until))
    )
    listing.reference_price = ReferencePrice.objects.create(
        property=listing.property,
        way=price.way,
        amount_fen=price.amount.fen,
        by=price.by,
        document=price.document,
        dated_on=price.dated_on,
        valid_until=price.valid_until,
    )
    listing.save(update_fields=["reference_price"])
    valid_until = price.valid_until.isoformat()
    facts: record.Facts = {"way": price.way, "amount": price.amount.fen, "valid_until": valid_until}
    record.add(listing.property.case, PRICED, facts, actor=by, at=at)
    return listing.reference_price
