"""A whole tour as values, and how one is read from the tour file of Marzipano's tool."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from viewing.rules.faults import Fault, Unfit
from viewing.rules.points import LINK, View


@dataclass(frozen=True)
class PlannedPoint:
    """A point of a planned scene; `target` is a slug."""

    kind: str
    yaw: float
    pitch: float
    target: str | None = None
    text: str = ""


@dataclass(frozen=True)
class PlannedScene:
    """A scene to be made: its slug, which names its picture file too, and all it holds."""

    slug: str
    name: str
    view: View
    points: tuple[PlannedPoint, ...]
    description: str = ""


def read_marzipano(text: str) -> tuple[PlannedScene, ...]:
    """Return the scenes of a `data.js` (`var APP_DATA = {…};`).

    Its angles are radians, yaw to the right, but pitch *downwards*; ours are degrees, pitch upwards.

    :raises Unfit: if the text is no such file
    """
    try:
        data, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
        return tuple(_scene(scene) for scene in data["scenes"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unfit(Fault.NO_TOUR_FOUND, repr(error)) from error


def _scene(scene: dict[str, Any]) -> PlannedScene:
    looks = scene.get("initialViewParameters", {})
    yaw, pitch = _degrees(looks) if looks else (0.0, 0.0)
    fov = math.degrees(looks["fov"]) if "fov" in looks else View.fov
    links = (PlannedPoint(LINK, *_degrees(spot), target=spot["target"]) for spot in scene["linkHotspots"])
    infos = (PlannedPoint("info", *_degrees(spot), text=_words(spot)) for spot in scene["infoHotspots"])
    return PlannedScene(scene["id"], scene["name"], View(yaw, pitch, fov), (*links, *infos))


def _degrees(spot: dict[str, float]) -> tuple[float, float]:
    return math.degrees(spot["yaw"]), -math.degrees(spot["pitch"])


def _words(spot: dict[str, str]) -> str:
    """Return title and text without the markup the tool allows in them."""
    return re.sub(r"<[^>]*>", " ", f"{spot.get('title', '')} {spot.get('text', '')}").strip()
