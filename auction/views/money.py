"""A bidder pays his deposit, sees where his money is, and pays the balance."""

from __future__ import annotations

from typing import Final, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from auction import clock
from auction.models import Bidder, Person
from auction.payments.base import ProviderDown, ProviderRefuses
from auction.queries import registration
from auction.queries.bidders import depositor_of
from auction.rules.deposit import Rail
from auction.rules.grounds import Refused
from auction.services.balance_payment import by_card, refresh_balance, start_balance
from auction.services.deposits import Urls, refresh, start_payment

PAYABLE: Final = (Rail.HOLD, Rail.CHARGE, Rail.BANK)


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List a person's registrations, with where each deposit is."""
    person = cast(Person, request.user)
    proved = registration.real_name_of(person)
    context = {"all": registration.all_mine(person), "proved": proved, "now": clock.now()}
    return render(request, "auction/mine.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def deposit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a deposit and the ways to pay it; a POST goes to the payment page of the rail chosen."""
    bidder = depositor_of(pk, cast(Person, request.user))
    if bidder is None:
        return redirect("register", pk)
    if request.method == "GET":
        return _deposit(request, bidder)
    rail = request.POST.get("rail", "")
    return _pay(request, bidder, rail) if rail in PAYABLE else HttpResponse(status=400)


def _pay(request: HttpRequest, bidder: Bidder, rail: str) -> HttpResponse:
    try:
        where = _urls(request, "deposit", bidder.round_id, _("Auction deposit"))
        return redirect(start_payment(bidder=bidder, rail=rail, urls=where, at=clock.now()))
    except Refused as refused:
        return _deposit(request, bidder, refused=refused, status=409)
    except (ProviderDown, ProviderRefuses):
        return _deposit(request, bidder, down=True, status=503)


@never_cache
@login_required
@require_safe
def deposit_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Take whoever comes back from the payment page to what is so: the payment is looked up, not believed."""
    bidder = depositor_of(pk, cast(Person, request.user))
    if bidder is None:
        raise Http404
    try:
        refresh(deposit_id=bidder.deposit.pk, at=clock.now())
    except (ProviderDown, ProviderRefuses):
        return _deposit(request, bidder, down=True)
    return redirect("deposit", pk)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def balance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the purchaser what he owes and how he pays it; a POST goes to the card page."""
    shown = _purchase(request, pk)
    if request.method == "GET" or shown.balance is None:
        return _balance(request, shown)
    try:
        where = _urls(request, "balance", pk, _("Balance of the price"))
        return redirect(start_balance(balance=shown.balance, urls=where, at=clock.now()))
    except Refused as refused:
        return _balance(request, shown, refused=refused, status=409)
    except (ProviderDown, ProviderRefuses):
        return _balance(request, shown, down=True, status=503)


@never_cache
@login_required
@require_safe
def balance_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the purchaser back from the card page to what is so."""
    shown = _purchase(request, pk)
    try:
        if shown.balance:
            refresh_balance(balance_id=shown.balance.pk, at=clock.now())
    except (ProviderDown, ProviderRefuses):
        return _balance(request, shown, down=True)
    return redirect("balance", pk)


def _purchase(request: HttpRequest, pk: int) -> registration.Mine:
    """Return the purchaser's own registration; for everybody else there is no such page."""
    bidder = depositor_of(pk, cast(Person, request.user))
    shown = registration.mine(bidder) if bidder else None
    if shown is None or not shown.won:
        raise Http404
    return shown


def _deposit(
    request: HttpRequest,
    bidder: Bidder,
    *,
    refused: Refused | None = None,
    down: bool = False,
    status: int = 200,
) -> HttpResponse:
    shown = registration.mine(bidder)
    at = clock.now()
    context = {
        "mine": shown,
        "round": bidder.round,
        "deposit": shown.deposit,
        "ways": registration.ways(shown.deposit, bidder.round, at),
        "ground": refused.ground if refused else None,
        "down": down,
        "now": at,
    }
    return render(request, "auction/deposit.html", context, status=status)


def _balance(
    request: HttpRequest,
    shown: registration.Mine,
    *,
    refused: Refused | None = None,
    down: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "mine": shown,
        "round": shown.round,
        "balance": shown.balance,
        "by_card": bool(shown.balance and by_card(shown.balance, clock.now())),
        "ground": refused.ground if refused else None,
        "down": down,
    }
    return render(request, "auction/balance.html", context, status=status)


def _urls(request: HttpRequest, name: str, pk: int, title: str) -> Urls:
    back = request.build_absolute_uri(reverse(f"{name}_return", args=[pk]))
    cancel = request.build_absolute_uri(reverse(name, args=[pk]))
    return Urls(back=back, cancel=cancel, title=title, language=get_language() or "zh-hans")
