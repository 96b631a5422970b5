"""Mark a point in a scene."""

from __future__ import annotations

from django.db import transaction

from viewing.models import Hotspot
from viewing.rules.faults import Fault, Unfit
from viewing.rules.points import MOST_POINTS, Point, check_point
from viewing.services.changes import scene_to_change


@transaction.atomic(durable=True)
def place_hotspot(*, scene_id: int, point: Point) -> Hotspot:
    """Mark a way to another scene, a known defect or a remark.

    :raises Unfit: if the point says or leads nowhere, the scene is full, or the tour is frozen
    """
    scene = scene_to_change(scene_id)
    point = check_point(point, scene=scene.pk)
    if point.target is not None and not scene.tour.scenes.filter(pk=point.target).exists():
        raise Unfit(Fault.LINK_NOWHERE)
    if scene.hotspots.count() >= MOST_POINTS:
        raise Unfit(Fault.TOO_MANY_POINTS)
    return scene.hotspots.create(
        kind=point.kind, yaw=point.yaw, pitch=point.pitch, target_id=point.target, text=point.text
    )
