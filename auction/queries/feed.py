"""All lots as open data, page by page: what was announced and what became of it, and no identity.

Lots come in the order of their numbers and are never taken away, so that a page's address is good for ever.
The fields are described in `auction/openapi.json`. Amounts are whole fen; times are RFC 3339 in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse

from auction.models import Document, Lot, Round

LARGEST_PAGE: Final = 100


def page(after: int, limit: int) -> dict[str, Any]:
    """Return so many lots after the one of this number, and the address of the lots after these."""
    found = list(_lots().filter(pk__gt=after)[: limit + 1])
    shown = found[:limit]
    more = f"{_at('lots_json')}?after={shown[-1].pk}&limit={limit}" if len(found) > limit else None
    return {"lots": [_lot(lot) for lot in shown], "next": more}


def _lots() -> QuerySet[Lot]:
    """Return the lots that courts sell, with their rounds in order, `confirmed` where there is a paper."""
    papers = Document.objects.filter(round=OuterRef("pk"), kind=Document.Kind.CONFIRMATION)
    rounds = Round.objects.annotate(confirmed=Exists(papers)).order_by("pk")
    return Lot.objects.filter(practice=False).order_by("pk").prefetch_related(Prefetch("rounds", rounds))


def _lot(lot: Lot) -> dict[str, Any]:
    return {
        "id": lot.pk,
        "title": lot.title,
        "kind": lot.category,
        "court": lot.court_name,
        "case_number": lot.case_number,
        "province": lot.province,
        "city": lot.city,
        "appraised_fen": lot.appraised_fen,
        "rounds": [_round(round) for round in lot.rounds.all()],
        "links": {
            "page": _at("lot", lot.pk),
            "tour": _at("tour", lot.tour_id) if lot.tour_id else None,
            "tour_manifest": _at("manifest", lot.tour_id) if lot.tour_id else None,
        },
    }


def _round(round: Round) -> dict[str, Any]:
    return {
        "id": round.pk,
        "kind": round.kind,
        "state": round.state,
        "published_at": rfc3339(round.published_at),
        "opens_at": rfc3339(round.opens_at),
        "closes_at": rfc3339(round.closes_at),
        "closed_at": rfc3339(round.closed_at) if round.closed_at else None,
        "starting_price_fen": round.starting_price_fen,
        "increment_fen": round.increment_fen,
        "deposit_fen": round.deposit_fen,
        "price_fen": round.price_fen,
        "bids": round.bid_count,
        "links": _links(round),
    }


def _links(round: Round) -> dict[str, str | None]:
    """Return where the round's record and all that belongs to it is; `proofs` is a template (RFC 6570)."""
    of_lot = {
        name: f"{_at(name, round.lot_id)}?round={round.pk}" for name in ("record", "record_zip", "evidence")
    }
    return {
        **of_lot,
        "proofs": _at("leaf_proof", round.pk, 0).replace("/0.", "/{seq}."),
        "state": _at("round_state", round.pk),
        "events": _at("round_events", round.pk),
        "confirmation": _at("confirmation", round.pk) if getattr(round, "confirmed", False) else None,
    }


def _at(name: str, *numbers: int) -> str:
    """Return the full address of a page."""
    return settings.SITE_URL + reverse(name, args=numbers)


def rfc3339(at: datetime) -> str:
    """Return an instant in UTC to the millisecond: 2026-05-26T02:05:00.000Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
