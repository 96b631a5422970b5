"""Enter the panel's decision on the five matters of art. 27."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from auction.rules.law import online_auction
from auction.rules.money import Money
from auction.rules.requirements import Missing, NotReady, demand
from auction.rules.terms import beijing_day, price_faults
from enforcement import record
from enforcement.models import Listing, Officer, PanelDecision, Party
from enforcement.queries import facts
from enforcement.record import Happened
from enforcement.rules.panel import Decision, Member, decision_faults, panel_faults
from enforcement.rules.price import Ask as PriceAsk
from enforcement.services.drafts import draft

DECIDED = Happened("panel_decided", online_auction(27))


@dataclass(frozen=True)
class Fixed:
    """What the panel fixed; ranks by priority purchaser (1 is best), and by what right he has priority."""

    starting: Money
    increment: Money
    deposit: Money
    balance_days: int
    ranks: Mapping[Party, int | None]
    natures: Mapping[Party, str]


@dataclass(frozen=True)
class NewDecision:
    """Who decided what, by which document, on which day."""

    members: tuple[Officer, ...]
    document: str
    decided_on: date
    fixed: Fixed


@transaction.atomic
def decide_panel(*, listing: Listing, decision: NewDecision, by: Officer, at: datetime) -> PanelDecision:
    """Enter the decision; a draft's earlier decision gives way to it and stays in the case's line.

    :raises NotReady: if the panel, the document or a figure is out of bounds, or the listing is published
    """
    listing = draft(listing)
    demand(_faults(listing, decision, at))
    PanelDecision.objects.filter(listing=listing).delete()
    decided = _create(listing, decision)
    told: record.Facts = {
        "document": decided.document,
        "starting": decided.starting_price_fen,
        "listing": listing.pk,
    }
    record.add(listing.property.case, DECIDED, told, actor=by, at=at)
    return decided


def _faults(listing: Listing, decision: NewDecision, at: datetime) -> Iterator[Missing]:
    price = listing.reference_price
    if price is None:
        raise NotReady([Missing(PriceAsk.PRICE)])
    members = [
        Member(one.pk, one.court_id, one.role == Officer.Role.PRESIDING_JUDGE) for one in decision.members
    ]
    yield from panel_faults(members, listing.property.case.court_id)
    ranks = {party.pk: decision.fixed.ranks.get(party) for party in facts.priority_parties(listing)}
    drawn_up = Decision(members, decision.document, decision.decided_on, ranks)
    yield from decision_faults(drawn_up, price.dated_on, beijing_day(at))
    fixed = decision.fixed
    yield from price_faults(facts.prices(listing, fixed.starting, fixed.increment, fixed.deposit))


def _create(listing: Listing, decision: NewDecision) -> PanelDecision:
    fixed = decision.fixed
    decided = PanelDecision.objects.create(
        listing=listing,
        starting_price_fen=fixed.starting.fen,
        increment_fen=fixed.increment.fen,
        deposit_fen=fixed.deposit.fen,
        balance_days=fixed.balance_days,
        priority=[
            {"party": party.pk, "nature": fixed.natures.get(party, ""), "rank": rank}
            for party, rank in fixed.ranks.items()
        ],
        document=decision.document,
        decided_on=decision.decided_on,
    )
    decided.members.set(decision.members)
    return decided
