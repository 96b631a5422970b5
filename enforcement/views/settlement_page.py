"""What the settlement's views share: whose listing it is, and the page with every form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from auction import clock
from auction.documents import day_of
from enforcement.forms import settlement as forms
from enforcement.models import Listing, Officer
from enforcement.queries.dues import open_claims
from enforcement.queries.settlement import Settlement, settlement_of
from enforcement.rules.release import NotYet

PAGE = "enforcement/settlement/page.html"


@dataclass
class Desk:
    """One officer before one listing: what a view of the settlement works with."""

    request: HttpRequest
    officer: Officer
    listing: Listing
    settlement: Settlement
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the court's date."""
        return self.settlement.today

    def answer(self, act: Callable[[], object], back: str) -> HttpResponse:
        """Do the act and go back to the page, or show the page with what stands in the way."""
        try:
            act()
        except NotYet as refusal:
            self.extra["refusal"] = refusal
            return page(self, {}, status=409)
        return redirect(back, pk=self.listing.pk)


def desk(request: HttpRequest, pk: int) -> Desk:
    """Return the officer's desk for a published listing of his own court; others are not found."""
    officer = getattr(request.user, "officer", None)
    if not isinstance(officer, Officer):
        raise PermissionDenied
    own = Listing.objects.filter(property__case__court=officer.court, round__isnull=False)
    listing = get_object_or_404(
        own.select_related("property__case__court", "round__lot", "round__leading"), pk=pk
    )
    settlement = settlement_of(listing, day_of(clock.now()))
    assert settlement
    return Desk(request, officer, listing, settlement)


def page(desk: Desk, bound: Mapping[str, Form], status: int = 200) -> HttpResponse:
    """Show the settlement with every form; `bound` are those filled in wrongly."""
    context = {
        "settlement": desk.settlement,
        "listing": desk.listing,
        "case": desk.listing.property.case,
        "forms": fresh(desk) | dict(bound),
        **desk.extra,
    }
    return render(desk.request, PAGE, context, status=status)


def fresh(desk: Desk) -> dict[str, Form]:
    """Return the forms of the page, empty."""
    today, ruling = desk.today, desk.settlement.ruling
    drafted = day_of(ruling.drafted_at) if ruling else None
    claims = open_claims(desk.listing.property.case)
    return {
        "statement": forms.StatementForm(),
        "ruling": forms.RulingForm(),
        "default": forms.DefaultForm(),
        "service": forms.ServiceForm(today=today, earliest=drafted),
        "handover": forms.HandoverForm(today=today, earliest=ruling.served_on if ruling else None),
        "cost": forms.CostForm(),
        "interest": forms.InterestForm(today=today, claims=claims),
    }
