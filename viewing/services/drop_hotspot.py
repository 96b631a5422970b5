"""Take a point out of a scene."""

from __future__ import annotations

from django.db import transaction

from viewing.models import Hotspot
from viewing.services.changes import scene_to_change


@transaction.atomic(durable=True)
def drop_hotspot(*, hotspot_id: int) -> None:
    """Remove a point.

    :raises Unfit: if the tour is frozen
    """
    hotspot = Hotspot.objects.get(pk=hotspot_id)
    scene_to_change(hotspot.scene_id)
    hotspot.delete()
