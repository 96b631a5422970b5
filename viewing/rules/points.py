"""What may be marked in a scene, and which way one may look."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from viewing.rules.faults import Fault, Unfit

MOST_SCENES: Final = 60
MOST_POINTS: Final = 40
LONGEST_TEXT: Final = 300
NARROWEST, WIDEST = 30.0, 100.0
LINK: Final = "link"


@dataclass(frozen=True)
class View:
    """A way to look, in degrees; `fov` is the angle over the geometric mean of both sides."""

    yaw: float = 0.0
    pitch: float = 0.0
    fov: float = 75.0


@dataclass(frozen=True)
class Point:
    """A point to mark: its kind, direction in degrees, the scene it leads to if any, and its words."""

    kind: str
    yaw: float
    pitch: float
    target: int | None = None
    text: str = ""


def check_view(view: View) -> View:
    """Return the view with yaw in (-180, 180] and fov within what a viewer shows.

    :raises Unfit: if it is no direction
    """
    yaw, pitch = check_direction(view.yaw, view.pitch)
    if not math.isfinite(view.fov):
        raise Unfit(Fault.NO_SUCH_DIRECTION)
    return View(yaw, pitch, min(max(view.fov, NARROWEST), WIDEST))


def check_direction(yaw: float, pitch: float) -> tuple[float, float]:
    """Return the direction with yaw in (-180, 180].

    :raises Unfit: if the pitch points beyond a pole, or a number is not finite
    """
    if not (math.isfinite(yaw) and math.isfinite(pitch) and abs(pitch) <= 90):
        raise Unfit(Fault.NO_SUCH_DIRECTION)
    return 180.0 - (180.0 - yaw) % 360.0, pitch


def check_point(point: Point, *, scene: int) -> Point:
    """Return the point as it is to be kept in the scene with this key.

    :raises Unfit: if a link leads nowhere or to its own scene, or another point says nothing
    """
    yaw, pitch = check_direction(point.yaw, point.pitch)
    text = " ".join(point.text.split())[:LONGEST_TEXT]
    if point.kind == LINK:
        if point.target in {None, scene}:
            raise Unfit(Fault.LINK_NOWHERE)
        return replace(point, yaw=yaw, pitch=pitch, text=text)
    if not text:
        raise Unfit(Fault.POINT_UNSAID)
    return Point(point.kind, yaw, pitch, None, text)
