"""Make a whole tour from a plan and a folder of its pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from viewing.models import Scene, Tour
from viewing.rules.faults import Fault, Unfit
from viewing.rules.plan import PlannedScene
from viewing.rules.points import Point
from viewing.services.aim_scene import aim_scene
from viewing.services.edit_scene import edit_scene
from viewing.services.place_hotspot import place_hotspot
from viewing.services.receive_panorama import Upload, receive_panorama

CHUNK = 2**20


def import_tour(*, tour: Tour, plan: Sequence[PlannedScene], pictures: Path, at: datetime) -> list[Scene]:
    """Add the planned scenes with their start views and points; a picture is named by its scene's slug.

    The scenes are cut in the background like any others.

    :raises Unfit: if a picture is missing or refused, or a point leads nowhere
    """
    scenes = {planned.slug: _scene(tour, planned, pictures, at) for planned in plan}
    for planned in plan:
        for spot in planned.points:
            target = scenes[spot.target].pk if spot.target in scenes else None
            point = Point(spot.kind, spot.yaw, spot.pitch, target, spot.text)
            place_hotspot(scene_id=scenes[planned.slug].pk, point=point)
    return list(scenes.values())


def _scene(tour: Tour, planned: PlannedScene, pictures: Path, at: datetime) -> Scene:
    upload = Upload(planned.slug, _chunks(_picture(pictures, planned.slug)), planned.slug)
    scene = receive_panorama(tour=tour, upload=upload, at=at)
    edit_scene(scene_id=scene.pk, name=planned.name, description=planned.description)
    aim_scene(scene_id=scene.pk, view=planned.view)
    return scene


def _picture(pictures: Path, slug: str) -> Path:
    found = [path for path in sorted(pictures.iterdir()) if path.stem == slug]
    if not found:
        raise Unfit(Fault.NO_TOUR_FOUND, slug)
    return found[0]


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
