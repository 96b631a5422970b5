"""Add a party, another creditor or a priority purchaser to a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from auction.rules.identity import checked_number
from auction.rules.requirements import demand
from enforcement import record
from enforcement.models import Case, Officer, Party
from enforcement.record import Happened
from enforcement.rules.case import WHO, identity_faults

ADDED = Happened("party_added", WHO)


@dataclass(frozen=True)
class NewParty:
    """Who it is: side and kind as in `Party`, true name, identity number or organisation code."""

    side: str
    kind: str
    name: str
    number: str
    phone: str = ""
    address: str = ""


@transaction.atomic
def add_party(*, case: Case, party: NewParty, by: Officer, at: datetime) -> Party:
    """Add the party with its checked number.

    :raises NotReady: if the number is none of its kind
    """
    demand(identity_faults(party.kind, party.number))
    added = Party.objects.create(
        case=case,
        side=party.side,
        kind=party.kind,
        name=party.name,
        number=checked_number(party.kind, party.number),
        phone=party.phone,
        address=party.address,
    )
    record.add(case, ADDED, {"name": added.name, "side": added.side}, actor=by, at=at)
    return added
