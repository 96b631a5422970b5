"""Views that only read: where there is nothing to forge, another method is not allowed, token or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def reading(view: View) -> View:
    """Answer GET and HEAD, and 405 to all else; without `csrf_exempt` a POST would be told 403 before it."""
    answered: View = csrf_exempt(require_safe(view))
    return answered
