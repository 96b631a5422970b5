"""The solids of the demo flat: boxes, upright pillars and ellipsoids, each inscribed in its bounds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

Vector = tuple[float, float, float]
Range = tuple[float, float]


class Form(IntEnum):
    """How a solid fills its bounds."""

    BOX = 0
    PILLAR = 1
    ELLIPSOID = 2


@dataclass(frozen=True)
class Solid:
    """A convex body: its bounds in metres (x east, y up, z north) and the name of its material.

    A detail is drawn and lit but casts neither shadow nor light; it is too small to be worth the rays.
    """

    form: Form
    low: Vector
    high: Vector
    material: str
    detail: bool = False


def _solid(form: Form, bounds: tuple[Range, Range, Range], material: str, detail: bool) -> Solid:
    x, y, z = bounds
    return Solid(form, (x[0], y[0], z[0]), (x[1], y[1], z[1]), material, detail)


def box(x: Range, y: Range, z: Range, material: str, *, detail: bool = False) -> Solid:
    """Return the box that fills the three ranges."""
    return _solid(Form.BOX, (x, y, z), material, detail)


def pillar(x: Range, y: Range, z: Range, material: str, *, detail: bool = False) -> Solid:
    """Return the upright elliptical pillar inscribed in the three ranges."""
    return _solid(Form.PILLAR, (x, y, z), material, detail)


def ellipsoid(x: Range, y: Range, z: Range, material: str, *, detail: bool = False) -> Solid:
    """Return the ellipsoid inscribed in the three ranges."""
    return _solid(Form.ELLIPSOID, (x, y, z), material, detail)


def about(centre: float, half: float) -> Range:
    """Return the range of the given half width around a centre."""
    return (centre - half, centre + half)
