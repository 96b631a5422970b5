"""Who may see and who may change a tour."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from viewing.models import Tour

View = Callable[..., HttpResponse]


def may_change(user: AbstractUser | AnonymousUser, tour: Tour) -> bool:
    """Return whether the user is one of those who keep this tour."""
    if not user.has_perm("viewing.change_tour"):
        return False
    return tour.keepers_id is None or user.groups.filter(pk=tour.keepers_id).exists()


def may_see(user: AbstractUser | AnonymousUser, tour: Tour) -> bool:
    """Return whether the tour is announced, or the user is making it."""
    return tour.frozen_at is not None or may_change(user, tour)


def for_keepers(view: View) -> View:
    """Hand the view its tour if the user may change it, else refuse; ask for a second factor where needed."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        tour = get_object_or_404(Tour, pk=pk)
        if not may_change(request.user, tour):
            raise PermissionDenied
        if settings.OFFICERS_NEED_TOTP and not is_mfa_enabled(request.user):
            return redirect("mfa_activate_totp")
        return view(request, tour, **kwargs)

    return guarded
