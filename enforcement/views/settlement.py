"""The settlement of a sale, from the price to the handover, as an officer works through it."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from auction import clock
from auction.documents import day_of
from auction.payments.bank import NotAStatement
from auction.payments.base import ProviderDown
from auction.services.statement import import_statement
from enforcement.forms import settlement as forms
from enforcement.models import Ruling
from enforcement.queries.dues import open_claims
from enforcement.services.cost import add_cost
from enforcement.services.default_find import find_default
from enforcement.services.handover import record_handover
from enforcement.services.interest_charge import charge_interest
from enforcement.services.ruling_draft import draft_ruling
from enforcement.services.ruling_serve import serve_ruling
from enforcement.views.access import officers_only
from enforcement.views.settlement_page import desk, page


@officers_only
@require_safe
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the settlement is and what comes next."""
    return page(desk(request, pk), {})


@officers_only
@require_POST
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Import a bank statement and show what it did."""
    here = desk(request, pk)
    form = forms.StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(here, {"statement": form}, status=422)
    try:
        file, court = form.cleaned_data["file"], here.officer.court
        summary = import_statement(file=file, account=court.code, court=court.name, at=clock.now())
    except NotAStatement as unreadable:
        here.extra["unreadable"] = unreadable.args[0]
        return page(here, {}, status=422)
    after = desk(request, pk)
    after.extra["summary"] = summary
    return page(after, {})


@officers_only
@require_POST
def default(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the purchaser in default."""
    here, form = desk(request, pk), forms.DefaultForm(request.POST)
    if not form.is_valid():
        return page(here, {"default": form}, status=422)
    try:
        return here.answer(
            partial(find_default, listing_id=pk, reason=form.cleaned_data["reason"], at=clock.now()),
            "settlement",
        )
    except ProviderDown:
        here.extra["provider_down"] = True
        return page(here, {}, status=503)


@officers_only
@require_POST
def ruling(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up the ruling on the sale."""
    here, form = desk(request, pk), forms.RulingForm(request.POST)
    if not form.is_valid():
        return page(here, {"ruling": form}, status=422)
    number = form.cleaned_data["number"]
    act = partial(draft_ruling, listing_id=pk, number=number, officer=here.officer, at=clock.now())
    return here.answer(act, "settlement")


@officers_only
@require_safe
def ruling_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the ruling as drawn up."""
    drawn = _ruling(request, pk)
    context = {"ruling": drawn, "facts": drawn.facts, "listing": drawn.listing}
    return render(request, "enforcement/settlement/ruling.html", context)


@officers_only
@require_safe
def ruling_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the ruling as PDF."""
    drawn = _ruling(request, pk)
    headers = {
        "Content-Disposition": f'inline; filename="ruling-{pk}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(bytes(drawn.pdf), content_type="application/pdf", headers=headers)


@officers_only
@require_POST
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the ruling was served: title passes."""
    here = desk(request, pk)
    drawn = here.settlement.ruling
    earliest = day_of(drawn.drafted_at) if drawn else None
    form = forms.ServiceForm(request.POST, today=here.today, earliest=earliest)
    if not form.is_valid():
        return page(here, {"service": form}, status=422)
    said = form.service()
    act = partial(serve_ruling, listing_id=pk, service=said, officer=here.officer, at=clock.now())
    return here.answer(act, "settlement")


@officers_only
@require_POST
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the property was handed over."""
    here = desk(request, pk)
    drawn = here.settlement.ruling
    form = forms.HandoverForm(request.POST, today=here.today, earliest=drawn.served_on if drawn else None)
    if not form.is_valid():
        return page(here, {"handover": form}, status=422)
    said = form.handover()
    act = partial(record_handover, listing_id=pk, handover=said, officer=here.officer, at=clock.now())
    return here.answer(act, "settlement")


@officers_only
@require_POST
def cost(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a cost, a reserved rent or a tax."""
    here, form = desk(request, pk), forms.CostForm(request.POST)
    if not form.is_valid():
        return page(here, {"cost": form}, status=422)
    said = form.spent()
    act = partial(add_cost, listing_id=pk, spent=said, officer=here.officer, at=clock.now())
    return here.answer(act, "settlement")


@officers_only
@require_POST
def interest(request: HttpRequest, pk: int) -> HttpResponse:
    """Charge doubled interest on a claim."""
    here = desk(request, pk)
    claims = open_claims(here.listing.property.case)
    form = forms.InterestForm(request.POST, today=here.today, claims=claims)
    if not form.is_valid():
        return page(here, {"interest": form}, status=422)
    said = form.delay()
    act = partial(charge_interest, listing_id=pk, delay=said, officer=here.officer, at=clock.now())
    return here.answer(act, "settlement")


def _ruling(request: HttpRequest, pk: int) -> Ruling:
    drawn = desk(request, pk).settlement.ruling
    if drawn is None:
        raise Http404
    return drawn
