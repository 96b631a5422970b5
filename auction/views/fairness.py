"""Whether the platform can be reached, and the public ledger of when it could not (art. 28)."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from auction.queries import incidents as found
from auction.views.reading import reading

ENTRIES_A_PAGE: Final = 50
MOST_ENTRIES: Final = 1000


@reading
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Answer, having asked the database: so whoever gets this can bid."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """Answer with the ledger of outages, the newest first."""
    page = Paginator(found.ledger(), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "auction/incidents.html", {"page": page, "entries": found.shown(page.object_list)})


@reading
def incidents_json(request: HttpRequest) -> HttpResponse:
    """Answer with the newest entries of the ledger as data, times in UTC milliseconds."""
    entries: list[dict[str, Any]] = [entry.plain() for entry in found.shown(found.ledger()[:MOST_ENTRIES])]
    return JsonResponse({"incidents": entries})
