"""The pictures of lots: the start views of their tours' scenes, then their photographs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from viewing.models import Panorama, Photo, Scene, Tour
from viewing.queries import address_of, ready_scenes, still_of


@dataclass(frozen=True)
class Picture:
    """A still of one scene with the scene's public name and text twin, or a photograph, which has no slug."""

    url: str
    slug: str
    name: str
    description: str


@dataclass(frozen=True)
class Cover:
    """The picture a lot is known by, and whether it can be walked into."""

    url: str
    vr: bool


def pictures(tour: Tour | None) -> list[Picture]:
    """Return a still of every ready scene, then every photograph, each in order."""
    if tour is None:
        return []
    scenes = [Picture(still_of(one), one.slug, one.name, one.description) for one in ready_scenes(tour)]
    return scenes + [Picture(address_of(one), "", one.caption, "") for one in tour.photos.all()]


def covers(tours: Iterable[int | None]) -> dict[int | None, Cover]:
    """Return, by tour, the still of its start scene, else of its first, else its first photograph."""
    wanted = set(tours) - {None}
    ready = Scene.objects.filter(tour__in=wanted, panorama__state=Panorama.State.READY)
    found: dict[int | None, Cover] = {}
    for scene in ready.select_related("panorama", "tour").order_by("tour", "order", "pk"):
        if scene.tour_id not in found or scene.tour.start_id == scene.pk:
            found[scene.tour_id] = Cover(still_of(scene), vr=True)
    for photo in Photo.objects.filter(tour__in=wanted - set(found)).order_by("tour", "order", "pk"):
        found.setdefault(photo.tour_id, Cover(address_of(photo), vr=False))
    return found
