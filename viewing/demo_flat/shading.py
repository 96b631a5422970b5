"""The light over a picture: sampled on a coarse grid, cleaned, carried to the fine one face by face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viewing.demo_flat import outdoors
from viewing.demo_flat.cast import Floats, Whole, dot, nearest, rays, taken
from viewing.demo_flat.colour import reflectance
from viewing.demo_flat.light import Lamp, direct
from viewing.demo_flat.patterns import Picture
from viewing.demo_flat.plan import ROOMS, Room
from viewing.demo_flat.radiosity import Patches, bounce, room_of
from viewing.demo_flat.view import Band, look
from viewing.demo_flat.world import Surface, World, surface

TURN = 4
"""Neighbouring pixels take turns through TURN x TURN shares of the samples; the clean-up joins them."""

BLOCK = 64


@dataclass(frozen=True)
class Flat:
    """All that a picture needs: the world, its lamps, its patches and what is outdoors."""

    world: World
    lamps: list[Lamp]
    patches: Patches
    surroundings: Picture


@dataclass(frozen=True)
class Grid:
    """A coarse picture: keys of the faces (height, width) and values (channels, height, width)."""

    key: Whole
    value: Floats


def lit(flat: Flat, room: Room, height: int) -> Grid:
    """Return irradiance and mirrored light, 6 channels, over a picture `height` rows high."""
    half = _cleaned(_bounced(flat, room, height // 2))
    straight = [_straight(flat, room, height, band_top) for band_top in range(0, height, BLOCK)]
    key = np.concatenate([part.key for part in straight])
    value = np.concatenate([part.value for part in straight], axis=1)
    fine = _cleaned(Grid(key, value))
    return Grid(key, np.concatenate([fine.value[:3] + _raised(half, key), fine.value[3:]]))


def _seen(flat: Flat, room: Room, height: int, rows: tuple[int, int]) -> tuple[Surface, Whole, Floats]:
    """Return the surface at the pixels that meet one, the numbers of these, and all directions."""
    distance, which, direction = look(flat.world, room.camera, Band(*rows, height))
    hit = np.flatnonzero(which >= 0)
    point = np.array(room.camera, np.float32)[:, None] + taken(direction, hit) * distance[hit]
    return surface(flat.world, point, which[hit]), hit.astype(np.int32), direction


def _order(number: Whole, width: int) -> Whole:
    """Return each pixel's place in its TURN x TURN block."""
    return ((number // width) % TURN) * TURN + number % width % TURN


def _bounced(flat: Flat, room: Room, height: int, samples: int = 20) -> Grid:
    """Return the irradiance from other surfaces."""
    found, hit, _ = _seen(flat, room, height, (0, height))
    total = np.zeros_like(found.point)
    where, order = room_of(found.point), _order(hit, 2 * height)
    for number in np.unique(where[where >= 0]):
        chosen = np.flatnonzero(where == number)
        around = flat.world.around(ROOMS[int(number)])
        for some in np.array_split(chosen, chosen.size // 60000 + 1):
            total[:, some] = _mean_bounce(flat, found.part(some), around, order[some] * samples, samples)
    return _spread(found.key, total, hit, (height, 2 * height))


def _mean_bounce(flat: Flat, at: Surface, around: list[int], order: Whole, samples: int) -> Floats:
    total = np.zeros_like(at.point)
    for sample in range(samples):
        met, hit = bounce(flat.world, at, around, order + sample)
        total[:, hit] += flat.patches.at(flat.world, met) * taken(flat.world.mean, met.solid)
    return total / np.float32(samples)


def _straight(flat: Flat, room: Room, height: int, top: int, samples: int = 2) -> Grid:
    """Return direct irradiance and mirrored light of one band, block by block."""
    found, hit, direction = _seen(flat, room, height, (top, min(top + BLOCK, height)))
    order = _order(hit, 2 * height)
    total = np.zeros((6, hit.size), np.float32)
    column = hit % (2 * height) // (2 * BLOCK)
    for block in np.unique(column):
        some = np.flatnonzero(column == block)
        total[:3, some] = direct(flat.world, found.part(some), flat.lamps, order[some], samples)
    total[3:] = _mirrored(flat, room, found, taken(direction, hit))
    return _spread(found.key, total, hit, (min(BLOCK, height - top), 2 * height))


def _mirrored(flat: Flat, room: Room, at: Surface, direction: Floats) -> Floats:
    """Return what glossy points mirror."""
    gloss = np.array([material.gloss for material in flat.world.materials.values()], np.float32)
    some = np.flatnonzero(gloss[flat.world.material[at.solid]] > 0)
    total = np.zeros_like(at.point)
    normal, arriving = taken(at.normal, some), taken(direction, some)
    away = arriving - 2 * dot(arriving, normal) * normal
    around = flat.world.around(room)
    start = taken(at.point, some) + normal * np.float32(3e-3)
    distance, which = nearest([flat.world.solids[k] for k in around], rays(start, away))
    light = outdoors.seen(flat.surroundings, away)
    hit = np.flatnonzero(which >= 0)
    met = surface(
        flat.world,
        taken(start + away * np.where(which >= 0, distance, 0), hit),
        np.array(around, np.int32)[which[hit]],
    )
    shade, glow, _ = reflectance(flat.world, met)
    light[:, hit] = shade * flat.patches.at(flat.world, met) + glow
    total[:, some] = np.minimum(light, 4)
    return total


def _spread(key: Whole, value: Floats, hit: Whole, shape: tuple[int, int]) -> Grid:
    keys = np.full(shape[0] * shape[1], -1, np.int32)
    values = np.zeros((value.shape[0], shape[0] * shape[1]), np.float32)
    keys[hit], values[:, hit] = key, value
    return Grid(keys.reshape(shape), values.reshape(-1, *shape))


def _cleaned(grid: Grid) -> Grid:
    """Return the mean over TURN x TURN neighbours of the same face."""
    total, weight = np.zeros_like(grid.value), np.zeros(grid.key.shape, np.float32)
    for down in range(-TURN // 2, TURN // 2):
        for across in range(-TURN // 2, TURN // 2):
            same = np.roll(grid.key, (down, across), (0, 1)) == grid.key
            weight += same
            total += np.roll(grid.value, (down, across), (1, 2)) * same
    return Grid(grid.key, total / weight)


def _raised(coarse: Grid, key: Whole) -> Floats:
    """Return the values of a half-size grid at every pixel of the full one."""
    rows, columns = np.meshgrid(np.arange(key.shape[0]), np.arange(key.shape[1]), indexing="ij")
    place = np.stack([(rows.ravel() + 0.5) / 2 - 0.5, (columns.ravel() + 0.5) / 2 - 0.5]).astype(np.float32)
    value, _ = carried(coarse, key.ravel(), place)
    return value.reshape(-1, *key.shape)


def carried(grid: Grid, key: Whole, place: Floats) -> tuple[Floats, Floats]:
    """Return values (channels, n) at places (row, column) from the nearest four pixels of the same face.

    The second array is the share of the four that were of the same face; near 0 the value is a guess.
    """
    height, width = grid.key.shape
    keys, values = grid.key.ravel(), grid.value.reshape(grid.value.shape[0], -1)
    cell = np.floor(place).astype(np.int32)
    share = place - cell
    total = np.zeros((values.shape[0], key.size), np.float32)
    trust = np.zeros(key.size, np.float32)
    for down in (0, 1):
        for across in (0, 1):
            at = np.clip(cell[0] + down, 0, height - 1) * width + (cell[1] + across) % width
            weight = np.abs(1 - down - share[0]) * np.abs(1 - across - share[1]) * (
                keys[at] == key
            ) + np.float32(1e-6)
            total += taken(values, at) * weight
            trust += weight
    return total / trust, trust
