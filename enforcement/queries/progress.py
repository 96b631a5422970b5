"""How far a listing is: what each step of the wizard still misses, with the article that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from auction.rules.announcement import disclaimer_faults, item_faults, warning_faults, word_faults
from auction.rules.money import Money
from auction.rules.requirements import Missing
from auction.rules.terms import beijing_day, price_faults, time_faults
from enforcement.models import Listing
from enforcement.queries import facts
from enforcement.queries.announcement import decision_of, photos_of, scenes_of, texts_of
from enforcement.rules import case, deadlines, notice, panel, price

Check = Callable[[Listing, datetime], Iterator[Missing]]


@dataclass(frozen=True)
class Step:
    """A step of the wizard and what it misses; a warning alone does not keep it from being done."""

    name: str
    missing: tuple[Missing, ...]

    @property
    def blocking(self) -> int:
        """Return how many things have to be mended."""
        return sum(one.blocks for one in self.missing)

    @property
    def done(self) -> bool:
        """Return whether nothing that blocks is missing."""
        return not self.blocking


def progress(listing: Listing, at: datetime) -> list[Step]:
    """Return every step before publishing, in order; for a published listing all gates were open."""
    if listing.published_at is not None:
        return [Step(name, ()) for name in STEPS]
    return [Step(name, tuple(check(listing, at))) for name, check in STEPS.items()]


def all_missing(listing: Listing, at: datetime) -> Iterator[Missing]:
    """Yield all that stands against publishing now."""
    for check in STEPS.values():
        yield from check(listing, at)


def _case(listing: Listing, at: datetime) -> Iterator[Missing]:
    case_of = listing.property.case
    sides = set(case_of.parties.values_list("side", flat=True))
    waived = "waived" in listing.items.get("2", {})
    document = case_of.title_document or ("waived" if waived else "")
    yield from case.case_faults(sides, case_of.claims.count(), document)
    court = case_of.court
    yield from case.court_faults(court.phone, court.supervision_phone, court.account_number)


def _property(listing: Listing, at: datetime) -> Iterator[Missing]:
    property = listing.property
    yield from case.property_faults(property.category, facts.described(property), property.taxes.count())
    for part in (property.title, property.possession, property.burdens, property.defects):
        yield from word_faults(part)
    yield from deadlines.cover_faults(facts.seizures(property), facts.closes_on(listing, at))


def _viewing(listing: Listing, at: datetime) -> Iterator[Missing]:
    scenes, unready = scenes_of(listing.property)
    yield from case.picture_faults(listing.property.category, scenes + photos_of(listing.property), unready)


def _price(listing: Listing, at: datetime) -> Iterator[Missing]:
    if listing.reference_price is None:
        yield Missing(price.Ask.PRICE)
        return
    reference = facts.reference(listing.reference_price)
    first = listing.kind == "first_auction"
    closes_on = facts.closes_on(listing, at)
    yield from price.price_faults(reference)
    yield from price.validity_faults(reference, beijing_day(at), closes_on, first=first)


def _decision(listing: Listing, at: datetime) -> Iterator[Missing]:
    decided = decision_of(listing)
    if decided is None:
        yield Missing(panel.Ask.DECISION)
        return
    fixed = (decided.starting_price_fen, decided.increment_fen, decided.deposit_fen)
    yield from price_faults(facts.prices(listing, *map(Money, fixed)))
    ranked = {right["party"] for right in decided.priority}
    if any(party.pk not in ranked for party in facts.priority_parties(listing)):
        yield Missing(panel.Ask.RANK)


def _notices(listing: Listing, at: datetime) -> Iterator[Missing]:
    today = beijing_day(at)
    yield from notice.publication_faults(facts.notified(listing), today, clear=settings.CLEAR_DAYS)


def _announcement(listing: Listing, at: datetime) -> Iterator[Missing]:
    if not listing.title.strip():
        yield Missing(case.Ask.NAME)
    times = facts.times(listing, at)
    if times is None:
        yield Missing(case.Ask.TIMES)
    else:
        yield from time_faults(times, clear=settings.CLEAR_DAYS)
    yield from _texts(listing)


def _texts(listing: Listing) -> Iterator[Missing]:
    texts = texts_of(listing)
    lacking = [*item_faults(texts.items, texts.waived), *warning_faults(texts.warnings)]
    yield from lacking
    yield from disclaimer_faults(listing.disclaimer, lacking)
    for item in listing.items.values():
        yield from word_faults(item.get("text", ""))


STEPS: Final[dict[str, Check]] = {
    "case": _case,
    "property": _property,
    "viewing": _viewing,
    "price": _price,
    "decision": _decision,
    "notices": _notices,
    "announcement": _announcement,
}
