"""The published texts, from templates and the facts of a listing; each waits until its facts are there."""

from __future__ import annotations

from typing import Any, Final

from django.template.loader import render_to_string

from enforcement.models import Listing, PanelDecision, Party
from enforcement.queries import facts

Known = dict[str, Any]

FOLDER: Final = "enforcement/announced"
ALWAYS: Final = ()
NEEDS: Final[dict[int, tuple[str, ...]]] = {
    1: ("court", "case", "decision", "times", "title"),
    2: ("title_document",),
    3: ("price",),
    4: ("decision", "times"),
    5: ("described",),
    6: ("decision",),
    7: ("notified",),
    8: ("decision", "account"),
    9: ("taxes",),
    10: ("contact",),
    11: ("decision",),
}
"""What each item of art. 13 is written from."""
WARNING_NEEDS: Final = {3: ("described",), 4: ("visits",)}


def item_text(known: Known, number: int) -> str:
    """Return the text of an item of art. 13, empty while its facts are missing."""
    return _written(known, f"item_{number}", NEEDS[number])


def warning_text(known: Known, number: int) -> str:
    """Return the text of a warning of art. 14, empty while its facts are missing."""
    return _written(known, f"warning_{number}", WARNING_NEEDS.get(number, ALWAYS))


def _written(known: Known, name: str, needs: tuple[str, ...]) -> str:
    if not all(known[need] for need in needs):
        return ""
    text = render_to_string(f"{FOLDER}/{name}.txt", known)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def known_of(listing: Listing) -> Known:
    """Return all that the texts are written from; what is not known yet is empty."""
    property, case = listing.property, listing.property.case
    notified = facts.notified(listing)
    told = [one for one in notified if one.done_on]
    decision = PanelDecision.objects.filter(listing=listing).first()
    return {
        "listing": listing,
        "property": property,
        "case": case,
        "court": case.court,
        "title": listing.title.strip(),
        "title_document": case.title_document.strip(),
        "price": listing.reference_price,
        "decision": decision,
        "times": listing.opens_at and listing.closes_at,
        "described": property.title and property.possession and property.defects and property.burdens,
        "visits": property.visits,
        "notified": told if len(told) == len(notified) else [],
        "account": case.court.account_number,
        "taxes": list(property.taxes.order_by("pk")),
        "contact": case.court.phone and case.court.supervision_phone,
        "debtors": _names(listing, Party.Side.DEBTOR),
        "rights": _rights(listing, decision),
    }


def _names(listing: Listing, side: str) -> str:
    parties = listing.property.case.parties.filter(side=side).order_by("pk")
    return "、".join(party.name for party in parties)


def _rights(listing: Listing, decision: PanelDecision | None) -> list[dict[str, Any]]:
    """Return the ranked rights with their holders' names."""
    rights = decision.priority if decision else []
    names = {party.pk: party.name for party in facts.priority_parties(listing)}
    return [right | {"holder": names.get(right["party"], "")} for right in rights]
