"""Where an officer's pictures come in."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from viewing.models import Tour
from viewing.rules.faults import Unfit
from viewing.services.receive_panorama import Upload, receive_panorama
from viewing.views.builder import page
from viewing.views.guard import for_keepers


@require_POST
@for_keepers
def pictures(request: HttpRequest, tour: Tour) -> HttpResponse:
    """Take in several pictures, each for itself; a script gets JSON, a plain form the page."""
    results = [_receive(tour, file) for file in request.FILES.getlist("pictures")]
    if request.accepts("text/html"):
        faults = [(result["name"], result["fault"]) for result in results if result["fault"]]
        return page(request, tour, faults=faults) if faults else redirect("tour_build", tour.pk)
    return JsonResponse({"pictures": results})


def _receive(tour: Tour, file: UploadedFile[Any]) -> dict[str, Any]:
    name = file.name or ""
    try:
        scene = receive_panorama(tour=tour, upload=Upload(name, file.chunks()), at=timezone.now())
    except Unfit as unfit:
        return {"name": name, "state": "unfit", "fault": unfit.fault.code, "scene": None}
    return {"name": name, "state": scene.panorama.state, "fault": "", "scene": scene.pk}
