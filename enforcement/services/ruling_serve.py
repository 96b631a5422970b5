"""The ruling is served on the purchaser: title passes with it (法释〔2016〕18号 art. 22¶2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from auction.rules.law import online_auction
from enforcement import record
from enforcement.models import Officer, Ruling
from enforcement.record import Happened
from enforcement.rules.deadlines_after_sale import hand_over_by
from enforcement.rules.release import Hindrance, NotYet

SERVED: Final = Happened("ruling_served", online_auction(22, 2))


@dataclass(frozen=True)
class Service:
    """When a document reached its addressee, and by what that is proved."""

    on: date
    proof: str


@transaction.atomic
def serve_ruling(*, listing_id: int, service: Service, officer: Officer, at: datetime) -> Ruling:
    """Record the service of the ruling, with which title passes to the purchaser.

    :raises NotYet: if there is no ruling, or it was served before
    """
    ruling = Ruling.objects.select_for_update(of=("self",)).filter(listing_id=listing_id).first()
    if ruling is None:
        raise NotYet(Hindrance.RULING_FIRST)
    if ruling.served_on:
        raise NotYet(Hindrance.SERVED_ALREADY)
    ruling.served_on, ruling.service_proof = service.on, service.proof
    ruling.save(update_fields=["served_on", "service_proof"])
    said: record.Facts = {
        "listing": listing_id,
        "purchaser": ruling.purchaser,
        "on": service.on.isoformat(),
        "proof": service.proof,
        "hand_over_by": hand_over_by(service.on).isoformat(),
    }
    record.add(ruling.listing.property.case, SERVED, said, actor=officer, at=at)
    return ruling
