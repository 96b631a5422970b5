"""Pictures fitted to one object: rugs, wall art, screens, and the damage a disclosure must show."""

from __future__ import annotations

import numpy as np

from viewing.demo_flat.patterns import Picture, cloud, linear, mixed, noise, tiles, tinted, weave

GRID = np.meshgrid(np.linspace(-1, 1, 512, dtype=np.float32), np.linspace(-1, 1, 512, dtype=np.float32))
"""Across and down of a square picture, both from -1 to 1."""


def canvas(colour: str) -> Picture:
    """Return a square of one colour."""
    return np.broadcast_to(linear(colour), (512, 512, 3)).astype(np.float32)


def disc(centre: tuple[float, float], radius: float) -> Picture:
    """Return the share of each pixel that a disc covers."""
    away = np.hypot(GRID[0] - centre[0], GRID[1] - centre[1])
    share: Picture = np.clip((radius - away) * 120 + 0.5, 0, 1).astype(np.float32)
    return share


def hills(seed: int, colours: tuple[str, ...], sun: str) -> Picture:
    """Return a wall picture of layered hills before a sun, paper white at the rim."""
    picture = mixed(canvas(colours[0]), sun, disc((0.25, -0.35), 0.24))
    for layer, colour in enumerate(colours[1:]):
        ridge = 0.18 * cloud(seed + layer, (1, 512), (1, 3), 4)[0] - 0.25 + 0.36 * layer
        picture = mixed(picture, colour, np.clip((GRID[1] - ridge) * 90, 0, 1))
    return mixed(picture, "f3efe6", _rim(0.82))


def strokes(seed: int, ground: str, colours: tuple[str, ...]) -> Picture:
    """Return a wall picture of overlapping discs and washes."""
    draw = np.random.default_rng(seed)
    picture = tinted(ground, 0.05 * cloud(seed, (512, 512), (4, 4), 4))
    for colour in colours:
        centre = (float(draw.uniform(-0.5, 0.5)), float(draw.uniform(-0.5, 0.5)))
        wash = 0.85 + 0.15 * noise(seed + 5, (512, 512), (9, 9))
        picture = mixed(picture, colour, disc(centre, float(draw.uniform(0.18, 0.42))) * wash)
    return mixed(picture, "f6f3ec", _rim(0.86))


def rug(ground: str, line: str, border: str) -> Picture:
    """Return a woven rug with a lozenge lattice and a border."""
    lattice = np.abs(((GRID[0] + GRID[1]) * 4) % 1 - 0.5), np.abs(((GRID[0] - GRID[1]) * 4) % 1 - 0.5)
    threads = (np.minimum(*lattice) < 0.035).astype(np.float32)
    picture = mixed(weave(ground, 71), line, 0.7 * threads)
    return mixed(mixed(picture, border, _rim(0.93)), ground, _rim(0.975))


def stripes(ground: str, line: str, count: int) -> Picture:
    """Return cloth with stripes across."""
    return mixed(weave(ground, 83), line, (((GRID[1] + 1) / 2 * count) % 1 < 0.3).astype(np.float32) * 0.8)


def screen() -> Picture:
    """Return a dark television screen with a faint sheen."""
    return tinted("0b0c0f", 0.5 * (GRID[0] * 0.4 - GRID[1] * 0.6))


def desk_screen() -> Picture:
    """Return a computer screen with windows of pale lines."""
    rows = ((GRID[1] * 14) % 1 < 0.35) & (noise(91, (512, 512), (28, 5)) > -0.2)
    picture = mixed(
        canvas("24405f"), "e9eef3", ((np.abs(GRID[0] + 0.1) < 0.75) & (np.abs(GRID[1]) < 0.8)) * 1.0
    )
    return mixed(picture, "7d8ea1", (rows & (np.abs(GRID[0] + 0.1) < 0.65) & (np.abs(GRID[1]) < 0.7)) * 0.8)


def stain() -> Picture:
    """Return a water stain as RGB and cover (512, 512, 4): yellowed, darkest at its rims."""
    wobble = 0.3 * cloud(17, (512, 512), (3, 3), 5)
    away = np.hypot(GRID[0], GRID[1]) + wobble
    rims = sum(depth * np.exp(-(((away - edge) / 0.03) ** 2)) for edge, depth in ((0.5, 0.2), (0.74, 0.4)))
    blotch = 0.3 + 0.16 * cloud(19, (512, 512), (6, 6), 4)
    rim_free = np.clip((0.97 - np.maximum(np.abs(GRID[0]), np.abs(GRID[1]))) * 14, 0, 1)
    cover = np.clip(blotch * np.clip((0.76 - away) * 9, 0, 1) + rims, 0, 0.8) * rim_free
    return _decal("8a6a35", cover)


def crack() -> Picture:
    """Return a crack that forks over a tile, as RGB and cover."""
    path = 0.12 * cloud(29, (512, 1), (3, 1), 5)[:, 0] + 0.4 * GRID[1][:, 0] - 0.1
    main = np.exp(-(((GRID[0] - path[:, None]) / 0.014) ** 2))
    fork = np.exp(-(((GRID[0] - path[:, None] + 0.8 * np.clip(GRID[1], 0, 1)) / 0.011) ** 2)) * (GRID[1] > 0)
    return _decal("2a2522", np.clip(main + fork, 0, 0.95) * (np.abs(GRID[1]) < 0.97))


def scratches() -> Picture:
    """Return pale scratches across boards, as RGB and cover."""
    draw = np.random.default_rng(37)
    cover = np.zeros((512, 512), np.float32)
    for slope, height, start in zip(
        draw.normal(0, 0.15, 14), draw.uniform(-0.7, 0.7, 14), draw.uniform(-1, 0.2, 14), strict=True
    ):
        line = np.exp(-(((GRID[1] - height - slope * GRID[0]) / 0.008) ** 2))
        cover = np.maximum(cover, line * (GRID[0] > start) * (GRID[0] < start + 0.9))
    return _decal("e8d6b8", 0.8 * cover)


def peeling() -> Picture:
    """Return paint that has come off damp plaster, as RGB and cover."""
    away = np.hypot(GRID[0], GRID[1]) + 0.22 * cloud(53, (512, 512), (6, 6), 4)
    edge = np.exp(-(((away - 0.66) / 0.03) ** 2))
    return _decal("8d8479", np.clip(0.75 * (away < 0.66) + edge, 0, 0.9))


def _decal(colour: str, cover: Picture) -> Picture:
    return np.concatenate([canvas(colour), cover.astype(np.float32)[..., None]], axis=2)


def _rim(inner: float) -> Picture:
    return (np.maximum(np.abs(GRID[0]), np.abs(GRID[1])) > inner).astype(np.float32)


def bathroom_tile(colour: str, seed: int, across: tuple[int, int], joint: str) -> Picture:
    """Return glazed tiles with a slight cloud in the glaze."""
    return tiles(tinted(colour, 0.03 * cloud(seed, (1200, 1200), (6, 6), 4)), joint, across)
