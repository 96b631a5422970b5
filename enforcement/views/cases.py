"""The court's desk, and a case with its parties and claims."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from auction import clock
from auction.rules.terms import beijing_day
from enforcement.forms.case import ClaimForm, NewCaseForm, PartyForm
from enforcement.forms.property import NewPropertyForm
from enforcement.models import Case, Officer
from enforcement.queries import desk as queries
from enforcement.services.add_claim import add_claim
from enforcement.services.add_party import add_party
from enforcement.services.add_property import add_property
from enforcement.services.open_case import open_case
from enforcement.views.access import for_officers
from enforcement.views.filling import Filling, answer


@require_safe
@for_officers
def desk(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the cases, the listings by state, and what is due."""
    at = clock.now()
    context = {
        "officer": officer,
        "cases": queries.counted_cases(officer)[:100],
        "heaps": queries.by_state(officer),
        "dues": queries.dues(officer, at),
        "today": beijing_day(at),
    }
    return render(request, "enforcement/desk.html", context)


@require_safe
@for_officers
def case(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Show a case: parties, claims, properties and the line of what happened."""
    found = _case(officer, pk)
    context = {
        "case": found,
        "parties": found.parties.order_by("pk"),
        "claims": found.claims.select_related("creditor").order_by("pk"),
        "properties": found.properties.prefetch_related("seizures", "listings__round").order_by("pk"),
        "announced": found.properties.filter(listings__round__isnull=False).exists(),
        "events": found.events.select_related("actor"),
        "today": beijing_day(clock.now()),
    }
    return render(request, "enforcement/case.html", context)


@for_officers
def case_new(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Open a case."""
    form = NewCaseForm(request.POST or None)
    opened: list[Case] = []

    def act() -> None:
        opened.append(open_case(case=form.said(), by=officer, at=clock.now()))

    answered = answer(request, Filling("case", reverse("desk")), form, act)
    return redirect("case", opened[0].pk) if opened else answered


@for_officers
def party_new(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Add a party to a case."""
    case = _case(officer, pk)
    form = PartyForm(request.POST or None, initial=_chosen(request, "side"))
    return answer(
        request,
        _of(case, "party"),
        form,
        lambda: add_party(case=case, party=form.said(), by=officer, at=clock.now()),
    )


@for_officers
def claim_new(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Add a claim to a case."""
    case = _case(officer, pk)
    form = ClaimForm(request.POST or None, case=case)
    return answer(
        request,
        _of(case, "claim"),
        form,
        lambda: add_claim(claim=form.said(), by=officer, at=clock.now()),
    )


@for_officers
def property_new(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Add a property to a case."""
    case = _case(officer, pk)
    form = NewPropertyForm(
        request.POST or None, initial={"province": case.court.province, "city": case.court.city}
    )
    return answer(
        request,
        _of(case, "property_new"),
        form,
        lambda: add_property(case=case, description=form.said(), by=officer, at=clock.now()),
    )


def _case(officer: Officer, pk: int) -> Case:
    return get_object_or_404(queries.cases_of(officer), pk=pk)


def _of(case: Case, name: str) -> Filling:
    return Filling(name, reverse("case", args=[case.pk]), case)


def _chosen(request: HttpRequest, name: str) -> dict[str, Any]:
    return {name: request.GET[name]} if name in request.GET else {}
