"""Choose the scene a visitor enters by."""

from __future__ import annotations

from django.db import transaction

from viewing.services.changes import scene_to_change


@transaction.atomic(durable=True)
def start_at_scene(*, scene_id: int) -> None:
    """Let the tour begin in this scene.

    :raises Unfit: if the tour is frozen
    """
    scene = scene_to_change(scene_id)
    scene.tour.start = scene
    scene.tour.save(update_fields=["start"])
