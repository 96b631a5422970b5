"""What is due out of the proceeds of a listing, to whom, and onto which account of the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from auction.rules.money import ZERO, Money
from enforcement.models import Case, Claim, Cost, Distribution, Listing, Party, Share
from enforcement.rules.distribution import Among, Due, Line, Step, distribute, due, ordinary, secured
from enforcement.rules.fees import amount_executed, execution_fee

DEBTOR: Final = "debtor"
FEE: Final = "fee"
SECURED: Final = frozenset({Claim.Kind.CONSTRUCTION, Claim.Kind.MORTGAGE, Claim.Kind.PLEDGE})


@dataclass(frozen=True)
class Plan:
    """How ordinary claims stand among themselves: the way, and by claim id the order of its seizure."""

    among: Among
    orders: Mapping[int, int]


@dataclass(frozen=True)
class Payee:
    """Who stands behind a due: shown name, what for, the ledger's account, and the claim it reduces."""

    name: str
    what: str
    account: str
    claim: Claim | None = None


@dataclass(frozen=True)
class Paid:
    """One line of a distribution with its payee."""

    line: Line
    payee: Payee


def lines_of(listing: Listing, plan: Plan) -> list[Paid]:
    """Return the distribution of a listing's price as it would be drawn up now."""
    asked = dict(_costs(listing)) | dict(_claims(listing.property.case, plan))
    fee = _fee(listing, sum((due.asked for due, payee in asked.values() if payee.claim), ZERO))
    asked[FEE] = fee
    payees = {key: payee for key, (_, payee) in asked.items()} | {DEBTOR: _debtor(listing.property.case)}
    lines = distribute(price_of(listing), [due for due, _ in asked.values()], DEBTOR)
    return [Paid(line, payees[line.due.key]) for line in lines]


def plan_of(distribution: Distribution) -> Plan:
    """Return the plan a stored distribution was drawn up by."""
    orders = {share.claim_id: share.rank for share in distribution.shares.all() if share.claim_id}
    return Plan(Among(distribution.among), orders)


def creditors_of(case: Case) -> int:
    """Return how many creditors still ask for something in the case."""
    return len({claim.creditor_id for claim in open_claims(case)})


def open_claims(case: Case) -> list[Claim]:
    """Return the claims of a case that are not fully paid."""
    claims = Claim.objects.filter(case=case).select_related("creditor").order_by("pk")
    return [claim for claim in claims if claim.amount_fen > claim.paid_fen]


def price_of(listing: Listing) -> Money:
    """Return the price at which a listing's round was sold."""
    return Money((listing.round.price_fen if listing.round else None) or 0)


def _costs(listing: Listing) -> Iterator[tuple[str, tuple[Due, Payee]]]:
    for cost in Cost.objects.filter(listing=listing):
        key = f"cost:{cost.pk}"
        payee = Payee(cost.payee, cost.name, f"{cost.step}:{listing.property.case_id}:{cost.pk}")
        yield key, (due(key, Step(cost.step), Money(cost.amount_fen)), payee)


def _claims(case: Case, plan: Plan) -> Iterator[tuple[str, tuple[Due, Payee]]]:
    for claim in open_claims(case):
        key = f"claim:{claim.pk}"
        payee = Payee(claim.creditor.name, claim.basis, f"creditor:{claim.creditor_id}", claim)
        yield key, (_claimed(key, claim, plan), payee)


def _claimed(key: str, claim: Claim, plan: Plan) -> Due:
    left = Money(claim.amount_fen - claim.paid_fen)
    if claim.kind in SECURED:
        return secured(key, claim.kind, left, claim.priority or 1)
    if claim.kind == Claim.Kind.INTEREST:
        return due(key, Step.INTEREST, left)
    return ordinary(key, left, plan.among, plan.orders.get(claim.pk, 1))


def _fee(listing: Listing, asked: Money) -> tuple[Due, Payee]:
    """Return the execution fee of this sale: the fee on all executed in the case, less what was taken."""
    case = listing.property.case
    earlier = Distribution.objects.filter(listing__property__case=case, state=Distribution.State.PAID)
    before = sum((Money(one.proceeds_fen) for one in earlier), ZERO)
    taken = Share.objects.filter(distribution__in=earlier, step=Step.FEE.value).values_list(
        "given_fen", flat=True
    )
    whole = execution_fee(before + amount_executed(price_of(listing), asked))
    left = max(whole - Money(sum(taken)), ZERO)
    payee = Payee(case.court.name, "", f"court_fees:{case.court.code}")
    return due(FEE, Step.FEE, left), payee


def _debtor(case: Case) -> Payee:
    debtors = list(Party.objects.filter(case=case, side=Party.Side.DEBTOR).order_by("pk"))
    name = "、".join(party.name for party in debtors)
    return Payee(name, "", f"debtor:{debtors[0].pk if debtors else case.pk}")


def suggested_way(case: Case) -> Among:
    """Return how ordinary claims probably stand, by the debtors' kind; the officer decides.

    A person's creditors share pro rata (art. 508); for an organisation we suggest the order of seizure
    (art. 514), which holds for enterprise legal persons alone, not for a partnership.
    """
    debtors = Party.objects.filter(case=case, side=Party.Side.DEBTOR)
    enterprise = debtors.filter(kind=Party.Kind.ORGANISATION).exists()
    return Among.BY_SEIZURE if enterprise else Among.PRO_RATA
