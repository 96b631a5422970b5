"""Open data: every lot, and the description of all that programs may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import conditional_page

from auction.queries import feed
from auction.views.reading import reading

DESCRIPTION: Final = Path(__file__).resolve().parent.parent / "openapi.json"
A_MOMENT: Final = "public, max-age=10"


@reading
@conditional_page
def lots_json(request: HttpRequest) -> HttpResponse:
    """Answer with all lots `?after=` a number, at most `?limit=` of them, and where the next are."""
    after = _number(request.GET.get("after", "0"), most=10**18)
    limit = _number(request.GET.get("limit", str(feed.LARGEST_PAGE)), most=feed.LARGEST_PAGE)
    if after is None or not limit:
        return HttpResponse(status=400)
    return _shared(JsonResponse(feed.page(after, limit), json_dumps_params={"ensure_ascii": False}))


@reading
@conditional_page
def openapi(request: HttpRequest) -> HttpResponse:
    """Answer with the description of all public interfaces (OpenAPI 3.1)."""
    return _shared(HttpResponse(DESCRIPTION.read_bytes(), content_type="application/json"))


def _number(said: str, *, most: int) -> int | None:
    """Return a whole number from 0 up; None if it is none or too large."""
    if not (said.isascii() and said.isdecimal() and len(said) < 20):
        return None
    return int(said) if int(said) <= most else None


def _shared(answer: HttpResponse) -> HttpResponse:
    """Let anybody keep it for a moment, and pages of others read it."""
    answer["Cache-Control"] = A_MOMENT
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
