"""Light that arrives after bouncing: every face of every solid in coarse patches that light one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viewing.demo_flat import plan
from viewing.demo_flat.cast import Floats, Places, Whole, dot, nearest, rays, taken
from viewing.demo_flat.light import Lamp, direct, sequence
from viewing.demo_flat.world import FACES, Surface, World, surface

EDGE = 0.3
"""Wanted length of a patch's edge in metres."""

MOST = 24
RAYS = 96
BOUNCES = 5


@dataclass(frozen=True)
class Patches:
    """All patches in one row: where each face's begin, how many down and across, and their light."""

    first: Whole
    count: Whole
    light: Floats

    def at(self, world: World, found: Surface) -> Floats:
        """Return the light (3, n) on a surface, smoothly between the patches of its face."""
        slot = found.solid * FACES + found.face
        place = _place(world, found) * taken(self.count, slot) - 0.5
        cell = np.floor(place).astype(np.int32)
        share = (place - cell).astype(np.float32)
        total = np.zeros_like(found.point)
        for down in (0, 1):
            for across in (0, 1):
                weight = np.abs(1 - down - share[0]) * np.abs(1 - across - share[1])
                total += weight * taken(self.light, self.index(slot, cell[0] + down, cell[1] + across))
        return total

    def index(self, slot: Whole, down: Whole, across: Whole) -> Whole:
        """Return the number of a patch of a face, the nearest where it would lie outside."""
        rows, columns = taken(self.count, slot)
        inside = np.clip(down, 0, rows - 1) * columns + np.clip(across, 0, columns - 1)
        number: Whole = self.first[slot] + inside
        return number


def _place(world: World, found: Surface) -> Floats:
    """Return where on its face each point lies, (2, n) from 0 to 1."""
    low, high = taken(world.low, found.solid), taken(world.high, found.solid)
    share = np.clip((found.point - low) / (high - low), 0, 1)
    axis = found.face // 2
    return np.stack([np.where(axis == 0, share[1], share[0]), np.where(axis == 2, share[1], share[2])])


def _counts(world: World) -> Whole:
    size = world.high - world.low
    first = np.stack([size[1], size[1], size[0], size[0], size[0], size[0]])
    second = np.stack([size[2], size[2], size[2], size[2], size[1], size[1]])
    edges = np.stack([first, second]).transpose(0, 2, 1).reshape(2, -1)
    return np.clip(np.ceil(edges / EDGE), 1, MOST).astype(np.int32)


