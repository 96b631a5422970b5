"""Who could not be reached, named in public for five full days and longer (art. 16¶1)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from enforcement.queries.desk import postings as posted


@require_safe
def postings(request: HttpRequest) -> HttpResponse:
    """Show everybody who is named because nothing else reaches him; for all to read."""
    return render(request, "enforcement/postings.html", {"postings": posted()})
