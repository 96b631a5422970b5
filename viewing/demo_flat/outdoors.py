"""What is seen through the windows from the eleventh floor: sky, clouds, a skyline and trees, far away."""

from __future__ import annotations

import numpy as np

from viewing.demo_flat.cast import Floats, Whole
from viewing.demo_flat.patterns import Picture, cloud, linear, mixed

HEIGHT, WIDTH = 1024, 4096
REACH = 50.0
"""Degrees of pitch above and below the horizon that the picture covers."""

BRIGHTNESS = np.float32(1.35)
"""Daylight against the light in the rooms; less than in nature, as two exposures blended show it."""


def panorama() -> Picture:
    """Return the surroundings (HEIGHT, WIDTH, 3): columns from yaw -180, rows from pitch REACH down."""
    pitch = np.linspace(REACH, -REACH, HEIGHT, dtype=np.float32)[:, None]
    picture = _sky(pitch)
    for layer in range(4):
        picture = _buildings(picture, pitch, layer)
    return (_trees(picture, pitch) * BRIGHTNESS).astype(np.float32)


def seen(surroundings: Picture, direction: Floats) -> Floats:
    """Return the light (3, n) that arrives against the directions (3, n)."""
    yaw = np.degrees(np.arctan2(direction[0], direction[2]))
    pitch = np.degrees(np.arctan2(direction[1], np.hypot(direction[0], direction[2])))
    column = ((yaw / 360 + 0.5) * WIDTH).astype(np.int32) % WIDTH
    row = np.clip((REACH - pitch) / (2 * REACH) * HEIGHT, 0, HEIGHT - 1).astype(np.int32)
    return np.ascontiguousarray(surroundings[row, column].T)


def _sky(pitch: Picture) -> Picture:
    rise = np.clip(pitch / 40, 0, 1) ** 0.7
    base = np.broadcast_to(
        linear("e3edf4") * (1 - rise[..., None]) + linear("7fb0e0") * rise[..., None], (HEIGHT, WIDTH, 3)
    )
    drift = cloud(101, (HEIGHT, WIDTH), (5, 16), 5)
    return mixed(
        base.astype(np.float32), "fbfaf7", np.clip(drift * 0.9 - 0.15, 0, 0.85) * np.clip(pitch / 12, 0, 1)
    )


def _buildings(below: Picture, pitch: Picture, layer: int) -> Picture:
    """Lay one row of towers over the picture, nearer rows lower in haze and larger in windows."""
    draw = np.random.default_rng(211 + layer)
    widths = draw.integers(26 + 16 * layer, 70 + 34 * layer, 200)
    which = np.repeat(np.arange(200), widths)[:WIDTH]
    top = draw.uniform(-3.0, 9.0 - 2.6 * layer, 200) * (draw.uniform(size=200) < 0.75) - 2.0 - 2.2 * layer
    column = np.arange(WIDTH) - np.repeat(np.cumsum(widths) - widths, widths)[:WIDTH]
    pane = _panes(column, 6 + 3 * layer)
    colours = np.stack([linear(c) for c in ("b9b4ab", "c9bfae", "9fa6ab", "b59d88", "d3cec4")])[
        draw.integers(0, 5, 200)
    ]
    face = colours[which][None] * (1 - 0.55 * pane[..., None])
    haze = 0.62 - 0.17 * layer
    face = face * (1 - haze) + linear("dfe8ee") * haze
    return np.where((pitch < top[which])[..., None], face, below).astype(np.float32)


def _panes(column: Whole, size: int) -> Picture:
    rows = (np.arange(HEIGHT) % size) < size * 0.55
    columns = (column % size) < size * 0.6
    return (rows[:, None] & columns[None, :]).astype(np.float32)


def _trees(below: Picture, pitch: Picture) -> Picture:
    crowns = cloud(307, (HEIGHT, WIDTH), (60, 240), 3)
    edge = -13.5 + 1.6 * cloud(311, (1, WIDTH), (1, 90), 4)
    green = linear("6f8757") * (0.75 + 0.28 * crowns[..., None])
    return np.where((pitch < edge)[..., None], np.clip(green, 0.03, 1), below).astype(np.float32)
