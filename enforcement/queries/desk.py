"""What an officer may see: the cases of his own court, and what is due in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Max, QuerySet

from auction.models import RoundKind, RoundState
from auction.rules.law import Article, online_auction
from auction.rules.terms import beijing_day
from enforcement.models import Case, Listing, Officer, PartyNotice, Property
from enforcement.rules.deadlines import RENEWAL
from enforcement.rules.deadlines_after_sale import auction_again_by
from enforcement.rules.price import PRICE_AFTER, start_within

SOON: Final = timedelta(days=60)
AGAIN: Final = online_auction(26, 1)
UNDER_WAY: Final = (RoundState.ANNOUNCED, RoundState.OPEN, RoundState.SUSPENDED)


@dataclass(frozen=True)
class Due:
    """Something to be done by a day: `code` names its sentence, `case` says where."""

    code: str
    case: Case
    name: str
    by: date
    article: Article

    def late(self, today: date) -> bool:
        """Return whether the day has passed."""
        return self.by < today


def cases_of(officer: Officer) -> QuerySet[Case]:
    """Return the cases of the officer's court; no others exist for him."""
    return Case.objects.filter(court=officer.court).select_related("court", "officer")


def properties_of(officer: Officer) -> QuerySet[Property]:
    """Return the properties in these cases."""
    return Property.objects.filter(case__court=officer.court).select_related("case__court", "tour")


def listings_of(officer: Officer) -> QuerySet[Listing]:
    """Return the listings in these cases."""
    own = Listing.objects.filter(property__case__court=officer.court)
    return own.select_related(
        "property__case__court", "property__tour", "reference_price", "round", "follows__round"
    )


def postings() -> QuerySet[PartyNotice]:
    """Return the notices that stand on the platform because the person cannot be reached, newest first."""
    posted = PartyNotice.objects.filter(channel=PartyNotice.Channel.UNREACHABLE).order_by("-done_on", "-pk")
    return posted.select_related("party", "listing__property__case__court")[:200]


def counted_cases(officer: Officer) -> QuerySet[Case]:
    """Return the cases, the last touched first, with how many properties each has."""
    counted = cases_of(officer).annotate(
        property_count=Count("properties", distinct=True), touched=Max("events__at")
    )
    return counted.order_by("-touched", "-pk")


def by_state(officer: Officer) -> dict[str, list[Listing]]:
    """Return the listings in four heaps: drafts, under way, to be settled, over."""
    heaps: dict[str, list[Listing]] = {"draft": [], "under_way": [], "sold": [], "over": []}
    for listing in listings_of(officer).order_by("-pk"):
        heaps[_heap(listing)].append(listing)
    return heaps


def _heap(listing: Listing) -> str:
    if listing.round is None:
        return "draft"
    if listing.round.state in UNDER_WAY:
        return "under_way"
    return "sold" if listing.round.state in (RoundState.SOLD, RoundState.CONFIRMED) else "over"


def dues(officer: Officer, at: datetime) -> list[Due]:
    """Return what has a day by which it must be done, the earliest first."""
    today = beijing_day(at)
    found = [*_seizures(officer, today), *_pricing(officer), *_again(officer)]
    return sorted(found, key=lambda due: (due.by, due.case.pk))


def _seizures(officer: Officer, today: date) -> list[Due]:
    """Return the seizures that end soon and of whose property nothing was sold yet."""
    seized = properties_of(officer).annotate(until=Max("seizures__expires_on"))
    ending = seized.filter(until__lte=today + SOON).exclude(
        listings__round__state__in=(RoundState.CONFIRMED,)
    )
    return [Due("renew_seizure", one.case, one.name, one.until, RENEWAL) for one in ending.distinct()]


def _pricing(officer: Officer) -> list[Due]:
    """Return the seized properties without a reference price: its making must begin within thirty days."""
    waiting = properties_of(officer).filter(reference_prices__isnull=True, seizures__isnull=False)
    seized = waiting.annotate(seized_on=Max("seizures__seized_on"))
    return [Due("find_price", one.case, one.name, start_within(one.seized_on), PRICE_AFTER) for one in seized]


def _again(officer: Officer) -> list[Due]:
    """Return the first auctions without a bid that no second follows yet."""
    unsold = listings_of(officer).filter(round__state=RoundState.UNSOLD, kind=RoundKind.FIRST_AUCTION)
    return [
        Due("auction_again", one.property.case, one.title, _again_by(one), AGAIN)
        for one in unsold.exclude(followed_by__round__isnull=False)
        if one.round and one.round.closed_at
    ]


def _again_by(listing: Listing) -> date:
    assert listing.round
    return auction_again_by(beijing_day(listing.round.closed_at or listing.round.closes_at))
