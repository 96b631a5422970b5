"""Practice: a way to its lot, and one click to join."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from auction import clock
from auction.models import Person, Round
from auction.queries.lots import practice_lot
from auction.rules.grounds import Refused
from auction.services.practice import join as join_practice


@require_safe
@never_cache
def practice(request: HttpRequest) -> HttpResponse:
    """Go to the practice lot."""
    lot = practice_lot()
    if lot is None:
        raise Http404
    return redirect("lot", lot.pk)


@require_POST
@login_required
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Take part in a practice round; one that has just ended leads to the next."""
    round = get_object_or_404(Round, pk=pk, lot__practice=True)
    try:
        join_practice(round_id=pk, person=cast(Person, request.user), at=clock.now())
    except Refused as refused:
        return redirect(f"{reverse('lot', args=[round.lot_id])}?refused={refused.ground.code}#bid")
    return redirect(f"{reverse('lot', args=[round.lot_id])}#bid")
