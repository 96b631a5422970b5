"""Pictures of materials, made from seeded noise: (height, width, 3) float32 of linear light, tileable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.floating[Any]]


def linear(colour: str) -> Picture:
    """Return the linear RGB of an sRGB colour written rrggbb (IEC 61966-2-1)."""
    encoded = np.array([int(colour[i : i + 2], 16) for i in (0, 2, 4)], np.float32) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )


def noise(seed: int, shape: tuple[int, int], cells: tuple[int, int]) -> Picture:
    """Return tileable smooth noise about 0, with `cells` lattice cells down and across."""
    lattice = np.random.default_rng(seed).standard_normal(cells).astype(np.float32)
    down, down_next, down_share = _lattice(shape[0], cells[0])
    across, across_next, across_share = _lattice(shape[1], cells[1])
    rows = lattice[down] * (1 - down_share[:, None]) + lattice[down_next] * down_share[:, None]
    return (rows[:, across] * (1 - across_share) + rows[:, across_next] * across_share).astype(np.float32)


def cloud(seed: int, shape: tuple[int, int], cells: tuple[int, int], octaves: int = 4) -> Picture:
    """Return fractal noise: octaves of smooth noise, each twice as fine and half as strong."""
    layers = [noise(seed + k, shape, (cells[0] << k, cells[1] << k)) / (1 << k) for k in range(octaves)]
    total: Picture = np.sum(layers, axis=0, dtype=np.float32)
    return total


def tinted(colour: str, strength: Picture) -> Picture:
    """Return a colour made lighter and darker by `strength` (0 leaves it)."""
    return np.clip(linear(colour) * (1 + strength[..., None]), 0, 0.92).astype(np.float32)


def mixed(below: Picture, colour: str, share: Picture) -> Picture:
    """Return `below` with a colour laid over it where `share` is 1."""
    cover = np.clip(share, 0, 1)[..., None]
    return (below * (1 - cover) + linear(colour) * cover).astype(np.float32)


def plain(colour: str, seed: int = 1, roughness: float = 0.008) -> Picture:
    """Return an almost even surface such as paint or lacquer."""
    return tinted(colour, roughness * cloud(seed, (256, 256), (4, 4), 5))


def wood(colour: str, seed: int, size: int = 512, contrast: float = 0.16) -> Picture:
    """Return a board whose grain runs across the picture."""
    grain = cloud(seed, (size, size), (48, 2), 3) + 0.5 * noise(seed + 7, (size, size), (size // 2, 6))
    rings = np.sin(cloud(seed + 11, (size, size), (3, 1), 3) * 9)
    return tinted(colour, contrast * (0.6 * grain + 0.35 * rings))


def planks(colours: Sequence[str], seed: int, size: int = 1536, rows: int = 16) -> Picture:
    """Return a floor of `rows` staggered plank rows, two planks long, dark in the joints."""
    draw = np.random.default_rng(seed)
    grain = cloud(seed, (size, size), (rows * 6, 3), 4)
    floor = np.empty((size, size, 3), np.float32)
    height = size // rows
    for row in range(rows):
        floor[row * height : (row + 1) * height] = _plank_row(
            grain[row * height : (row + 1) * height], colours, draw
        )
    return floor


def _plank_row(grain: Picture, colours: Sequence[str], draw: np.random.Generator) -> Picture:
    width = grain.shape[1]
    start, half = int(draw.integers(width)), width // 2
    shades = [
        tinted(colours[int(draw.integers(len(colours)))], 0.13 * grain[:, half * k :][:, :half])
        for k in (0, 1)
    ]
    row = np.concatenate([shade * draw.uniform(0.86, 1.1) for shade in shades], axis=1)
    row[:2] *= 0.45
    row[:, [0, 1, half, half + 1]] *= 0.5
    return np.roll(row, start, axis=1).astype(np.float32)


def tiles(face: Picture, joint: str, across: tuple[int, int], width: int = 3) -> Picture:
    """Return a field of tiles (down, across) over a picture, each of its own shade, joints `width` pixels."""
    height, breadth = face.shape[0] // across[0], face.shape[1] // across[1]
    shade = np.random.default_rng(across[0] * 31 + across[1]).uniform(0.95, 1.04, across).astype(np.float32)
    shaded = face * np.repeat(np.repeat(shade, height, 0), breadth, 1)[: face.shape[0], : face.shape[1], None]
    gap = (np.arange(face.shape[0]) % height < width)[:, None] | (np.arange(face.shape[1]) % breadth < width)
    return mixed(shaded, joint, gap.astype(np.float32))


def marble(ground: str, vein: str, seed: int, size: int = 1024) -> Picture:
    """Return veined stone."""
    bent = cloud(seed, (size, size), (3, 3), 5)
    veins = np.exp(-np.abs(bent + 0.3 * noise(seed + 9, (size, size), (2, 2))) * 28)
    haze = 0.25 * np.clip(cloud(seed + 5, (size, size), (2, 2), 4), 0, 1)
    return mixed(tinted(ground, 0.02 * bent), vein, 0.45 * veins + haze * 0.5)


def weave(colour: str, seed: int, size: int = 512, threads: int = 128) -> Picture:
    """Return woven cloth."""
    along = np.sin(np.arange(size) * (2 * np.pi * threads / size)).astype(np.float32)
    yarn = along[:, None] * along * 0.14 + 0.07 * cloud(seed, (size, size), (8, 8), 5)
    return tinted(colour, yarn)


def folds(colour: str, seed: int, count: int, depth: float) -> Picture:
    """Return hanging cloth whose shading shows `count` folds."""
    place = np.arange(1024, dtype=np.float32) / 1024
    bend = 0.7 * noise(seed, (1, 1024), (1, count))[0]
    wave = np.cos(2 * np.pi * place * count + bend) * 0.7 + 0.3 * np.cos(4 * np.pi * place * count + 2 * bend)
    hang = 0.04 * cloud(seed + 3, (256, 1024), (2, 16), 3)
    return tinted(colour, depth * (wave[None, :] - 0.5) + hang)


def slats(colour: str, seed: int, count: int) -> Picture:
    """Return upright wooden slats with dark gaps."""
    board = np.swapaxes(wood(colour, seed), 0, 1)
    place = (np.arange(board.shape[1]) * count / board.shape[1]) % 1
    shade = np.where(place < 0.22, 0.16, 1.0 - 0.22 * np.abs(place - 0.6)).astype(np.float32)
    return (board * shade[None, :, None]).astype(np.float32)


def foliage(colour: str, seed: int) -> Picture:
    """Return leaves: light flecks over dark gaps."""
    leaf = cloud(seed, (512, 512), (18, 18), 3)
    return tinted(colour, np.clip(leaf, -0.85, 1.0) * 0.75)


def _lattice(length: int, cells: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Picture]:
    place = np.arange(length) * (cells / length)
    cell = place.astype(np.intp)
    share = (place - cell).astype(np.float32)
    return cell % cells, (cell + 1) % cells, share * share * (3 - 2 * share)
