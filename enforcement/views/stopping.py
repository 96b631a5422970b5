"""An officer suspends the bidding on a lot of his court, or lets it go on (art. 28)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from auction import clock
from auction.rules.grounds import Refused
from auction.services.suspension import resume, suspend
from enforcement.forms.stopping import ReasonForm
from enforcement.models import Officer
from enforcement.queries.desk import listings_of
from enforcement.views.access import for_officers

Act = Callable[..., object]


@require_POST
@for_officers
def suspend_round(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Suspend the bidding for a public reason."""
    return _do(request, officer, pk, suspend)


@require_POST
@for_officers
def resume_round(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Let the bidding go on."""
    return _do(request, officer, pk, resume)


def _do(request: HttpRequest, officer: Officer, pk: int, act: Act) -> HttpResponse:
    """Do the act and go back to the listing, which shows how the round stands whoever was quicker."""
    listing = get_object_or_404(listings_of(officer), pk=pk, round__isnull=False)
    form, at = ReasonForm(request.POST), clock.now()
    if form.is_valid():
        with suppress(Refused):
            act(round_id=listing.round_id, reason=form.cleaned_data["reason"], at=at)
    return redirect("listing", pk)
