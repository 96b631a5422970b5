"""What everyone may see of an announced tour."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from viewing import queries, store
from viewing.models import Tour
from viewing.views.guard import may_change, may_see

# The name says what is inside, so a copy is good for ever.
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def tour(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the viewer on a page of its own."""
    shown = _visible(request, pk)
    scenes = queries.ready_scenes(shown)
    said = {
        "tour": shown,
        "scenes": scenes,
        "photos": shown.photos.all(),
        "keeper": may_change(request.user, shown),
    }
    return render(request, "viewing/tour.html", {**said, "enter": request.GET.get("scene", "")})


@csrf_exempt
@require_safe
def manifest(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with what the viewer draws from."""
    shown = _visible(request, pk)
    response = JsonResponse(queries.manifest(shown))
    response["Cache-Control"] = "public, max-age=60" if shown.frozen_at else "private, no-store"
    return response


@require_safe
def tile(_request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """Answer with a published file; whoever knows a tree's hash has seen its manifest."""
    return _jpeg(store.tree(digest) / name)


@require_safe
def still(_request: HttpRequest, digest: str) -> HttpResponse:
    """Answer with the picture of a start view."""
    return _jpeg(store.folder("stills") / f"{digest}.jpg")


def _visible(request: HttpRequest, pk: int) -> Tour:
    shown = get_object_or_404(Tour, pk=pk)
    if not may_see(request.user, shown):
        raise Http404
    return shown


def _jpeg(path: Path) -> HttpResponse:
    try:
        response = HttpResponse(path.read_bytes(), content_type="image/jpeg")
    except OSError as error:
        raise Http404 from error
    response["Cache-Control"] = FOR_EVER
    return response
