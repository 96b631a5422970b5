"""The property is handed over to the purchaser (拍卖、变卖财产规定 art. 27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from auction.rules.law import sale
from enforcement import record
from enforcement.models import Officer, Ruling
from enforcement.record import Happened
from enforcement.rules.release import Hindrance, NotYet

HANDED_OVER: Final = Happened("handed_over", sale(27))


@dataclass(frozen=True)
class Handover:
    """When the property was handed over, and what was found and given."""

    on: date
    note: str


@transaction.atomic
def record_handover(*, listing_id: int, handover: Handover, officer: Officer, at: datetime) -> Ruling:
    """Record that the purchaser has the property.

    :raises NotYet: if the ruling is not served yet, or the property was handed over before
    """
    ruling = Ruling.objects.select_for_update(of=("self",)).filter(listing_id=listing_id).first()
    if ruling is None or ruling.served_on is None:
        raise NotYet(Hindrance.NOT_SERVED)
    if ruling.handed_over_on:
        raise NotYet(Hindrance.HANDED_OVER_ALREADY)
    ruling.handed_over_on, ruling.handover_note = handover.on, handover.note
    ruling.save(update_fields=["handed_over_on", "handover_note"])
    said: record.Facts = {"listing": listing_id, "on": handover.on.isoformat(), "note": handover.note}
    record.add(ruling.listing.property.case, HANDED_OVER, said, actor=officer, at=at)
    return ruling
