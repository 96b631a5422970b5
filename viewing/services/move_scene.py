"""Put the scenes in order."""

from __future__ import annotations

from django.db import transaction

from viewing.models import Scene
from viewing.services.changes import scene_to_change


@transaction.atomic(durable=True)
def move_scene(*, scene_id: int, by: int) -> None:
    """Move a scene up (negative) or down the list.

    :raises Unfit: if the tour is frozen
    """
    scene = scene_to_change(scene_id)
    scenes = list(scene.tour.scenes.all())
    here = scenes.index(scene)
    scenes.insert(min(max(here + by, 0), len(scenes) - 1), scenes.pop(here))
    for order, each in enumerate(scenes):
        each.order = order
    Scene.objects.bulk_update(scenes, ["order"])
