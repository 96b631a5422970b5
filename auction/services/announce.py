"""Announce a round: what the court publishes is copied and sealed, and never changes (arts. 12-16)."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from auction import record
from auction.log.signer import Unreachable
from auction.models import Lot, Notice, PriorityRight, Round
from auction.models.sealing import number_hash
from auction.rules.announcement import item_faults, warning_faults, word_faults
from auction.rules.money import Money
from auction.rules.requirements import Missing, demand
from auction.rules.terms import Prices, Times, price_faults, time_faults
from auction.rules.window import EXTENSION
from auction.services import seals
from viewing.models import Tour
from viewing.services.freeze_tour import freeze_tour

log = logging.getLogger(__name__)
Fact = Mapping[str, str]


@dataclass(frozen=True)
class Described:
    """What the lot is; `facts` are rows of label, text and article.

    `contact` says how the court is reached and paid: phone, address, supervision_phone, account_name,
    account_number, account_bank.
    """

    title: str
    category: str
    province: str
    city: str
    court_name: str
    case_number: str
    contact: Mapping[str, str]
    facts: tuple[Fact, ...]
    tour: Tour | None = None


@dataclass(frozen=True)
class Texts:
    """The texts of the eleven items and the seven warnings by number; `waived` holds legal reasons."""

    items: Mapping[int, str]
    warnings: Mapping[int, str]
    waived: Mapping[int, str]


@dataclass(frozen=True)
class Priority:
    """A priority purchaser whom the panel ranked, with his identity number (only its keyed hash is kept)."""

    nature: str
    holder: str
    number: str
    rank: int


@dataclass(frozen=True)
class Applicant:
    """An applicant with his identity number (only its keyed hash is kept) and what he still claims."""

    number: str
    claim: Money


@dataclass(frozen=True)
class Announcement:
    """All that is announced of one round."""

    described: Described
    prices: Prices
    times: Times
    balance_days: int
    texts: Texts
    priority: tuple[Priority, ...] = ()
    applicants: tuple[Applicant, ...] = ()


@transaction.atomic
def announce(*, announcement: Announcement, at: datetime) -> Round:
    """Create the lot, its texts and its round, freeze the tour, and begin the record.

    :raises NotReady: if a term is out of bounds, or a text is missing or forbidden
    """
    demand(faults(announcement))
    lot = _lot(announcement, at)
    _publish_texts(lot, announcement.texts)
    _keep_rights(lot, announcement.priority)
    round = _round(lot, announcement)
    record.append(round, "open", _opening(round, announcement), at=at)
    _ask_for_key(round)
    return round


def faults(announcement: Announcement) -> Iterator[Missing]:
    """Yield all that stands against an announcement as it is."""
    yield from price_faults(announcement.prices)
    yield from time_faults(announcement.times, clear=settings.CLEAR_DAYS)
    yield from item_faults(announcement.texts.items, announcement.texts.waived)
    yield from warning_faults(announcement.texts.warnings)
    for text in (*announcement.texts.items.values(), *announcement.texts.warnings.values()):
        yield from word_faults(text)


def _lot(announcement: Announcement, at: datetime) -> Lot:
    described = announcement.described
    return Lot.objects.create(
        title=described.title,
        category=described.category,
        province=described.province,
        city=described.city,
        court_name=described.court_name,
        case_number=described.case_number,
        contact=dict(described.contact),
        facts={"rows": [dict(fact) for fact in described.facts]},
        applicants=[
            {"number_hash": number_hash(one.number), "claim_fen": one.claim.fen}
            for one in announcement.applicants
        ],
        appraised_fen=announcement.prices.reference.fen,
        tour=described.tour,
        tour_digest=freeze_tour(described.tour, at) if described.tour else "",
    )


def _publish_texts(lot: Lot, texts: Texts) -> None:
    items = dict(texts.items) | dict(texts.waived)
    for kind, published in ((Notice.Kind.ITEM, items), (Notice.Kind.WARNING, texts.warnings)):
        Notice.objects.bulk_create(
            Notice(lot=lot, kind=kind, number=number, text=text, digest=digest_of(text))
            for number, text in sorted(published.items())
        )


def _keep_rights(lot: Lot, priority: tuple[Priority, ...]) -> None:
    PriorityRight.objects.bulk_create(
        PriorityRight(
            lot=lot,
            nature=right.nature,
            holder=right.holder,
            number_hash=number_hash(right.number),
            rank=right.rank,
        )
        for right in priority
    )


def _round(lot: Lot, announcement: Announcement) -> Round:
    prices, times = announcement.prices, announcement.times
    return Round.objects.create(
        lot=lot,
        kind=times.kind,
        published_at=times.published_at,
        opens_at=times.opens_at,
        announced_closes_at=times.closes_at,
        closes_at=times.closes_at,
        starting_price_fen=prices.starting.fen,
        increment_fen=prices.increment.fen,
        deposit_fen=prices.deposit.fen,
        balance_days=announcement.balance_days,
    )


def _ask_for_key(round: Round) -> None:
    """Keep the round's key already now; if the vault is silent, the first registration asks it."""
    try:
        seals.key_of(round)
    except Unreachable:
        log.warning("The vault does not answer: round %d has no key yet.", round.pk)


def _opening(round: Round, announcement: Announcement) -> record.Body:
    """Return the record's first entry: the terms, and digests of all that was published with them."""
    notices = round.lot.notices.values_list("digest", flat=True)
    ranks: list[record.Value] = [right.rank for right in announcement.priority]
    return {
        "round": round.kind,
        "start": round.starting_price_fen,
        "step": round.increment_fen,
        "deposit": round.deposit_fen,
        "ext_ms": EXTENSION // record.MILLISECOND,
        "start_t": record.ms(round.opens_at),
        "deadline": record.ms(round.closes_at),
        "ranks": ranks,
        "notices": digest_of("\n".join(notices)),
        "tour": round.lot.tour_digest,
    }


def digest_of(text: str) -> str:
    """Return a text's SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
