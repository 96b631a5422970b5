"""Say in words what a scene shows."""

from __future__ import annotations

from django.db import transaction

from viewing.services.changes import scene_to_change


@transaction.atomic(durable=True)
def edit_scene(*, scene_id: int, name: str, description: str) -> None:
    """Rename a scene and describe it.

    :raises Unfit: if the tour is frozen
    """
    scene = scene_to_change(scene_id)
    scene.name, scene.description = name, description
    scene.save(update_fields=["name", "description"])