def _centres(world: World, count: Whole, first: Whole) -> Surface:
    """Return the middle of every patch as a surface point."""
    slot = np.repeat(np.arange(count.shape[1], dtype=np.int32), count[0] * count[1])
    number = np.arange(slot.size, dtype=np.int32) - first[slot]
    down, across = (
        (number // count[1, slot] + 0.5) / count[0, slot],
        (number % count[1, slot] + 0.5) / count[1, slot],
    )
    solid, face = slot // FACES, slot % FACES
    axis, end = face // 2, face % 2
    share = np.stack([
        np.where(axis == 0, end, down),
        np.where(axis == 1, end, np.where(axis == 0, down, across)),
        np.where(axis == 2, end, across),
    ])  # fmt: skip
    point = world.low[:, solid] + share * (world.high - world.low)[:, solid]
    normal = (np.arange(3)[:, None] == axis) * (end * 2.0 - 1)
    return Surface(point.astype(np.float32), normal.astype(np.float32), solid, face, slot)


def solve(world: World, sources: list[Lamp]) -> Patches:
    """Return the patches with the light that falls on each, direct and after BOUNCES reflections."""
    count = _counts(world)
    first = (np.cumsum(count[0] * count[1]) - count[0] * count[1]).astype(np.int32)
    centres = _centres(world, count, first)
    start = _straight(world, centres, sources)
    light, seen = start, _gathered(world, centres, Patches(first, count, start))
    for _ in range(BOUNCES):
        given = np.concatenate([light * world.mean[:, centres.solid], np.zeros((3, 1), np.float32)], axis=1)
        light = start + given[:, seen].mean(axis=2)
    return Patches(first, count, light)


def _straight(world: World, at: Surface, sources: list[Lamp]) -> Floats:
    total = np.zeros_like(at.point)
    for chunk in _chunks(world, at):
        part = at.part(chunk)
        total[:, chunk] = direct(world, part, sources, chunk.astype(np.int32), 12)
    return total


def _chunks(world: World, at: Surface) -> list[Places]:
    """Return the points room by room, so that few solids stand between them and a lamp."""
    return [np.flatnonzero(room_of(at.point) == k) for k in range(-1, len(plan.ROOMS))]


def room_of(point: Floats) -> Whole:
    """Return the number of the room nearest around each point, -1 outside all."""
    where = np.full(point.shape[1], -1, np.int32)
    for number, room in enumerate(plan.ROOMS):
        inside = (
            (point[0] > room.x[0] - 0.05)
            & (point[0] < room.x[1] + 0.05)
            & (point[2] > room.z[0] - 0.05)
            & (point[2] < room.z[1] + 0.05)
        )
        where[inside] = number
    return where


def _gathered(world: World, at: Surface, patches: Patches) -> Whole:
    """Return for every patch the patches its RAYS rays meet, (patches, RAYS); the last number means none."""
    seen = np.full((at.solid.size, RAYS), at.solid.size, np.int32)
    for number, chunk in enumerate(_chunks(world, at)[1:]):
        around = world.around(plan.ROOMS[number])
        for ray in range(RAYS):
            part = at.part(chunk)
            seen[chunk, ray] = _met(world, part, around, patches, chunk.astype(np.int32) * RAYS + ray)
    return seen


def _met(world: World, at: Surface, around: list[int], patches: Patches, order: Whole) -> Whole:
    found, hit = bounce(world, at, around, order)
    index = np.full(at.solid.size, patches.light.shape[1], np.int32)
    slot = found.solid * FACES + found.face
    place = (_place(world, found) * taken(patches.count, slot)).astype(np.int32)
    index[hit] = patches.index(slot, place[0], place[1])
    return index


def bounce(world: World, at: Surface, around: list[int], order: Whole) -> tuple[Surface, Places]:
    """Return what one cosine-weighted ray from each point meets, and which of the rays met anything."""
    direction = scattered(at.normal, order)
    start = at.point + at.normal * np.float32(3e-3)
    distance, which = nearest([world.solids[k] for k in around], rays(start, direction))
    hit = np.flatnonzero(which >= 0)
    solid = np.array(around, np.int32)[which[hit]]
    return surface(world, taken(start + direction * np.where(which >= 0, distance, 0), hit), solid), hit


def scattered(normal: Floats, order: Whole) -> Floats:
    """Return a cosine-weighted direction about each normal, numbered in the R2 sequence."""
    u, v = sequence(order, 0.25)
    radius, angle = np.sqrt(u), 2 * np.pi * v
    steep = np.abs(normal[1]) > 0.9
    none = np.zeros_like(u)
    tangent = np.where(
        steep, np.stack([none, -normal[2], normal[1]]), np.stack([normal[2], none, -normal[0]])
    )
    tangent = tangent / np.sqrt(dot(tangent, tangent))
    other = crossed(normal, tangent)
    out = (
        tangent * (radius * np.cos(angle))
        + other * (radius * np.sin(angle))
        + normal * np.sqrt(np.maximum(0, 1 - u))
    )
    direction: Floats = out.astype(np.float32)
    return direction


def crossed(one: Floats, other: Floats) -> Floats:
    """Return the vector products of the columns."""
    return one[[1, 2, 0]] * other[[2, 0, 1]] - one[[2, 0, 1]] * other[[1, 2, 0]]
