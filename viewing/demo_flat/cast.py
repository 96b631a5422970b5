"""Rays against solids, vectorised over the rays: arrays are (3, n) float32, lengths in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewing.demo_flat.shapes import Form, Solid

type Floats = NDArray[np.float32]
type Whole = NDArray[np.int32]
type Flags = NDArray[np.bool_]

TOUCH = np.float32(2e-3)
"""Closer than this is the surface the ray starts on."""

_TINY = np.float32(1e-6)


@dataclass(frozen=True)
class Rays:
    """Origins (3, n) or one shared origin (3, 1), directions (3, n) and their reciprocals."""

    origin: Floats
    direction: Floats
    inverse: Floats


def rays(origin: Floats, direction: Floats) -> Rays:
    """Return the rays, with directions nudged off the axes so that no reciprocal is infinite."""
    safe = np.where(np.abs(direction) < _TINY, np.copysign(_TINY, direction), direction)
    return Rays(origin, safe, np.reciprocal(safe))


def span(solid: Solid, cast: Rays) -> tuple[Floats, Floats]:
    """Return where each ray enters and leaves the solid; it misses where it would leave before entering."""
    low, high = _column(solid.low), _column(solid.high)
    if solid.form is Form.BOX:
        return _slabs(low, high, cast, slice(None))
    round_axes = slice(None) if solid.form is Form.ELLIPSOID else slice(0, 3, 2)
    enter, leave = _quadric(low[round_axes], high[round_axes], cast, round_axes)
    if solid.form is Form.PILLAR:
        floor, ceiling = _slabs(low, high, cast, slice(1, 2))
        return np.maximum(enter, floor), np.minimum(leave, ceiling)
    return enter, leave


def nearest(solids: Sequence[Solid], cast: Rays) -> tuple[Floats, Whole]:
    """Return for each ray the distance and the position in `solids` of the first solid it meets, else inf and -1."""
    count = cast.direction.shape[1]
    distance = np.full(count, np.inf, np.float32)
    which = np.full(count, -1, np.int32)
    for position, solid in enumerate(solids):
        closer(position, span(solid, cast), distance, which)
    return distance, which


def closer(position: int, met: tuple[Floats, Floats], distance: Floats, which: Whole) -> None:
    """Let one more solid, met between `met`, take the rays it is nearer to (in place)."""
    enter, leave = met
    better = (enter < leave) & (enter > TOUCH) & (enter < distance)
    np.copyto(distance, enter, where=better)
    np.copyto(which, position, where=better)


def blocked(solids: Sequence[Solid], cast: Rays, reach: Floats) -> Flags:
    """Return which rays meet any solid before `reach`; a ray that starts inside one is blocked too."""
    shut = np.zeros(cast.direction.shape[1], np.bool_)
    for solid in solids:
        enter, leave = span(solid, cast)
        shut |= (enter < leave) & (leave > TOUCH) & (enter < reach)
    return shut


def _column(vector: Sequence[float]) -> Floats:
    return np.array(vector, np.float32)[:, None]


def _slabs(low: Floats, high: Floats, cast: Rays, axes: slice) -> tuple[Floats, Floats]:
    one = (low[axes] - cast.origin[axes]) * cast.inverse[axes]
    other = (high[axes] - cast.origin[axes]) * cast.inverse[axes]
    return np.minimum(one, other).max(axis=0), np.maximum(one, other).min(axis=0)


def _quadric(low: Floats, high: Floats, cast: Rays, axes: slice) -> tuple[Floats, Floats]:
    """Return the span in the unit circle or sphere after scaling the bounds to it."""
    scale = 2 / (high - low)
    start = (cast.origin[axes] - (low + high) / 2) * scale
    step = cast.direction[axes] * scale
    square, half = (step * step).sum(axis=0), (start * step).sum(axis=0)
    inside = half * half - square * ((start * start).sum(axis=0) - 1)
    root = np.sqrt(np.maximum(inside, 0))
    enter = np.where(inside < 0, np.float32(np.inf), (-half - root) / square)
    return enter, (root - half) / square
