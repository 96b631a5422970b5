"""What a camera in the flat sees first along every direction of an equirectangular picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

import numpy as np

from viewing.demo_flat.cast import Floats, Rays, Whole, closer, rays, span
from viewing.demo_flat.shapes import Solid, Vector
from viewing.demo_flat.world import World


@dataclass(frozen=True)
class Band:
    """Rows `top` to `bottom` of a picture `height` rows high (and twice as wide)."""

    top: int
    bottom: int
    height: int

    @property
    def width(self) -> int:
        """Return the columns."""
        return 2 * self.height

    def angles(self) -> tuple[Floats, Floats]:
        """Return the yaws of the columns and the pitches of the rows, of pixel centres, in radians."""
        yaw = ((np.arange(self.width) + 0.5) / self.width - 0.5) * 2 * np.pi
        pitch = (0.5 - (np.arange(self.top, self.bottom) + 0.5) / self.height) * np.pi
        return yaw.astype(np.float32), pitch.astype(np.float32)

    def directions(self) -> Floats:
        """Return the directions (3, rows * columns): x right of yaw 0, y up, z towards yaw 0."""
        yaw, pitch = self.angles()
        flat = np.cos(pitch)[:, None]
        up = np.broadcast_to(np.sin(pitch)[:, None], (pitch.size, yaw.size))
        return np.stack([np.sin(yaw) * flat, up, np.cos(yaw) * flat]).reshape(3, -1)


def bands(height: int, rows: int) -> Iterator[Band]:
    """Yield the bands of `rows` rows that make up a picture."""
    for top in range(0, height, rows):
        yield Band(top, min(top + rows, height), height)


def look(world: World, camera: Vector, band: Band) -> tuple[Floats, Whole, Floats]:
    """Return the distances, the solids met (-1 for none) and the directions of a band's pixels."""
    shape = (3, band.bottom - band.top, band.width)
    cast = rays(np.array(camera, np.float32)[:, None], band.directions())
    distance = np.full(shape[1:], np.inf, np.float32)
    which = np.full(shape[1:], -1, np.int32)
    planes = cast.direction.reshape(shape), cast.inverse.reshape(shape)
    for position, solid in enumerate(world.solids):
        for part in _windows(solid, camera, band):
            narrow = Rays(cast.origin, planes[0][part].reshape(3, -1), planes[1][part].reshape(3, -1))
            _try(position, span(solid, narrow), distance[part[1:]], which[part[1:]])
    return distance.ravel(), which.ravel(), cast.direction


def _try(position: int, met: tuple[Floats, Floats], distance: Floats, which: Whole) -> None:
    enter, leave = (edge.reshape(distance.shape) for edge in met)
    closer(position, (enter, leave), distance, which)


def _windows(solid: Solid, camera: Vector, band: Band) -> Iterator[tuple[slice, slice, slice]]:
    """Yield the parts of a band (axis, rows, columns) in which the solid could be seen."""
    rows = _rows(solid, camera, band)
    if rows.start >= rows.stop:
        return
    for columns in _columns(solid, camera, band.width):
        yield slice(None), rows, columns


def _rows(solid: Solid, camera: Vector, band: Band) -> slice:
    """Return the rows between the highest and the lowest pitch at which the bounds can be met."""
    near, far = _distances(solid, camera)
    up, down = solid.high[1] - camera[1], solid.low[1] - camera[1]
    highest = np.arctan2(up, near if up > 0 else far)
    lowest = np.arctan2(down, near if down < 0 else far)
    first, last = (int((0.5 - pitch / np.pi) * band.height) for pitch in (highest, lowest))
    return slice(max(first - 2 - band.top, 0), min(max(last + 3 - band.top, 0), band.bottom - band.top))


def _distances(solid: Solid, camera: Vector) -> tuple[float, float]:
    """Return the least and the greatest level distance to the bounds."""
    ends = [(solid.low[axis] - camera[axis], solid.high[axis] - camera[axis]) for axis in (0, 2)]
    near = (max(low, -high, 0.0) for low, high in ends)
    return hypot(*near), hypot(*(max(abs(low), abs(high)) for low, high in ends))


def _columns(solid: Solid, camera: Vector, width: int) -> list[slice]:
    """Return the columns the bounds span, in two parts where they cross the seam."""
    if _distances(solid, camera)[0] == 0:
        return [slice(0, width)]
    x, z = ((solid.low[axis] - camera[axis], solid.high[axis] - camera[axis]) for axis in (0, 2))
    middle = np.arctan2(sum(x), sum(z))
    off = [(np.arctan2(a, b) - middle + np.pi) % (2 * np.pi) - np.pi for a in x for b in z]
    first, last = (int(((middle + edge) / (2 * np.pi) + 0.5) * width) for edge in (min(off), max(off)))
    return _wrapped(first - 2, last + 3, width)


def _wrapped(first: int, last: int, width: int) -> list[slice]:
    if first < 0:
        return [slice(0, min(last, width)), slice(width + first, width)]
    if last > width:
        return [slice(first, width), slice(0, last - width)]
    return [slice(first, last)]
