"""Who may come to the court's side of the house: officers, each to the cases of his own court."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from enforcement.models import Officer

View = Callable[..., HttpResponse]


def for_officers(view: View) -> View:
    """Hand the view the officer; others are refused, and one without a second factor is sent to set it up."""

    @officers_only
    @wraps(view)
    def handed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, getattr(request.user, "officer", None), *args, **kwargs)

    return handed


def officers_only(view: View) -> View:
    """Let only officers come to the view, and with a second factor where it is demanded."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(getattr(request.user, "officer", None), Officer):
            raise PermissionDenied
        if settings.OFFICERS_NEED_TOTP and not is_mfa_enabled(request.user):
            return redirect("mfa_activate_totp")
        return view(request, *args, **kwargs)

    return guarded
