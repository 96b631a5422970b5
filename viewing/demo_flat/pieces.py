"""Furniture made of several solids: legs, tables, chairs, plants, curtains, pictures, lamps, books, cabinets.

Each builder takes the numbers and the words of one line of a room's list (furniture/*.txt), in metres:
`x` and `z` are ranges (two numbers), heights single numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from viewing.demo_flat.shapes import Range, Solid, Vector, about, box, ellipsoid, pillar

Numbers = Sequence[float]
Words = Sequence[str]
Builder = Callable[[Numbers, Words], list[Solid]]

SPINES = (
    "navy",
    "brick",
    "olive",
    "mustard",
    "ivory",
    "charcoal",
    "teal",
    "terracotta",
    "paper",
    "cardboard",
)


def ranges(numbers: Numbers) -> tuple[Range, ...]:
    """Return the numbers in pairs."""
    return tuple(zip(numbers[::2], numbers[1::2], strict=False))


def legs(numbers: Numbers, words: Words) -> list[Solid]:
    """Return four legs: x, height, z, half width; material."""
    x0, x1, height, z0, z1, half = numbers
    places = [(x, z) for x in (x0 + half, x1 - half) for z in (z0 + half, z1 - half)]
    return [box(about(x, half), (0.0, height), about(z, half), words[0]) for x, z in places]


def table(numbers: Numbers, words: Words) -> list[Solid]:
    """Return a table with an apron: x, height, z; material."""
    x0, x1, height, z0, z1 = numbers
    top = box((x0, x1), (height - 0.035, height), (z0, z1), words[0])
    apron = box((x0 + 0.05, x1 - 0.05), (height - 0.1, height - 0.035), (z0 + 0.05, z1 - 0.05), words[0])
    stand = (x0 + 0.04, x1 - 0.04, height - 0.035, z0 + 0.04, z1 - 0.04, 0.025)
    return [top, apron, *legs(stand, words)]


def chair(numbers: Numbers, words: Words) -> list[Solid]:
    """Return a dining chair: x and z of its middle, the side of its back (-1 west, 1 east); cloth."""
    x, z, side = numbers
    rear = x + side * 0.2
    posts = [box(about(rear, 0.014), (0.43, 0.88), about(z + off, 0.016), "walnut") for off in (-0.18, 0.18)]
    return [
        *legs((x - 0.22, x + 0.22, 0.43, z - 0.21, z + 0.21, 0.016), ("walnut",)),
        box(about(x, 0.22), (0.42, 0.45), about(z, 0.21), "walnut"),
        box(about(x, 0.2), (0.45, 0.49), about(z, 0.19), words[0]),
        *posts,
        box(about(rear, 0.02), (0.66, 0.86), about(z, 0.175), words[0]),
    ]


def plant(numbers: Numbers, words: Words) -> list[Solid]:
    """Return a potted plant: x and z of its middle, the height it stands at, its own height; seed."""
    x, z, base, height = numbers
    draw = np.random.default_rng(int(words[0]))
    girth, pot = height * 0.16, base + height * 0.26
    leaves = [_leaf(draw, (x, pot, z), height, k) for k in range(34)]
    stem = pillar(about(x, 0.012), (pot, base + height * 0.6), about(z, 0.012), "olive", detail=True)
    soil = pillar(about(x, girth * 0.86), (pot, pot + 0.004), about(z, girth * 0.86), "soil", detail=True)
    return [pillar(about(x, girth), (base, pot), about(z, girth), "ceramic"), soil, stem, *leaves]


def _leaf(draw: np.random.Generator, root: Vector, height: float, number: int) -> Solid:
    angle, lift = float(draw.uniform(0, 2 * np.pi)), float(draw.uniform(0.12, 0.66))
    spread = height * 0.27 * np.sin(np.pi * min(0.95, lift + 0.22)) * float(draw.uniform(0.3, 1.0))
    x, z = root[0] + spread * np.cos(angle), root[2] + spread * np.sin(angle)
    size = height * float(draw.uniform(0.055, 0.1))
    bounds = about(float(x), size), about(root[1] + height * lift, size * 0.42), about(float(z), size)
    return ellipsoid(*bounds, str(draw.choice(["leaf", "leaf_dark"])), detail=number % 3 > 0)


def curtain(numbers: Numbers, words: Words) -> list[Solid]:
    """Return a gathered curtain that hangs along x in soft pleats: x, z, top; cloth."""
    x0, x1, z0, z1, top = numbers
    count = max(3, round((x1 - x0) / 0.075))
    step, middle = (x1 - x0) / count, (z0 + z1) / 2
    places = [(x0 + step * (k + 0.5), middle + (-1) ** k * 0.012) for k in range(count)]
    return [pillar(about(x, step * 0.62), (0.03, top), about(z, 0.04), words[0]) for x, z in places]


def picture(numbers: Numbers, words: Words) -> list[Solid]:
    """Return a framed picture: x, y, z, the thin axis tells which wall it hangs on; art."""
    sides = ranges(numbers)
    grown = [
        (low - 0.025, high + 0.025) if high - low > 0.1 else (low + 0.006, high - 0.006)
        for low, high in sides
    ]
    x, y, z = sides
    return [box(grown[0], grown[1], grown[2], "walnut"), box(x, y, z, words[0], detail=True)]


def books(numbers: Numbers, words: Words) -> list[Solid]:
    """Return a row of books along z, spines to the east: x, height of the shelf, z; seed."""
    x0, x1, shelf, at, end = numbers
    draw = np.random.default_rng(int(words[0]))
    row = []
    while at < end - 0.05:
        thick, tall = float(draw.uniform(0.016, 0.045)), float(draw.uniform(0.17, 0.27))
        depth = (x0, x1 - float(draw.uniform(0.0, 0.03)))
        spine = str(draw.choice(SPINES))
        row.append(box(depth, (shelf, shelf + tall), (at, at + thick - 0.002), spine, detail=True))
        at += thick if draw.uniform() < 0.93 else thick + 0.09
    return row


def lamp(numbers: Numbers, _words: Words) -> list[Solid]:
    """Return a table lamp with a lit cloth shade: x, y of its foot, z."""
    x, y, z = numbers
    return [
        pillar(about(x, 0.07), (y, y + 0.02), about(z, 0.07), "brass"),
        pillar(about(x, 0.012), (y, y + 0.26), about(z, 0.012), "brass"),
        pillar(about(x, 0.12), (y + 0.24, y + 0.44), about(z, 0.12), "glow_shade"),
    ]


def pendant(numbers: Numbers, _words: Words) -> list[Solid]:
    """Return a lit pendant lamp: x, y of its lower edge, z."""
    x, y, z = numbers
    return [
        pillar(about(x, 0.006), (y + 0.16, 2.7), about(z, 0.006), "black", detail=True),
        pillar(about(x, 0.05), (2.68, 2.7), about(z, 0.05), "black", detail=True),
        pillar(about(x, 0.13), (y + 0.01, y + 0.16), about(z, 0.13), "brass"),
        pillar(about(x, 0.115), (y, y + 0.012), about(z, 0.115), "glow_warm"),
    ]


def downlight(numbers: Numbers, _words: Words) -> list[Solid]:
    """Return a small lit disc in a ceiling: x, y of the ceiling, z."""
    x, y, z = numbers
    rim = pillar(about(x, 0.055), (y - 0.004, y), about(z, 0.055), "chrome", detail=True)
    return [pillar(about(x, 0.042), (y - 0.006, y), about(z, 0.042), "glow_warm", detail=True), rim]


def fronts(numbers: Numbers, words: Words) -> list[Solid]:
    """Return a cabinet with door panels on its east side: x, y, z, how many; material."""
    x, y, z = ranges(numbers[:6])
    count = int(numbers[6])
    step = (z[1] - z[0]) / count
    face, height = (x[1] - 0.02, x[1]), (y[0] + 0.003, y[1] - 0.003)
    gaps = [(z[0] + step * k + 0.003, z[0] + step * (k + 1) - 0.003) for k in range(count)]
    doors = [box(face, height, panel, words[0]) for panel in gaps]
    return [box((x[0], x[1] - 0.018), y, z, words[0]), *doors]
