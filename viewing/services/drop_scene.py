"""Take a scene out of a tour."""

from __future__ import annotations

from django.db import transaction

from viewing.services.changes import scene_to_change


@transaction.atomic(durable=True)
def drop_scene(*, scene_id: int) -> None:
    """Remove a scene, its points and the links that led to it; its original stays.

    :raises Unfit: if the tour is frozen
    """
    scene_to_change(scene_id).delete()
