"""The demonstration's tour: the flat this project drew itself, in media/demo."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from viewing.models import Tour
from viewing.rules.plan import PlannedPoint, PlannedScene
from viewing.rules.points import View
from viewing.services.cut_next import cut_next
from viewing.services.import_tour import import_tour

PLAN: Final = "flat.json"


def furnish(tour: Tour, rooms: Sequence[str], *, at: datetime) -> None:
    """Give the tour these rooms of the drawn flat, in order, with their ways and defects, and cut them."""
    flat = json.loads((settings.DEMO_DIR / PLAN).read_text(encoding="utf-8"))
    known = {scene["id"]: scene for scene in flat["scenes"]}
    plan = [_scene(known[room], rooms) for room in rooms]
    import_tour(tour=tour, plan=plan, pictures=settings.DEMO_DIR, at=at)
    while cut_next(at):
        pass


def _scene(scene: Mapping[str, Any], rooms: Collection[str]) -> PlannedScene:
    spots = [spot for spot in scene["hotspots"] if spot["target"] is None or spot["target"] in rooms]
    points = tuple(PlannedPoint(**spot) for spot in spots)
    return PlannedScene(scene["id"], scene["name"], View(**scene["view"]), points, scene["description"])
