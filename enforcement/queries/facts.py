"""What the tables say, as the rules read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from auction.models import RoundKind
from auction.rules.money import ZERO, Money
from auction.rules.terms import Before, Prices, Times, beijing_day
from enforcement.models import Listing, Party, PartyNotice, Property, ReferencePrice
from enforcement.rules.case import Described
from enforcement.rules.deadlines import Seized
from enforcement.rules.deadlines_after_sale import auction_again_by
from enforcement.rules.notice import TO_BE_NOTIFIED, Notified
from enforcement.rules.price import Reference

NOTIFIED_FIRST: Final = (Party.Side.APPLICANT, Party.Side.DEBTOR, Party.Side.PRIORITY)


def priority_parties(listing: Listing) -> Sequence[Party]:
    """Return the known priority purchasers of a listing's case."""
    return list(listing.property.case.parties.filter(side=Party.Side.PRIORITY).order_by("pk"))


def parties_to_notify(listing: Listing) -> list[Party]:
    """Return the parties and known priority purchasers, applicants first (art. 16)."""
    parties = listing.property.case.parties.filter(side__in=TO_BE_NOTIFIED)
    return sorted(parties, key=lambda party: (NOTIFIED_FIRST.index(Party.Side(party.side)), party.pk))


def notified(listing: Listing) -> list[Notified]:
    """Return how far each of them was notified."""
    done = {notice.party_id: notice for notice in listing.notices.all()}
    return [_notified(party, done.get(party.pk)) for party in parties_to_notify(listing)]


def _notified(party: Party, notice: PartyNotice | None) -> Notified:
    if notice is None:
        return Notified(party.name, party.side)
    return Notified(party.name, party.side, notice.channel, notice.done_on, notice.proof)


def described(property: Property) -> Described:
    """Return the words about a property."""
    return Described(
        title=property.title,
        possession=property.possession,
        burdens=property.burdens,
        defects=property.defects,
        visits=property.visits,
        qualification=property.qualification,
    )


def seizures(property: Property) -> list[Seized]:
    """Return the seizures of a property."""
    return [Seized(one.order, one.seized_on, one.expires_on) for one in property.seizures.all()]


def reference(price: ReferencePrice) -> Reference:
    """Return a reference price."""
    return Reference(price.way, Money(price.amount_fen), price.document, price.dated_on, price.valid_until)


def prices(listing: Listing, starting: Money, increment: Money, deposit: Money) -> Prices:
    """Return prices as a panel would fix them for a listing."""
    price = listing.reference_price
    return Prices(Money(price.amount_fen) if price else ZERO, starting, increment, deposit, before(listing))


def times(listing: Listing, at: datetime) -> Times | None:
    """Return a listing's times if it were published now; None before they are set."""
    if listing.opens_at is None or listing.closes_at is None:
        return None
    return Times(
        kind=listing.kind,
        category=listing.property.category,
        published_at=at,
        opens_at=listing.opens_at,
        closes_at=listing.closes_at,
        before=before(listing),
    )


def before(listing: Listing) -> Before | None:
    """Return the first auction that a second follows."""
    earlier = listing.follows.round if listing.follows else None
    if listing.kind != RoundKind.SECOND_AUCTION or earlier is None:
        return None
    ended_on = beijing_day(earlier.closed_at or earlier.closes_at)
    return Before(Money(earlier.starting_price_fen), auction_again_by(ended_on))


def closes_on(listing: Listing, at: datetime) -> date:
    """Return the day the bidding ends, today while it is not set."""
    return beijing_day(listing.closes_at or at)
