"""A second officer releases the case funds; the ledger moves them and the claims shrink."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from auction.documents import day_of
from auction.rules.law import Article
from auction.rules.money import ZERO, Money
from auction.services import ledger
from enforcement import record
from enforcement.models import Case, Claim, Distribution, Officer, Share
from enforcement.queries.dues import creditors_of, lines_of, open_claims, plan_of
from enforcement.record import Happened
from enforcement.rules.release import Hindrance, NotYet, by_a_second_person, unopposed
from enforcement.rules.sources import CASE_FUNDS, SURPLUS_BACK

PAID_OUT: Final = Happened("paid_out", Article(CASE_FUNDS, 11))
SATISFIED: Final = Happened("claims_satisfied", SURPLUS_BACK)


@transaction.atomic
def pay_distribution(*, listing_id: int, officer: Officer, at: datetime) -> Distribution:
    """Pay the plan out of the case's account and reduce the claims by what they got.

    :raises NotYet: if the officer drew the plan up, somebody may still object, costs or claims changed since,
        the account lacks the money, or there is nothing to pay
    """
    plan = Distribution.objects.select_for_update(of=("self",)).filter(listing_id=listing_id).first()
    if plan is None:
        raise NotYet(Hindrance.PLAN_FIRST)
    shares, case = list(plan.shares.all()), plan.listing.property.case
    _check(plan, shares, officer, at)
    ledger.book(
        key=f"distribution:{plan.pk}", memo="case funds paid out", postings=_postings(case, shares), at=at
    )
    _reduce(shares)
    plan.state, plan.released_by, plan.paid_at = Distribution.State.PAID, officer, at
    plan.save(update_fields=["state", "released_by", "paid_at"])
    said: record.Facts = {
        "listing": listing_id,
        "proceeds": plan.proceeds_fen,
        "drafted_by": plan.drafted_by.name,
    }
    record.add(case, PAID_OUT, said, actor=officer, at=at)
    if not open_claims(case):
        record.add(case, SATISFIED, {"listing": listing_id}, actor=officer, at=at)
    return plan


def _check(plan: Distribution, shares: list[Share], officer: Officer, at: datetime) -> None:
    if plan.state == Distribution.State.PAID:
        raise NotYet(Hindrance.PLAN_CLOSED)
    case = plan.listing.property.case
    by_a_second_person(plan.drafted_by_id, officer.pk)
    unopposed(creditors_of(case), plan.served_on, bool(plan.statements), day_of(at))
    fresh = [(paid.payee.account, paid.line.given.fen) for paid in lines_of(plan.listing, plan_of(plan))]
    if fresh != [(share.account, share.given_fen) for share in shares]:
        raise NotYet(Hindrance.CLAIMS_CHANGED)
    if ledger.balance(ledger.case(case.number)) < Money(plan.proceeds_fen):
        raise NotYet(Hindrance.FUNDS_MISSING)


def _postings(case: Case, shares: Iterable[Share]) -> dict[str, Money]:
    """Return the money's way: out of the case's account, to each payee's."""
    given: dict[str, Money] = defaultdict(lambda: ZERO)
    for share in shares:
        given[share.account] += Money(share.given_fen)
    return {ledger.case(case.number): -sum(given.values(), ZERO), **given}


def _reduce(shares: Iterable[Share]) -> None:
    for share in shares:
        if share.claim_id and share.given_fen:
            Claim.objects.filter(pk=share.claim_id).update(paid_fen=F("paid_fen") + share.given_fen)
