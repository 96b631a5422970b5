"""The announcement written from what the court found: nothing is typed twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q

from auction.models import Lot, Notice
from auction.rules.announcement import ITEMS, WARNINGS
from auction.rules.law import online_auction
from auction.rules.money import ZERO, Money
from auction.services.announce import Announcement, Applicant, Described, Fact, Priority, Texts
from enforcement.models import Court, Listing, PanelDecision, Party, Property
from enforcement.queries import facts
from enforcement.queries.texts import item_text, known_of, warning_text

ROWS = (
    ("title", "权属", online_auction(13, None, 5)),
    ("possession", "占有使用", online_auction(13, None, 5)),
    ("burdens", "权利负担", online_auction(14, None, 3)),
    ("defects", "已知瑕疵", online_auction(14, None, 3)),
    ("qualification", "买受人资格", online_auction(14, None, 1)),
    ("visits", "实地看样", online_auction(14, None, 4)),
)
"""What a lot's facts show, in the words of the law: the announced text is Chinese."""


def announcement_of(listing: Listing, at: datetime) -> Announcement:
    """Return all that would be announced now; the listing is complete."""
    decision, times = decision_of(listing), facts.times(listing, at)
    if decision is None or times is None:
        raise ValueError("the listing is not complete")
    fixed = (decision.starting_price_fen, decision.increment_fen, decision.deposit_fen)
    return Announcement(
        described=_described(listing),
        prices=facts.prices(listing, *map(Money, fixed)),
        times=times,
        balance_days=decision.balance_days,
        texts=texts_of(listing),
        priority=tuple(_priority(decision)),
        applicants=tuple(_applicants(listing)),
    )


def decision_of(listing: Listing) -> PanelDecision | None:
    """Return the panel's decision, if there is one."""
    return PanelDecision.objects.filter(listing=listing).first()


def texts_of(listing: Listing) -> Texts:
    """Return the texts as they were published, else as they now are; what cannot be written yet is empty."""
    if listing.round:
        return _published(listing.round.lot)
    known = known_of(listing)
    kept = {int(number): item for number, item in listing.items.items()}
    waived = {number: item["waived"] for number, item in kept.items() if "waived" in item}
    items = {
        slot.number: _with(item_text(known, slot.number), kept.get(slot.number, {}).get("text", ""))
        for slot in ITEMS
        if slot.number not in waived
    }
    warnings = {slot.number: warning_text(known, slot.number) for slot in WARNINGS}
    return Texts(items=items, warnings=warnings, waived=waived)


def _published(lot: Lot) -> Texts:
    texts = {(notice.kind, notice.number): notice.text for notice in lot.notices.all()}
    items = {number: text for (kind, number), text in texts.items() if kind == Notice.Kind.ITEM}
    warnings = {number: text for (kind, number), text in texts.items() if kind == Notice.Kind.WARNING}
    return Texts(items=items, warnings=warnings, waived={})


def _with(text: str, addition: str) -> str:
    return f"{text}\n{addition.strip()}" if text and addition.strip() else text


def _described(listing: Listing) -> Described:
    property, court = listing.property, listing.property.case.court
    return Described(
        title=listing.title,
        category=property.category,
        province=property.province,
        city=property.city,
        court_name=court.name,
        case_number=property.case.number,
        contact=_contact(court),
        facts=tuple(_rows(property)),
        tour=property.tour,
    )


def _contact(court: Court) -> dict[str, str]:
    return {
        "phone": court.phone,
        "address": court.address,
        "supervision_phone": court.supervision_phone,
        "account_name": court.account_name,
        "account_number": court.account_number,
        "account_bank": court.account_bank,
    }


def _rows(property: Property) -> Iterator[Fact]:
    if property.location:
        yield {"label": "坐落", "text": property.location, "article": str(online_auction(12, 2))}
    for name, label, article in ROWS:
        if text := getattr(property, name):
            yield {"label": label, "text": text, "article": str(article)}
    for tax in property.taxes.order_by("pk"):
        words = " ".join(filter(None, (tax.rate, bearer_in_chinese(tax.bearer))))
        yield {"label": tax.name, "text": words, "article": str(online_auction(30))}


def bearer_in_chinese(bearer: str) -> str:
    """Return who bears a tax, as the announcement says it."""
    return {
        "buyer_by_law": "依法由买受人承担",
        "debtor_by_law": "依法由被执行人承担",
        "court_decided": "由人民法院依法确定承担主体",
    }[bearer]


def _priority(decision: PanelDecision) -> Iterator[Priority]:
    holders = Party.objects.in_bulk([right["party"] for right in decision.priority])
    for right in decision.priority:
        holder = holders[right["party"]]
        yield Priority(right["nature"], holder.name, holder.number, right["rank"])


def _applicants(listing: Listing) -> Iterator[Applicant]:
    for party in listing.property.case.parties.filter(side=Party.Side.APPLICANT).order_by("pk"):
        left = (Money(claim.amount_fen - claim.paid_fen) for claim in party.claims.all())
        yield Applicant(party.number, sum(left, ZERO))


def scenes_of(property: Property) -> tuple[int, int]:
    """Return how many scenes a property's tour has, and how many of them cannot be shown yet."""
    if property.tour is None:
        return 0, 0
    counted = property.tour.scenes.aggregate(
        all=Count("pk"), unready=Count("pk", filter=~Q(panorama__state="ready"))
    )
    return counted["all"], counted["unready"]


def photos_of(property: Property) -> int:
    """Return how many photographs a property's tour has."""
    return property.tour.photos.count() if property.tour else 0
