"""A person proves a real name and registers for a round."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from auction import clock
from auction.forms.registration import RealNameForm, WarningsForm
from auction.models import Person, Round
from auction.queries.bidders import bidder_of
from auction.queries.registration import real_name_of
from auction.rules.deposit import rails
from auction.rules.grounds import Refused
from auction.services.real_name import NumberTaken, identity_of, prove
from auction.services.register import check, deposit_of
from auction.services.register import register as register_person


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def real_name(request: HttpRequest) -> HttpResponse:
    """Show the proved name, or take one."""
    person = cast(Person, request.user)
    onward = _onward(request)
    proved = real_name_of(person)
    form = RealNameForm(request.POST or None)
    context = {
        "form": form,
        "onward": onward,
        "proved": identity_of(proved) if proved else None,
        "taken": False,
    }
    if proved or not form.is_valid():
        return render(request, "auction/real_name.html", context)
    given = {name: form.cleaned_data[name] for name in ("kind", "name", "number")}
    try:
        prove(person=person, at=clock.now(), **given)
    except NumberTaken:
        return render(request, "auction/real_name.html", context | {"taken": True}, status=409)
    return redirect(onward or "mine")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the seven warnings of a round, and register whoever has read them."""
    round = get_object_or_404(Round.objects.select_related("lot"), pk=pk)
    person = cast(Person, request.user)
    if round.lot.practice:
        return redirect("lot", round.lot_id)
    if bidder_of(pk, person):
        return redirect("deposit", pk)
    form = WarningsForm(round, request.POST or None)
    if request.method == "GET":
        return _registration(request, round, form, _hindrance(round, person))
    try:
        register_person(round_id=pk, person=person, consent=form.consent(), at=clock.now())
    except Refused as refused:
        return _registration(request, round, form, refused)
    return redirect("deposit", pk)


def _hindrance(round: Round, person: Person) -> Refused | None:
    """Return what would refuse this person whatever he ticks."""
    proved = real_name_of(person)
    try:
        if proved:
            check(round, proved, clock.now())
    except Refused as refused:
        return refused
    return None


def _registration(
    request: HttpRequest, round: Round, form: WarningsForm, refused: Refused | None
) -> HttpResponse:
    proved = real_name_of(cast(Person, request.user))
    context = {
        "round": round,
        "form": form,
        "ticks": form.ticks(),
        "proved": identity_of(proved) if proved else None,
        "refused": refused,
        "ground": refused.ground if refused else None,
    }
    if proved:
        amount = deposit_of(round, proved)
        context |= {"amount": amount, "rails": rails(amount, round.closes_at, clock.now())}
    status = 409 if refused and request.method == "POST" else 200
    return render(request, "auction/register.html", context, status=status)


def _onward(request: HttpRequest) -> str:
    """Return where to go afterwards, if it is on this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted != reverse("real_name") else ""
