"""The pictures of lots: the start views of their tours' scenes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from viewing.models import Panorama, Scene, Tour
from viewing.queries import ready_scenes, still_of


@dataclass(frozen=True)
class Picture:
    """A still of one scene, with the scene's public name and its text twin."""

    url: str
    slug: str
    name: str
    description: str


def pictures(tour: Tour | None) -> list[Picture]:
    """Return a still of every ready scene, in order."""
    scenes = ready_scenes(tour) if tour else Scene.objects.none()
    return [Picture(still_of(scene), scene.slug, scene.name, scene.description) for scene in scenes]


def covers(tours: Iterable[int | None]) -> dict[int | None, str]:
    """Return, by tour, the address of the still of its start scene, else of its first."""
    ready = Scene.objects.filter(tour__in=set(tours) - {None}, panorama__state=Panorama.State.READY)
    found: dict[int | None, str] = {}
    for scene in ready.select_related("panorama", "tour").order_by("tour", "order", "pk"):
        if scene.tour_id not in found or scene.tour.start_id == scene.pk:
            found[scene.tour_id] = still_of(scene)
    return found
