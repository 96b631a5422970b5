"""Develops one scene: surfaces at twice the picture's size, lit, toned and averaged down to eight bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from viewing.demo_flat import light, outdoors, radiosity
from viewing.demo_flat.cast import Floats, Whole, dot, taken
from viewing.demo_flat.colour import reflectance
from viewing.demo_flat.plan import Room
from viewing.demo_flat.shading import Flat, Grid, carried, lit
from viewing.demo_flat.view import Band, bands, look
from viewing.demo_flat.world import Surface, demo_world, surface

FINER = 2
"""Rays a pixel along each side."""

ROWS = 16
BALANCE = 0.65
"""The share of the light's tint that is taken back."""

KEY = 0.31
"""Where the middle tone of a room is put before the film curve."""


def furnished() -> Flat:
    """Return the flat with its light solved, ready for pictures."""
    world, lamps = demo_world(), light.lamps()
    return Flat(world, lamps, radiosity.solve(world, lamps), outdoors.panorama())


def panorama(flat: Flat, room: Room, height: int) -> NDArray[np.uint8]:
    """Return the equirectangular picture (height, 2 * height, 3) seen from the room's camera."""
    grid = lit(flat, room, height // 2)
    exposure = _exposure(grid)
    strips = [_strip(flat, room, grid, band, exposure) for band in bands(height * FINER, ROWS * FINER)]
    return np.concatenate(strips)


def _exposure(grid: Grid) -> Floats:
    """Return the factors (3, 1) that bring the geometric mean of the light to the middle tone.

    Most of the lamps' tint is taken back, as the white balance of a camera does.
    """
    weight = np.cos(np.linspace(-np.pi / 2, np.pi / 2, grid.key.shape[0]))[:, None] * (grid.key >= 0)
    level = np.log(grid.value[:3] * 0.6 + 1e-3)
    means = np.exp((level * weight).sum(axis=(1, 2)) / weight.sum())
    factors: Floats = KEY / (means**BALANCE * means.mean() ** (1 - BALANCE))
    return factors.astype(np.float32)[:, None]


def _strip(flat: Flat, room: Room, grid: Grid, band: Band, exposure: Floats) -> NDArray[np.uint8]:
    distance, which, direction = look(flat.world, room.camera, band)
    radiance = outdoors.seen(flat.surroundings, direction) / exposure
    hit = np.flatnonzero(which >= 0)
    point = np.array(room.camera, np.float32)[:, None] + taken(direction, hit) * distance[hit]
    found = surface(flat.world, point, which[hit])
    place = _coarse_place(hit.astype(np.int32), band, grid.key.shape[0])
    radiance[:, hit] = _given(flat, found, taken(direction, hit), carried(grid, found.key, place))
    return _averaged(_toned(radiance * exposure), band)


def _coarse_place(number: Whole, band: Band, height: int) -> Floats:
    """Return the row and column of fine pixels in a grid `height` rows high."""
    scale = height / band.height
    row, column = number // band.width + band.top, number % band.width
    return np.stack([(row + 0.5) * scale - 0.5, (column + 0.5) * scale - 0.5]).astype(np.float32)


def _given(flat: Flat, found: Surface, direction: Floats, carried_up: tuple[Floats, Floats]) -> Floats:
    """Return the light (3, n) that surface points send to the camera."""
    value, trust = carried_up
    arrived, mirrored = value[:3], value[3:]
    guess = np.flatnonzero(trust < 1e-4)
    arrived[:, guess] = np.maximum(
        flat.patches.at(flat.world, found.part(guess)), 0.6 * taken(arrived, guess)
    )
    shade, glow, gloss = reflectance(flat.world, found)
    slant = 1 - np.clip(-dot(direction, found.normal), 0, 1)
    share = np.where(gloss > 0, gloss + (1 - gloss) * slant**5 * 0.6, 0)
    share[guess] = np.where(gloss[guess] > 0.5, share[guess], 0)
    sent: Floats = shade * arrived * (1 - share) + mirrored * share + glow
    return sent


def _toned(radiance: Floats) -> Floats:
    """Return display values from 0 to 1: a filmic shoulder, then the sRGB curve."""
    x = radiance * np.float32(0.9)
    film = np.clip(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0, 1)
    return np.where(film <= 0.0031308, film * 12.92, 1.055 * film ** (1 / 2.4) - 0.055).astype(np.float32)


def _averaged(values: Floats, band: Band) -> NDArray[np.uint8]:
    rows, columns = (band.bottom - band.top) // FINER, band.width // FINER
    mean = values.reshape(3, rows, FINER, columns, FINER).mean(axis=(2, 4))
    return np.ascontiguousarray((mean * 255 + 0.5).astype(np.uint8).transpose(1, 2, 0))
