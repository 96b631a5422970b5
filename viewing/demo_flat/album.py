"""Writes the pictures of the demo flat and what is known of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from viewing.demo_flat import light, outdoors, radiosity
from viewing.demo_flat.picture import panorama
from viewing.demo_flat.plan import ROOMS, Room
from viewing.demo_flat.radiosity import Patches
from viewing.demo_flat.shading import Flat
from viewing.demo_flat.survey import survey
from viewing.demo_flat.world import demo_world

LARGEST = 1_000_000
"""A committed picture is no larger than this, in bytes."""

QUALITIES = (87, 84, 80, 76, 70, 60)

_drawing: list[Flat] = []


def draw_flat(into: Path, *, height: int, processes: int) -> Iterator[Path]:
    """Write flat.json and a panorama of every room into a folder; yield each file when it is written."""
    world = demo_world()
    into.mkdir(parents=True, exist_ok=True)
    yield _written(
        into / "flat.json", json.dumps(survey(world), ensure_ascii=False, indent=1).encode() + b"\n"
    )
    patches = radiosity.solve(world, light.lamps())
    with ProcessPoolExecutor(processes, initializer=_prepare, initargs=(patches,)) as pool:
        for room, jpeg in zip(ROOMS, pool.map(_draw, ROOMS, [height] * len(ROOMS)), strict=True):
            yield _written(into / f"{room.slug}.jpg", jpeg)


def encoded(picture: NDArray[np.uint8]) -> bytes:
    """Return the best JPEG of a picture that is not larger than LARGEST."""
    jpegs = (
        simplejpeg.encode_jpeg(picture, quality=quality, colorsubsampling="420") for quality in QUALITIES
    )
    best: bytes = next(jpeg for jpeg in jpegs if len(jpeg) <= LARGEST)
    return best


def _prepare(patches: Patches) -> None:
    _drawing[:] = [Flat(demo_world(), light.lamps(), patches, outdoors.panorama())]


def _draw(room: Room, height: int) -> bytes:
    return encoded(panorama(_drawing[0], room, height))


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
