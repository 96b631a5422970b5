"""The money goes to the creditors: planned by one officer, released by another, exact to the fen."""

from __future__ import annotations

from datetime import date

import pytest

from auction.rules.money import ZERO, Money, yuan
from auction.services import ledger
from auction.services.ledger_check import check_ledger
from enforcement.models import Case, CaseEvent, Claim, Cost, Distribution, Listing, Officer, Share
from enforcement.queries.dues import Plan
from enforcement.rules.distribution import Among
from enforcement.rules.release import Hindrance, NotYet
from enforcement.services.cost import Spent, add_cost
from enforcement.services.distribution_draft import draft_distribution
from enforcement.services.distribution_pay import pay_distribution
from enforcement.services.distribution_serve import PlanService, serve_distribution
from enforcement.services.interest_charge import Delay, charge_interest
from tests.support import sales

pytestmark = pytest.mark.django_db

STORAGE = Spent(Cost.Step.COST, "评估费", "示例评估公司", "发票 001", yuan(15_000))
PRO_RATA = Plan(Among.PRO_RATA, {})
NOBODY_OBJECTS = PlanService(on=date(2026, 11, 26), statements="各方书面确认")


def drafted(plan: Plan = PRO_RATA) -> Listing:
    """Return a listing whose plan Judge Wu drew up."""
    listing = sales.ruled()
    add_cost(listing_id=listing.pk, spent=STORAGE, officer=sales.wu(), at=sales.RULED)
    draft_distribution(listing_id=listing.pk, plan=plan, officer=sales.wu(), at=sales.RULED)
    return listing


def served(service: PlanService = NOBODY_OBJECTS) -> Listing:
    """Return a listing whose plan everybody has."""
    listing = drafted()
    serve_distribution(listing_id=listing.pk, service=service, officer=sales.wu(), at=sales.RULED)
    return listing


def pay(listing: Listing, officer: Officer | None = None) -> Distribution:
    return pay_distribution(listing_id=listing.pk, officer=officer or sales.judge_zhou(), at=sales.LATER)


def given() -> dict[str, Money]:
    return {share.payee: Money(share.given_fen) for share in Share.objects.all()}


def test_the_plan_is_the_vector_of_the_law_page() -> None:
    drafted()

    assert given() == {
        "示例评估公司": yuan(15_000),
        "北京市朝阳区人民法院": yuan(32_400),
        "示例银行": yuan(1_500_000),
        "甲": yuan(726_300),
        "乙": yuan(363_150),
        "丙": yuan(363_150),
        "王大海": ZERO,
    }


def test_every_line_of_the_plan_names_its_article() -> None:
    drafted()

    assert all(share.article for share in Share.objects.all())
    assert Share.objects.get(payee="甲").article == "民诉法解释(2022年修正)第508条"


def test_an_enterprises_lenders_are_paid_in_the_order_of_seizure() -> None:
    listing = sales.ruled()
    orders = {claim.pk: 5 - place for place, claim in enumerate(Claim.objects.order_by("pk"), 1)}

    plan = Plan(Among.BY_SEIZURE, orders)
    draft_distribution(listing_id=listing.pk, plan=plan, officer=sales.wu(), at=sales.RULED)

    assert [given()[name] for name in ("丙", "乙", "甲")] == [yuan(500_000), yuan(500_000), yuan(467_600)]


def test_the_ledger_moves_from_the_case_to_each_payee_and_the_claims_shrink() -> None:
    listing = served()

    pay(listing)

    case, lender = Case.objects.get(), Claim.objects.get(creditor__name="甲")
    assert ledger.balance(ledger.case(case.number)) == ZERO
    assert ledger.balance(f"creditor:{lender.creditor_id}") == yuan(726_300)
    assert Money(lender.paid_fen) == yuan(726_300)
    assert Claim.objects.get(kind=Claim.Kind.MORTGAGE).paid_fen == 150_000_000
    check_ledger()


