"""The photographs of a tour, on the page on which an officer makes it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from viewing.forms import CaptionForm
from viewing.models import Photo, Tour
from viewing.rules.faults import Unfit
from viewing.services.caption_photo import caption_photo
from viewing.services.drop_photo import drop_photo
from viewing.views.builder import page
from viewing.views.guard import for_keepers


@require_safe
@for_keepers
def listed(request: HttpRequest, tour: Tour) -> HttpResponse:
    """Answer with the list of photographs alone, for the page to ask again once one was sent."""
    return render(request, "viewing/photo_list.html", {"tour": tour, "photos": tour.photos.all()})


@require_POST
@for_keepers
def caption(request: HttpRequest, tour: Tour, photo: int) -> HttpResponse:
    """Write what a photograph shows."""
    form = CaptionForm(request.POST)
    found = get_object_or_404(Photo, pk=photo, tour=tour)
    if not form.is_valid():
        return page(request, tour, form=form)
    return _change(request, found, lambda: caption_photo(photo_id=photo, **form.cleaned_data))


@require_POST
@for_keepers
def drop(request: HttpRequest, tour: Tour, photo: int) -> HttpResponse:
    """Take a photograph out."""
    found = get_object_or_404(Photo, pk=photo, tour=tour)
    return _change(request, found, lambda: drop_photo(photo_id=photo))


def _change(request: HttpRequest, photo: Photo, act: Callable[[], None]) -> HttpResponse:
    """Do one act and come back to the photographs, or show what was refused."""
    try:
        act()
    except Unfit as unfit:
        return page(request, photo.tour, faults=[(str(photo), unfit.fault.code)])
    return redirect(f"{reverse('tour_build', args=[photo.tour_id])}#photos-title")
