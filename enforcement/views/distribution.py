"""Who gets what of the proceeds: previewed, drawn up, served, and released by a second officer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from auction import clock
from auction.documents import day_of
from enforcement.forms.settlement import PlanForm, PlanServiceForm
from enforcement.models import Distribution, Share
from enforcement.queries.dues import Plan, creditors_of, lines_of, open_claims, suggested_way
from enforcement.rules.deadlines_after_sale import object_by
from enforcement.rules.release import NotYet
from enforcement.services.distribution_draft import draft_distribution, share_of
from enforcement.services.distribution_pay import pay_distribution
from enforcement.services.distribution_serve import serve_distribution
from enforcement.views.access import officers_only
from enforcement.views.settlement_page import Desk, desk

PAGE = "enforcement/settlement/distribution.html"


@officers_only
@require_safe
def distribution(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the plan, or what it would be if it were drawn up now."""
    return _page(desk(request, pk))


@officers_only
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the plan up."""
    here = desk(request, pk)
    form = PlanForm(request.POST, claims=open_claims(here.listing.property.case))
    if not form.is_valid():
        return _page(here, plan_form=form, status=422)
    plan, at = form.plan(), clock.now()
    return _answer(here, partial(draft_distribution, listing_id=pk, plan=plan, officer=here.officer, at=at))


@officers_only
@require_POST
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that everybody has the plan."""
    here = desk(request, pk)
    drawn = here.settlement.distribution
    earliest = day_of(drawn.drafted_at) if drawn else None
    form = PlanServiceForm(request.POST, today=here.today, earliest=earliest)
    if not form.is_valid():
        return _page(here, service_form=form, status=422)
    said, at = form.service(), clock.now()
    return _answer(
        here, partial(serve_distribution, listing_id=pk, service=said, officer=here.officer, at=at)
    )


@officers_only
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Pay the plan out."""
    here = desk(request, pk)
    return _answer(here, partial(pay_distribution, listing_id=pk, officer=here.officer, at=clock.now()))


def _answer(here: Desk, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except NotYet as refusal:
        here.extra["refusal"] = refusal
        return _page(here, status=409)
    return redirect("distribution", pk=here.listing.pk)


def _page(
    here: Desk,
    *,
    plan_form: PlanForm | None = None,
    service_form: PlanServiceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    case, drawn = here.listing.property.case, here.settlement.distribution
    way = drawn.among if drawn else suggested_way(case).value
    context = {
        "settlement": here.settlement,
        "listing": here.listing,
        "case": case,
        "officer": here.officer,
        "shares": _shares(here, drawn, way),
        "plan_form": plan_form or PlanForm(claims=open_claims(case), initial={"among": way}),
        "service_form": service_form or PlanServiceForm(today=here.today),
        "object_by": object_by(drawn.served_on) if drawn and drawn.served_on else None,
        "several": creditors_of(case) > 1,
        **here.extra,
    }
    return render(here.request, PAGE, context, status=status)


def _shares(here: Desk, drawn: Distribution | None, way: str) -> list[Share]:
    """Return the plan's lines, or unsaved ones as a preview."""
    if drawn:
        return list(drawn.shares.all())
    preview = Distribution(listing=here.listing, proceeds_fen=here.settlement.price.fen, among=way)
    lines = lines_of(here.listing, Plan(suggested_way(here.listing.property.case), {}))
    return [share_of(preview, order, paid) for order, paid in enumerate(lines, 1)]
