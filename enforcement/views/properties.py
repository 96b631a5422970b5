"""A property: its description, seizures, taxes, tour, and the start of its listing."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from auction import clock
from auction.rules.requirements import NotReady
from enforcement.forms.property import PropertyForm, SeizureForm, TaxForm
from enforcement.models import Officer, Property, Tax
from enforcement.queries.desk import properties_of
from enforcement.services.add_property import Description, describe_property
from enforcement.services.add_seizure import add_seizure
from enforcement.services.add_tax import add_tax, drop_tax
from enforcement.services.open_property_tour import open_property_tour
from enforcement.services.start_listing import start_listing
from enforcement.views.access import for_officers
from enforcement.views.filling import Filling, answer, tried, wanted


@for_officers
def property(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Show and change all that is published of a property."""
    found = _property(officer, pk)
    form = PropertyForm(request.POST or None, initial=description_of(found))
    return answer(
        request,
        _of(found, "property"),
        form,
        lambda: describe_property(property=found, description=form.said()),
    )


@for_officers
def seizure_new(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Enter a seizure or its renewal."""
    found = _property(officer, pk)
    form = SeizureForm(request.POST or None)
    return answer(
        request,
        _of(found, "seizure"),
        form,
        lambda: add_seizure(property=found, seizure=form.said(), by=officer, at=clock.now()),
    )


@for_officers
def tax_new(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Add a line of taxes."""
    found = _property(officer, pk)
    form = TaxForm(request.POST or None)
    return answer(request, _of(found, "tax"), form, lambda: add_tax(property=found, **form.cleaned_data))


@require_POST
@for_officers
def tax_drop(request: HttpRequest, officer: Officer, pk: int, tax: int) -> HttpResponse:
    """Take a line of taxes away."""
    found = get_object_or_404(Tax.objects.filter(property=_property(officer, pk)), pk=tax)
    missing = tried(lambda: drop_tax(tax=found))
    if missing:
        return render(request, "enforcement/refused.html", {"missing": missing}, status=409)
    return redirect(wanted(request, reverse("property", args=[pk])))


@require_POST
@for_officers
def tour_open(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Begin the property's tour and go to build it."""
    try:
        tour = open_property_tour(property=_property(officer, pk))
    except NotReady as refusal:
        return render(request, "enforcement/refused.html", {"missing": refusal.missing}, status=409)
    return redirect("tour_build", tour.pk)


@require_POST
@for_officers
def listing_start(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Begin a listing of the property, or go on with its draft."""
    try:
        listing = start_listing(property=_property(officer, pk), at=clock.now())
    except NotReady as refusal:
        return render(request, "enforcement/refused.html", {"missing": refusal.missing}, status=409)
    return redirect("listing", listing.pk)


def description_of(property: Property) -> dict[str, str]:
    """Return how the form begins: as the property is described."""
    empty = Description("", "", "")
    return {name: getattr(property, name) for name in asdict(empty)}


def _property(officer: Officer, pk: int) -> Property:
    return get_object_or_404(properties_of(officer), pk=pk)


def _of(property: Property, name: str) -> Filling:
    return Filling(name, reverse("case", args=[property.case_id]), property.case)