def test_paid_out_once() -> None:
    listing = served()
    pay(listing)

    with pytest.raises(NotYet) as refusal:
        pay(listing)

    assert refusal.value.hindrance is Hindrance.PLAN_CLOSED
    assert Claim.objects.get(creditor__name="乙").paid_fen == 36_315_000


def test_who_drew_the_plan_up_may_not_release_the_money() -> None:
    listing = served()

    with pytest.raises(NotYet) as refusal:
        pay(listing, sales.wu())

    assert refusal.value.hindrance is Hindrance.SAME_OFFICER
    assert Distribution.objects.get().state == Distribution.State.SERVED


def test_several_creditors_must_have_had_the_plan() -> None:
    listing = drafted()

    with pytest.raises(NotYet) as refusal:
        pay(listing)

    assert refusal.value.hindrance is Hindrance.PLAN_NOT_SERVED


def test_nothing_is_paid_while_somebody_may_still_object() -> None:
    last = date(2027, 1, 20)
    listing = served(PlanService(on=last))

    with pytest.raises(NotYet) as refusal:
        pay(listing)

    assert refusal.value.hindrance is Hindrance.OBJECTIONS_OPEN


def test_a_claim_that_came_since_stops_the_payment() -> None:
    listing = served()
    sales.a_claim(Claim.objects.get(creditor__name="甲").creditor, 1)

    with pytest.raises(NotYet) as refusal:
        pay(listing)

    assert refusal.value.hindrance is Hindrance.CLAIMS_CHANGED


def test_money_that_is_not_there_is_not_paid() -> None:
    listing = served()
    account = ledger.case(Case.objects.get().number)
    ledger.book(key="gone", memo="", postings={account: Money(-1), "elsewhere": Money(1)}, at=sales.RULED)

    with pytest.raises(NotYet) as refusal:
        pay(listing)

    assert refusal.value.hindrance is Hindrance.FUNDS_MISSING


def test_a_served_plan_takes_no_more_costs() -> None:
    listing = served()

    with pytest.raises(NotYet) as refusal:
        add_cost(listing_id=listing.pk, spent=STORAGE, officer=sales.wu(), at=sales.LATER)

    assert refusal.value.hindrance is Hindrance.PLAN_CLOSED


def test_doubled_interest_runs_to_the_ruling_and_is_paid_last() -> None:
    listing = sales.ruled()
    lender = Claim.objects.get(creditor__name="甲")
    delay = Delay(lender.pk, yuan(1_000_000), date(2026, 8, 17), 0)

    charged = charge_interest(listing_id=listing.pk, delay=delay, officer=sales.wu(), at=sales.RULED)
    draft_distribution(listing_id=listing.pk, plan=PRO_RATA, officer=sales.wu(), at=sales.RULED)

    assert Money(charged.amount_fen) == yuan(17_500)
    assert Share.objects.get(claim=charged).given_fen == 0


def test_a_surplus_goes_back_to_the_debtor_and_the_case_is_satisfied() -> None:
    listing = sales.ruled(price_fen=400_000_000)
    draft_distribution(listing_id=listing.pk, plan=PRO_RATA, officer=sales.wu(), at=sales.RULED)
    serve_distribution(listing_id=listing.pk, service=NOBODY_OBJECTS, officer=sales.wu(), at=sales.RULED)

    pay(listing)

    assert given()["王大海"] == yuan(4_000_000) - yuan(3_500_000) - yuan(37_400)
    assert CaseEvent.objects.filter(kind="claims_satisfied").exists()


def test_the_case_tells_the_whole_way_of_the_money() -> None:
    pay(served())

    said = [event.kind for event in CaseEvent.objects.order_by("pk")]

    assert said == [
        "ruling_drafted",
        "ruling_served",
        "cost_added",
        "plan_drafted",
        "plan_served",
        "paid_out",
    ]
