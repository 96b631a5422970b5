"""The page on which an officer makes a tour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from viewing.forms import CaptionForm, MoveForm, PointForm, SceneForm, ViewForm
from viewing.models import Hotspot, Panorama, Scene, Tour
from viewing.rules.faults import Fault, Unfit
from viewing.services.aim_scene import aim_scene
from viewing.services.drop_hotspot import drop_hotspot
from viewing.services.drop_scene import drop_scene
from viewing.services.edit_scene import edit_scene
from viewing.services.move_scene import move_scene
from viewing.services.place_hotspot import place_hotspot
from viewing.services.start_at_scene import start_at_scene
from viewing.views.guard import for_keepers

Form = CaptionForm | SceneForm | ViewForm | PointForm | MoveForm


@require_safe
@for_keepers
def build(request: HttpRequest, tour: Tour) -> HttpResponse:
    """Show the pictures, the scenes and the points of a tour."""
    return page(request, tour)


@require_safe
@for_keepers
def scenes(request: HttpRequest, tour: Tour) -> HttpResponse:
    """Answer with the list of scenes alone, for the page to ask again while pictures are being cut."""
    return render(request, "viewing/scene_list.html", _context(tour))


@require_POST
@for_keepers
def edit(request: HttpRequest, tour: Tour, scene: int) -> HttpResponse:
    """Rename and describe a scene."""
    form = SceneForm(request.POST)
    return _change(
        request, _scene(tour, scene), form, lambda: edit_scene(scene_id=scene, **form.cleaned_data)
    )


@require_POST
@for_keepers
def aim(request: HttpRequest, tour: Tour, scene: int) -> HttpResponse:
    """Let a scene begin with the view sent."""
    form = ViewForm(request.POST)
    return _change(request, _scene(tour, scene), form, lambda: aim_scene(scene_id=scene, view=form.view()))


@require_POST
@for_keepers
def move(request: HttpRequest, tour: Tour, scene: int) -> HttpResponse:
    """Move a scene up or down."""
    form = MoveForm(request.POST)
    return _change(
        request, _scene(tour, scene), form, lambda: move_scene(scene_id=scene, **form.cleaned_data)
    )


@require_POST
@for_keepers
def start(request: HttpRequest, tour: Tour, scene: int) -> HttpResponse:
    """Let the tour begin in a scene."""
    return _change(request, _scene(tour, scene), None, lambda: start_at_scene(scene_id=scene))


@require_POST
@for_keepers
def drop(request: HttpRequest, tour: Tour, scene: int) -> HttpResponse:
    """Take a scene out."""
    return _change(request, _scene(tour, scene), None, lambda: drop_scene(scene_id=scene))


@require_POST
@for_keepers
def place(request: HttpRequest, tour: Tour, scene: int) -> HttpResponse:
    """Mark a point in a scene."""
    form = PointForm(request.POST)
    return _change(
        request, _scene(tour, scene), form, lambda: place_hotspot(scene_id=scene, point=form.point())
    )


@require_POST
@for_keepers
def drop_point(request: HttpRequest, tour: Tour, hotspot: int) -> HttpResponse:
    """Take a point out."""
    found = get_object_or_404(Hotspot, pk=hotspot, scene__tour=tour)
    return _change(request, found.scene, None, lambda: drop_hotspot(hotspot_id=hotspot))


def page(
    request: HttpRequest, tour: Tour, *, form: Form | None = None, faults: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """Show the page with what was refused: names with codes of faults, or a form's own errors."""
    refused = {"form": form, "faults": faults, "enter": request.GET.get("scene", "")}
    status = 422 if faults or form else 200
    return render(request, "viewing/build.html", {**_context(tour), **refused}, status=status)


def _context(tour: Tour) -> dict[str, object]:
    listed = list(tour.scenes.select_related("panorama").prefetch_related("hotspots__target"))
    states = [scene.panorama.state for scene in listed]
    return {
        "tour": tour,
        "scenes": listed,
        "photos": tour.photos.all(),
        "ready": states.count(Panorama.State.READY),
        "busy": Panorama.State.RECEIVED in states or Panorama.State.CUTTING in states,
        "kinds": Hotspot.Kind.choices,
        "codes": [fault.code for fault in Fault],
    }


def _scene(tour: Tour, pk: int) -> Scene:
    return get_object_or_404(Scene, pk=pk, tour=tour)


def _change(request: HttpRequest, scene: Scene, form: Form | None, act: Callable[[], object]) -> HttpResponse:
    """Do one act and come back to its scene, or show what was refused."""
    if form is not None and not form.is_valid():
        return page(request, scene.tour, form=form)
    try:
        act()
    except Unfit as unfit:
        return page(request, scene.tour, faults=[(scene.name, unfit.fault.code)])
    back = reverse("tour_build", args=[scene.tour_id])
    return redirect(f"{back}?{urlencode({'scene': scene.slug})}")
