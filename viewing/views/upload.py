"""Where an officer's pictures come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from viewing.models import Panorama, Tour
from viewing.rules.faults import Unfit
from viewing.services.add_photo import add_photo
from viewing.services.receive_panorama import Upload, receive_panorama
from viewing.views.builder import page
from viewing.views.guard import for_keepers

Result = dict[str, Any]


@require_POST
@for_keepers
def pictures(request: HttpRequest, tour: Tour) -> HttpResponse:
    """Take in several panoramas, each for itself; a script gets JSON, a plain form the page."""
    return _take_in(request, tour, _receive)


@require_POST
@for_keepers
def photos(request: HttpRequest, tour: Tour) -> HttpResponse:
    """Take in several photographs, each for itself; a script gets JSON, a plain form the page."""
    return _take_in(request, tour, _add)


def _take_in(
    request: HttpRequest, tour: Tour, take: Callable[[Tour, UploadedFile[Any]], Result]
) -> HttpResponse:
    results = [_result(tour, file, take) for file in request.FILES.getlist("pictures")]
    if request.accepts("text/html"):
        faults = [(result["name"], result["fault"]) for result in results if result["fault"]]
        return page(request, tour, faults=faults) if faults else redirect("tour_build", tour.pk)
    return JsonResponse({"pictures": results})


def _result(tour: Tour, file: UploadedFile[Any], take: Callable[[Tour, UploadedFile[Any]], Result]) -> Result:
    answer: Result = {"name": file.name or "", "fault": "", "scene": None}
    try:
        return {**answer, **take(tour, file)}
    except Unfit as unfit:
        return {**answer, "state": "unfit", "fault": unfit.fault.code}


def _receive(tour: Tour, file: UploadedFile[Any]) -> Result:
    upload = Upload(file.name or "", file.chunks())
    scene = receive_panorama(tour=tour, upload=upload, at=timezone.now())
    return {"state": scene.panorama.state, "scene": scene.pk}


def _add(tour: Tour, file: UploadedFile[Any]) -> Result:
    return {"state": Panorama.State.READY, "photo": add_photo(tour=tour, chunks=file.chunks()).pk}
