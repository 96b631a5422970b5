"""Rays against solids, vectorised over the rays: arrays are (3, n) float32, lengths in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from viewing.demo_flat.shapes import Form, Solid

Floats = NDArray[np.floating[Any]]
Whole = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]
Values = TypeVar("Values", bound=np.generic)

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
    along = np.ascontiguousarray(safe)
    return Rays(np.ascontiguousarray(origin), along, np.reciprocal(along))


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
    """Return for each ray how far and where in `solids` the first solid it meets is, else inf and -1."""
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


def dot(one: Floats, other: Floats) -> Floats:
    """Return the scalar products of the columns; row by row, because numpy reduces a short axis slowly."""
    product: Floats = reduce(np.add, one * other)
    return product


def taken(values: NDArray[Values], chosen: Whole) -> NDArray[Values]:
    """Return the chosen columns, laid out row by row (an index would lay them out column by column)."""
    return np.take(values, chosen, axis=1)


def _column(vector: Sequence[float]) -> Floats:
    return np.array(vector, np.float32)[:, None]


def _slabs(low: Floats, high: Floats, cast: Rays, axes: slice) -> tuple[Floats, Floats]:
    one = (low[axes] - cast.origin[axes]) * cast.inverse[axes]
    other = (high[axes] - cast.origin[axes]) * cast.inverse[axes]
    near, far = np.minimum(one, other), np.maximum(one, other)
    return reduce(np.maximum, near), reduce(np.minimum, far)


def _quadric(low: Floats, high: Floats, cast: Rays, axes: slice) -> tuple[Floats, Floats]:
    """Return the span in the unit circle or sphere after scaling the bounds to it."""
    scale = 2 / (high - low)
    start = (cast.origin[axes] - (low + high) / 2) * scale
    step = cast.direction[axes] * scale
    square, half = dot(step, step), dot(start, step)
    inside = half * half - square * (dot(start, start) - 1)
    root = np.sqrt(np.maximum(inside, 0))
    enter = np.where(inside < 0, np.float32(np.inf), (-half - root) / square)
    return enter, (root - half) / square
