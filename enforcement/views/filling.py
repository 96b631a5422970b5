"""What the pages with one form share: fill it in, do the act, go back, or show what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from auction.rules.requirements import Missing, NotReady
from enforcement.models import Case

PAGE = "enforcement/form.html"


@dataclass(frozen=True)
class Filling:
    """A page with one form: its name, which its words hang on, whose case it is, where it leads back to."""

    name: str
    back: str
    case: Case | None = None


def answer(request: HttpRequest, page: Filling, form: Form, act: Callable[[], object]) -> HttpResponse:
    """Do the act if the form is right and go back; else show the form with what is wrong."""
    missing: tuple[Missing, ...] = ()
    if request.method == "POST" and form.is_valid():
        missing = tried(act)
        if not missing:
            return redirect(wanted(request, page.back))
    context = {"page": page, "form": form, "missing": missing, "back": wanted(request, page.back)}
    return render(request, PAGE, context, status=409 if missing else 200)


def tried(act: Callable[[], object]) -> tuple[Missing, ...]:
    """Do the act and return what it missed, nothing if it was done."""
    try:
        act()
    except NotReady as refusal:
        return refusal.missing
    return ()


def wanted(request: HttpRequest, back: str) -> str:
    """Return where the page was asked to lead back to, if that is on this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else back
