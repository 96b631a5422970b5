"""The court draws up the ruling on a sale once the whole price is paid (拍卖、变卖财产规定 art. 20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from auction import documents
from auction.models import Category, Round, RoundKind, RoundState
from auction.rules.identity import Identity
from auction.rules.law import sale
from auction.rules.money import Money, capitals
from auction.services import seals
from auction.services.confirmation import KINDS, NUMBERS
from enforcement import record
from enforcement.models import Listing, Officer, Party, Ruling, Seizure
from enforcement.queries.settlement import paid_on
from enforcement.record import Happened
from enforcement.rules.release import Hindrance, NotYet

DRAFTED: Final = Happened("ruling_drafted", sale(20))
JUDGES: Final = {
    Officer.Role.PRESIDING_JUDGE: "审判长",
    Officer.Role.JUDGE: "审判员",
    Officer.Role.OFFICER: "执行员",
}
# Things are owned; rights such as land use or shares are held.
THINGS: Final = frozenset({Category.HOUSE, Category.VEHICLE, Category.MOVABLE})
SIGNING: Final = tuple(JUDGES)


@dataclass(frozen=True)
class Draft:
    """What a ruling is drawn up from."""

    listing: Listing
    round: Round
    buyer: Identity
    number: str
    at: datetime


@transaction.atomic
def draft_ruling(*, listing_id: int, number: str, officer: Officer, at: datetime) -> Ruling:
    """Draw up the ruling in the purchaser's name and store it as PDF.

    :raises NotYet: if the sale is not confirmed, not paid or ruled on already, or its seal stays closed
    """
    listing = (
        Listing.objects.select_for_update(of=("self",)).select_related("property__case").get(pk=listing_id)
    )
    round = _ready(listing)
    buyer = _buyer(round, at)
    facts = _facts(Draft(listing, round, buyer, number, at))
    pdf = documents.pdf("ruling", facts)
    ruling = Ruling.objects.create(
        listing=listing,
        number=number,
        purchaser=buyer.name,
        price_fen=round.price_fen or 0,
        facts=facts,
        pdf=pdf,
        digest=documents.digest(pdf),
        drafted_at=at,
        drafted_by=officer,
    )
    said: record.Facts = {"listing": listing.pk, "number": number, "digest": ruling.digest}
    record.add(listing.property.case, DRAFTED, said, actor=officer, at=at)
    return ruling


def _ready(listing: Listing) -> Round:
    if Ruling.objects.filter(listing=listing).exists():
        raise NotYet(Hindrance.RULED_ALREADY)
    round = Round.objects.select_for_update(of=("self",)).filter(listing=listing).first()
    if round is None or round.leading is None or round.state != RoundState.CONFIRMED:
        raise NotYet(Hindrance.NOT_CONFIRMED)
    if paid_on(round) is None:
        raise NotYet(Hindrance.NOT_PAID)
    return round


def _buyer(round: Round, at: datetime) -> Identity:
    """Return who the ruling names, his seal opened for it."""
    try:
        return seals.purchaser(round, "ruling", at=at).identity
    except seals.StillClosed as fault:
        raise NotYet(Hindrance.STILL_SEALED) from fault


def _facts(draft: Draft) -> dict[str, documents.Fact]:
    """Return what the ruling says, as plain JSON."""
    case, today = draft.listing.property.case, documents.day_of(draft.at)
    return {
        "title": "执行裁定书",
        "dated": today.isoformat(),
        "signed_on": documents.day_in_words(today),
        "court": case.court.name,
        "number": documents.number_in_words(draft.number),
        "case_number": documents.number_in_words(case.number),
        "cause": case.cause,
        "lot": draft.round.lot.title,
        "applicants": [_party(one) for one in case.parties.filter(side=Party.Side.APPLICANT)],
        "debtors": [_party(one) for one in case.parties.filter(side=Party.Side.DEBTOR)],
        "purchaser": _purchaser(draft.buyer),
        "orders": list(_orders(draft)),
        "panel": _panel(draft.listing),
        **_sale(draft.round),
    }


def _sale(round: Round) -> dict[str, documents.Fact]:
    price = Money(round.price_fen or 0)
    paid = paid_on(round)
    return {
        "round_kind": KINDS[RoundKind(round.kind)],
        "price": str(price),
        "price_capitals": capitals(price),
        "sold_on": _day(documents.day_of(round.closed_at or round.closes_at)),
        "paid_on": _day(paid) if paid else "",
    }


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _party(party: Party) -> dict[str, documents.Fact]:
    return {
        "name": party.name,
        "number_name": NUMBERS[party.kind],
        "number": party.number,
        "address": party.address,
    }


def _purchaser(buyer: Identity) -> dict[str, documents.Fact]:
    """Return the purchaser with the whole number: the registry must know who he is."""
    return {"name": buyer.name, "number_name": NUMBERS[buyer.kind], "number": buyer.number, "address": ""}


def _orders(draft: Draft) -> Iterable[str]:
    """Yield the ruling's orders: title, registration, old rights, and this court's own seizures."""
    name, lot = draft.buyer.name, draft.round.lot
    title = "的所有权" if lot.category in THINGS else ""
    yield f"一、{lot.title}{title}归买受人{name}所有，自本裁定送达买受人时起转移。"
    yield f"二、买受人{name}可持本裁定书到登记机构办理权属转移登记手续。"
    yield "三、上述财产上原有的担保物权及其他优先受偿权因拍卖而消灭，由拍卖所得价款优先清偿。"
    seizures = Seizure.objects.filter(property=draft.listing.property, order=1)
    if seizures:
        by = "、".join(documents.number_in_words(one.document) for one in seizures)
        measure = "冻结" if lot.category == Category.EQUITY else "查封"
        yield f"四、解除本院以{by}对上述财产的{measure}。"


def _panel(listing: Listing) -> list[documents.Fact]:
    """Return who signs: the panel that decided on the sale, its presiding judge first."""
    decision = getattr(listing, "decision", None)
    members = list(decision.members.all()) if decision else [listing.property.case.officer]
    members.sort(key=lambda one: (SIGNING.index(Officer.Role(one.role)), one.pk))
    return [{"role": JUDGES[Officer.Role(one.role)], "name": one.name} for one in members]
