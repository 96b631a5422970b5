"""Light that arrives straight from windows, lamps and the sun, with soft shadows.

Irradiance here is divided by pi, so a matt surface gives off its reflectance times it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viewing.demo_flat import plan
from viewing.demo_flat.cast import Floats, Places, Whole, blocked, dot, rays, taken
from viewing.demo_flat.patterns import linear
from viewing.demo_flat.shapes import Solid, Vector
from viewing.demo_flat.world import Surface, World

SUN_DIRECTION = np.array([-0.42, 0.62, -0.9], np.float32)
"""Towards the sun: low in winter and west of south, so that it reaches deep into the rooms."""

FAINT = 0.002
"""A lamp that could not add more than this is not asked."""

GENERATOR = (0.7548776662, 0.5698402910)
"""Steps of the R2 low-discrepancy sequence (M. Roberts, 2018)."""


@dataclass(frozen=True)
class Lamp:
    """A rectangle that lights the side of its normal (half_u x half_v); `sky` is dimmer from below."""

    centre: Vector
    half_u: Vector
    half_v: Vector
    radiance: tuple[float, float, float]
    sky: bool = False

    @property
    def normal(self) -> Floats:
        """Return the unit normal."""
        across = np.cross(self.half_u, self.half_v).astype(np.float32)
        return across / np.float32(np.linalg.norm(across))

    @property
    def area(self) -> float:
        """Return the area in square metres."""
        return 4 * float(np.linalg.norm(np.cross(self.half_u, self.half_v)))


def sequence(index: Whole, start: float = 0.5) -> tuple[Floats, Floats]:
    """Return the points of the R2 sequence with the given numbers, both coordinates in [0, 1)."""
    return tuple(((start + index * step) % 1).astype(np.float32) for step in GENERATOR)  # type: ignore[return-value]


def lamps() -> list[Lamp]:
    """Return the sun, a skylight in every window and the lamps of the rooms."""
    sun_at = SUN_DIRECTION / np.linalg.norm(SUN_DIRECTION) * 200
    east = np.cross([0, 1, 0], sun_at)
    half = east / np.linalg.norm(east) * 2.0
    up = np.cross(sun_at, half)
    sun = Lamp(
        _vector(sun_at), _vector(-half), _vector(up / np.linalg.norm(up) * 2.0), _warm("fff0d8", 9500.0)
    )
    return [sun, *_windows(), *_indoors()]


def _vector(values: Floats) -> Vector:
    x, y, z = (float(value) for value in values)
    return (x, y, z)


def _warm(colour: str, strength: float) -> tuple[float, float, float]:
    return _vector(linear(colour) * strength)


def _windows() -> list[Lamp]:
    """Return a rectangle of sky just outside each window."""
    found = [(wall, opening) for wall in plan.WALLS for opening in wall.openings if opening.kind == "window"]
    lights = []
    for wall, opening in found:
        (left, right), (sill, top) = opening.along, opening.up
        inwards = 1.0 if wall.across[1] <= 0 else -1.0
        place = wall.across[0] - 0.02 if inwards > 0 else wall.across[1] + 0.02
        centre = ((left + right) / 2, (sill + top) / 2, place)
        lights.append(
            Lamp(
                centre,
                ((right - left) / 2 * inwards, 0, 0),
                (0, (top - sill) / 2, 0),
                _warm("e6f0ff", 4.2),
                True,
            )
        )
    return lights


CEILING_LIGHTS = (
    (2.2, 2.618, 2.15, 0.43, 4.2), (-1.68, 2.648, 5.15, 0.28, 6.0), (6.5, 2.588, 2.0, 0.22, 6.5),
    (-1.8, 2.618, 1.9, 0.28, 5.5), (5.5, 2.618, 5.6, 0.15, 12.0), (2.2, 2.648, -0.9, 0.2, 2.0),
    (2.85, 1.715, 5.85, 0.1, 22.0), (2.85, 1.715, 6.42, 0.1, 22.0), (2.2, 2.69, 5.0, 0.12, 9.0),
    (6.25, 2.05, 4.37, 0.06, 26.0), (0.36, 1.41, 2.62, 0.12, 8.0),
    (8.2, 0.7, 0.72, 0.09, 9.0), (8.2, 0.7, 3.24, 0.09, 9.0),
    (4.18, 0.72, 2.68, 0.09, 7.0), (-2.68, 0.96, 0.3, 0.09, 8.0),
)  # fmt: skip
"""Lamps that shine downwards: x, y, z, half width, strength."""


def _indoors() -> list[Lamp]:
    return [
        Lamp((x, y, z), (half, 0, 0), (0, 0, half), _warm("ffdfb5", strength))
        for x, y, z, half, strength in CEILING_LIGHTS
    ]


def direct(world: World, at: Surface, sources: list[Lamp], order: Whole, samples: int) -> Floats:
    """Return the irradiance (3, n) from the sources; `order` places the points in the sample sequence."""
    total = np.zeros_like(at.point)
    for lamp in sources:
        facing = _useful(at, lamp)
        if facing.size:
            total[:, facing] += _from_lamp(world, at.part(facing), lamp, order[facing], samples)
    return total


def _useful(at: Surface, lamp: Lamp) -> Places:
    """Return the points that the lamp could light if nothing stood between."""
    centre = np.array(lamp.centre, np.float32)[:, None]
    reach = np.linalg.norm(lamp.half_u) + np.linalg.norm(lamp.half_v)
    towards = centre - at.point
    square = dot(towards, towards)
    before = dot(towards, lamp.normal[:, None]) < 0
    above = dot(towards, at.normal) > -reach
    strong = max(lamp.radiance) * lamp.area > FAINT * np.pi * square
    return np.flatnonzero(before & above & strong)


def _from_lamp(world: World, at: Surface, lamp: Lamp, order: Whole, samples: int) -> Floats:
    """Return the irradiance from one lamp by `samples` shadow rays a point."""
    start = at.point + at.normal * np.float32(3e-3)
    hull = (
        np.stack([_ends(lamp), start.min(axis=1)]).min(axis=0),
        np.stack([_ends(lamp, 1), start.max(axis=1)]).max(axis=0),
    )
    between = [
        world.solids[k] for k in world.overlapping(hull[0].astype(np.float32), hull[1].astype(np.float32))
    ]
    total = np.zeros(at.point.shape[1], np.float32)
    for sample in range(samples):
        u, v = sequence(order * samples + sample)
        spot = _spot(lamp, u, v)
        total += _sample(between, at, lamp, (start, spot - start))
    return total * np.array(lamp.radiance, np.float32)[:, None] * np.float32(lamp.area / np.pi / samples)


def _sample(between: list[Solid], at: Surface, lamp: Lamp, ray: tuple[Floats, Floats]) -> Floats:
    start, towards = ray
    away = np.sqrt(dot(towards, towards))
    unit = towards / away
    cosines = np.maximum(dot(unit, at.normal), 0) * np.maximum(-dot(unit, lamp.normal[:, None]), 0)
    if lamp.sky:
        cosines = cosines * np.clip(0.5 + 0.9 * unit[1], 0.35, 1)
    lit = np.flatnonzero(cosines > 1e-5)
    shut = blocked(between, rays(taken(start, lit), taken(unit, lit)), away[lit] - np.float32(0.004))
    weight = np.zeros_like(away)
    weight[lit] = np.where(shut, 0, cosines[lit] / (away[lit] * away[lit]))
    return weight


def _spot(lamp: Lamp, u: Floats, v: Floats) -> Floats:
    column = [np.array(vector, np.float32)[:, None] for vector in (lamp.centre, lamp.half_u, lamp.half_v)]
    return column[0] + column[1] * (2 * u - 1) + column[2] * (2 * v - 1)


def _ends(lamp: Lamp, end: int = 0) -> Floats:
    corners = _spot(lamp, np.array([0, 0, 1, 1], np.float32), np.array([0, 1, 0, 1], np.float32))
    reached: Floats = corners.max(axis=1) if end else corners.min(axis=1)
    return reached
