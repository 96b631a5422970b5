"""Add a claim against the debtor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from auction.rules.law import sale
from auction.rules.money import ZERO, Money
from auction.rules.requirements import Missing, NotReady
from enforcement import record
from enforcement.models import Claim, Officer, Party
from enforcement.record import Happened
from enforcement.rules.case import Ask

ADDED = Happened("claim_added", sale(14))


@dataclass(frozen=True)
class NewClaim:
    """Who claims how much, of which kind (`Claim.Kind`); `priority` orders secured claims, 1 first."""

    creditor: Party
    kind: str
    amount: Money
    priority: int | None = None
    basis: str = ""


@transaction.atomic
def add_claim(*, claim: NewClaim, by: Officer, at: datetime) -> Claim:
    """Add the claim to its creditor's case.

    :raises NotReady: if nothing is claimed
    """
    if claim.amount <= ZERO:
        raise NotReady([Missing(Ask.CLAIM_AMOUNT)])
    added = Claim.objects.create(
        case=claim.creditor.case,
        creditor=claim.creditor,
        kind=claim.kind,
        amount_fen=claim.amount.fen,
        priority=claim.priority,
        basis=claim.basis,
    )
    facts: record.Facts = {"name": claim.creditor.name, "kind": added.kind, "amount": added.amount_fen}
    record.add(added.case, ADDED, facts, actor=by, at=at)
    return added
