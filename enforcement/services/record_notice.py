"""Record that somebody was notified of the sale, waived it, or could not be reached (art. 16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from auction.rules.law import online_auction
from auction.rules.requirements import demand
from auction.rules.terms import beijing_day
from enforcement import record
from enforcement.models import Listing, Officer, Party, PartyNotice
from enforcement.record import Happened
from enforcement.rules.notice import UNREACHABLE, Notified, notice_faults
from enforcement.services.drafts import draft

NOTIFIED = Happened("party_notified", online_auction(16, 1))


@dataclass(frozen=True)
class NewNotice:
    """Who was notified how (`PartyNotice.Channel`) and when, and the proof or why it could not be done."""

    party: Party
    channel: str
    done_on: date
    proof: str


@transaction.atomic
def record_notice(*, listing: Listing, notice: NewNotice, by: Officer, at: datetime) -> PartyNotice:
    """Keep the notice; a later one to the same person replaces it and the case's line keeps both.

    Who cannot be reached is named on the platform from now on: a posting's day is the day of the act.

    :raises NotReady: if it is unproven, not yet done, or waived by somebody without a right to waive
    """
    listing = draft(listing)
    party = notice.party
    done_on = beijing_day(at) if notice.channel == UNREACHABLE else notice.done_on
    said = Notified(party.name, party.side, notice.channel, done_on, notice.proof)
    demand(notice_faults(said, beijing_day(at)))
    kept, _ = PartyNotice.objects.update_or_create(
        listing=listing,
        party=party,
        defaults={"channel": notice.channel, "done_on": done_on, "proof": notice.proof},
    )
    told = {"name": party.name, "channel": notice.channel, "done_on": done_on.isoformat()}
    record.add(listing.property.case, NOTIFIED, told, actor=by, at=at)
    return kept
