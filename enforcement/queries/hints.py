"""The bounds and earliest days a wizard's page shows before anything is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings

from auction.rules.money import Money
from auction.rules.terms import (
    BEIJING,
    beijing_day,
    deposit_bounds,
    lead_days,
    least_starting_price,
    opens_from,
)
from enforcement.models import Listing, Party, PartyNotice
from enforcement.queries import facts
from enforcement.queries.announcement import decision_of, photos_of, scenes_of, texts_of
from enforcement.queries.progress import Step, progress
from enforcement.rules.notice import publish_from


@dataclass(frozen=True)
class Told:
    """One person to be notified, the notice so far, and from when it allows to publish."""

    party: Party
    notice: PartyNotice | None
    publish_from: date | None


def of_property(listing: Listing, at: datetime) -> dict[str, Any]:
    """Return the seizures and taxes the property step lists."""
    property = listing.property
    return {"seizures": list(property.seizures.all()), "taxes": list(property.taxes.order_by("pk"))}


def of_case(listing: Listing, at: datetime) -> dict[str, Any]:
    """Return the parties and claims the case step lists."""
    case = listing.property.case
    claims = case.claims.select_related("creditor").order_by("pk")
    return {"parties": list(case.parties.order_by("pk")), "claims": list(claims)}


def of_viewing(listing: Listing, at: datetime) -> dict[str, Any]:
    """Return how many scenes and photographs the tour has, and how many scenes are not ready."""
    scenes, unready = scenes_of(listing.property)
    photos = photos_of(listing.property)
    return {"scenes": scenes, "unready": unready, "photos": photos, "tour": listing.property.tour}


def of_price(listing: Listing, at: datetime) -> dict[str, Any]:
    """Return the reference price the listing rests on."""
    return {"price": listing.reference_price}


def of_decision(listing: Listing, at: datetime) -> dict[str, Any]:
    """Return the bounds of what the panel fixes."""
    price, before = listing.reference_price, facts.before(listing)
    if price is None:
        return {"price": None}
    least = least_starting_price(Money(price.amount_fen), before)
    deposit_least, deposit_most = deposit_bounds(least)
    bounds = {"least": least, "deposit_least": deposit_least, "deposit_most": deposit_most}
    return {"price": price, "before": before, "decision": decision_of(listing), **bounds}


def of_notices(listing: Listing, at: datetime) -> dict[str, Any]:
    """Return everybody to be notified, and the first day to publish."""
    done = {notice.party_id: notice for notice in listing.notices.all()}
    clear = settings.CLEAR_DAYS
    days = {one.name: publish_from(one, clear=clear) for one in facts.notified(listing)}
    told = [
        Told(party, done.get(party.pk), days.get(party.name)) for party in facts.parties_to_notify(listing)
    ]
    return {"told": told, "publish_from": _latest(told, beijing_day(at))}


def of_announcement(listing: Listing, at: datetime) -> dict[str, Any]:
    """Return the texts as they are, the first day to publish and the first instant to open after it."""
    publish = of_notices(listing, at)["publish_from"]
    days = lead_days(listing.kind, listing.property.category)
    published_at = max(at, datetime.combine(publish, time(0), BEIJING)) if publish else at
    opens = opens_from(published_at, days, clear=settings.CLEAR_DAYS)
    return {"texts": texts_of(listing), "publish_from": publish, "opens_from": opens, "lead_days": days}


def of_publish(listing: Listing, at: datetime) -> dict[str, Any]:
    """Return all that stands against publishing, by step, and the terms to look at once more."""
    open_steps: list[Step] = [step for step in progress(listing, at) if step.missing]
    blocked = any(not step.done for step in open_steps)
    return {
        "open_steps": open_steps,
        "blocked": blocked,
        "decision": decision_of(listing),
        "texts": texts_of(listing),
    }


def _latest(told: list[Told], today: date) -> date | None:
    days = [one.publish_from for one in told]
    known = [day for day in days if day is not None]
    return max([today, *known]) if len(known) == len(days) else None
