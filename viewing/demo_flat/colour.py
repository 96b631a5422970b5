"""The colour of surfaces: material pictures looked up at points, with the marks of damage laid over them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from viewing.demo_flat import artwork
from viewing.demo_flat.cast import Floats, Places, Whole, taken
from viewing.demo_flat.materials import Material, glow_of
from viewing.demo_flat.patterns import Picture
from viewing.demo_flat.shapes import Vector
from viewing.demo_flat.world import Surface, World

ACROSS, DOWN = np.array([2, 0, 0]), np.array([1, 2, 1])
"""For a face across axis x, y, z: the axes that run across and down its picture."""


@dataclass(frozen=True)
class Decal:
    """Damage painted on whatever lies inside the bounds; the picture spans the two longer sides."""

    low: Vector
    high: Vector
    picture: Picture


@cache
def decals() -> tuple[Decal, ...]:
    """Return the defects of the flat where plan.MARKS says they are."""
    return (
        Decal((6.2, 2.69, 6.1), (7.0, 2.71, 7.0), artwork.stain()),
        Decal((-2.4, -0.01, 4.8), (-1.8, 0.005, 5.4), artwork.crack()),
        Decal((1.15, -0.01, 2.65), (1.75, 0.005, 3.25), artwork.scratches()),
        Decal((-3.5, 0.55, -0.01), (-2.9, 1.35, 0.01), artwork.peeling()),
    )


def reflectance(world: World, at: Surface) -> tuple[Floats, Floats, Floats]:
    """Return the reflectance (3, n), the light given off (3, n) and the gloss (n) of surface points."""
    shade, glow = np.zeros_like(at.point), np.zeros_like(at.point)
    gloss = np.zeros(at.solid.size, np.float32)
    which = world.material[at.solid]
    for number, material in enumerate(world.materials.values()):
        some = np.flatnonzero(which == number)
        if some.size:
            shade[:, some] = _picture_at(world, at, some, material)
            gloss[some] = material.gloss
            glow[:, some] = glow_of(material)[:, None]
    return _damaged(shade, at.point), glow, gloss


def _picture_at(world: World, at: Surface, some: Places, material: Material) -> Floats:
    axis, each = at.face[some] // 2, np.arange(some.size)
    point = taken(at.point, some)
    if material.size is None:
        solid = at.solid[some]
        point = (point - taken(world.low, solid)) / taken(world.high - world.low, solid)
    across, down = point[ACROSS[axis], each], -point[DOWN[axis], each]
    if material.turned:
        across, down = down, across
    return sampled(material.picture, across / (material.size or 1), down / (material.size or 1))


def sampled(picture: Picture, across: Floats, down: Floats) -> Floats:
    """Return the picture's values (channels, n), repeated every 1 across and down, between its pixels."""
    height, width = picture.shape[:2]
    x, y = (across % 1) * width - 0.5, (down % 1) * height - 0.5
    left, top = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    right_share, lower_share = (x - left)[:, None], (y - top)[:, None]
    lines = picture.reshape(-1, picture.shape[2])
    upper = _row(lines, top % height * width, left, (width, right_share))
    lower = _row(lines, (top + 1) % height * width, left, (width, right_share))
    return np.ascontiguousarray((upper * (1 - lower_share) + lower * lower_share).T)


def _row(lines: Picture, start: Whole, left: Whole, across: tuple[int, Floats]) -> Picture:
    width, share = across
    row: Picture = lines[start + left % width] * (1 - share) + lines[start + (left + 1) % width] * share
    return row


def _damaged(shade: Floats, point: Floats) -> Floats:
    for decal in decals():
        low, high = np.array(decal.low, np.float32)[:, None], np.array(decal.high, np.float32)[:, None]
        some = np.flatnonzero(((point > low) & (point < high)).all(axis=0))
        if some.size:
            place = ((taken(point, some) - low) / (high - low))[np.argsort(decal_size(decal))[1:]]
            paint = sampled(decal.picture, place[0], place[1])
            shade[:, some] = taken(shade, some) * (1 - paint[3]) + paint[:3] * paint[3]
    return shade


def decal_size(decal: Decal) -> Floats:
    """Return the lengths of a decal's sides."""
    return np.array(decal.high, np.float32) - np.array(decal.low, np.float32)
