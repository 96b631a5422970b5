"""The public pages: every lot, one lot, and how it works. Nobody has to sign in to read (art. 3)."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from auction import clock
from auction.forms.lots import LotsForm, OfferForm
from auction.models import Round
from auction.queries import lots as found_lots
from auction.queries.lot_page import lot_page

CARDS_A_PAGE: Final = 24


@require_safe
def lots(request: HttpRequest) -> HttpResponse:
    """Answer with the list of lots that are wanted."""
    form = LotsForm(request.GET, provinces=found_lots.provinces())
    rounds = found_lots.rounds(form.wanted())
    page = Paginator(rounds, CARDS_A_PAGE).get_page(request.GET.get("page"))
    cards = found_lots.cards(list(page.object_list))
    practice = found_lots.practice_lot()
    context = {"form": form, "page": page, "cards": cards, "practice": practice, "now": clock.now()}
    return render(request, "auction/lots.html", context)


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Answer with how a lot is viewed, bid for and paid."""
    return render(request, "auction/how.html")


@require_safe
def lot(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with one lot: its last round live, and all that was announced."""
    round = found_lots.current_round(pk)
    if round is None:
        raise Http404
    shown = lot_page(round, request.user)
    outcome = {name: request.GET.get(name, "") for name in ("accepted", "refused")}
    answer = render(request, "auction/lot.html", {"page": shown, "outcome": outcome, "now": clock.now()})
    if request.user.is_authenticated:  # his own bidder code is on it
        patch_cache_control(answer, private=True, no_store=True)
    return answer


@require_safe
@login_required
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with a bid to be confirmed, its amount in capitals: the way of a browser without scripts."""
    round = get_object_or_404(Round.objects.select_related("lot", "leading"), pk=pk)
    form = OfferForm(request.GET)
    context = {"round": round, "form": form, "amount": form.amount_given(), "key": uuid4()}
    return render(request, "auction/offer.html", context)
