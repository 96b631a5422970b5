"""Choose where a visitor looks first."""

from __future__ import annotations

from django.db import transaction

from viewing.rules.points import View, check_view
from viewing.services.changes import scene_to_change


@transaction.atomic(durable=True)
def aim_scene(*, scene_id: int, view: View) -> None:
    """Set a scene's start view; its still is drawn anew in the background.

    :raises Unfit: if the view is no direction, or the tour is frozen
    """
    view = check_view(view)
    scene = scene_to_change(scene_id)
    scene.yaw, scene.pitch, scene.fov, scene.still = view.yaw, view.pitch, view.fov, ""
    scene.save(update_fields=["yaw", "pitch", "fov", "still"])
