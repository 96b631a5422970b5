"""How true tiles are: flat views drawn from them beside the same views drawn from the panorama itself.

A view has a face pixel a pixel at its middle; its truth is the panorama sampled cubically sixteen times a
pixel. Views look at the middles of faces, along their edges, at their corners, the back seam and both poles.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from viewing.rules.geometry import AXES, angles, view_vectors
from viewing.rules.pyramid import FACES, TILE, levels, tile_name

SIDE: Final = 768  # pixels of a view
FINER: Final = 4  # samples a pixel each way
EDGE: Final = 4  # face pixels from an edge that count as the edge
BESIDE: Final = (16, 160)  # and those that count as beside it
LOOKS: Final = (
    (0, 0), (45, 0), (90, 10), (135, 35), (180, 0), (-135, -35), (-45, 45), (0, 90), (0, -90), (60, 50),
    (-120, -48), (30, -70),
)  # fmt: skip


def run() -> None:
    """Judge trees, `SOURCE TREE…`, and print for each its figures in dB."""
    source, trees = Path(sys.argv[1]), [Path(tree) for tree in sys.argv[2:]]
    picture = simplejpeg.decode_jpeg(source.read_bytes(), "RGB")
    size = levels(picture.shape[1])[-1]
    truths = [_truth(picture, look, size) for look in LOOKS]
    print(json.dumps({tree.name: judge(tree, truths, size) for tree in trees}))


def judge(tree: Path, truths: Sequence[NDArray[np.float32]], size: int) -> dict[str, float]:
    """Return mean and least PSNR of the views, and how much better faces are at their edges than beside."""
    cube = {face: _face(tree, face, size) for face in FACES}
    decibels, near, beside = [], [0.0, 0.0], [0.0, 0.0]
    for look, truth in zip(LOOKS, truths, strict=True):
        seen, away = _drawn(cube, look, size)
        wrong = np.square(seen - truth).mean(axis=-1)
        decibels.append(_decibel(float(wrong.mean())))
        _add(near, wrong[away < EDGE])
        _add(beside, wrong[(away >= BESIDE[0]) & (away < BESIDE[1])])
    edges = _decibel(near[0] / near[1]) - _decibel(beside[0] / beside[1])
    return {"mean": float(np.mean(decibels)), "min": min(decibels), "edges": edges}


def _add(total: list[float], wrong: NDArray[np.float32]) -> None:
    total[0] += float(wrong.sum())
    total[1] += wrong.size


def _decibel(mean_square: float) -> float:
    return float(10 * np.log10(255**2 / max(mean_square, 1e-9)))


def _vectors(look: tuple[float, float], size: int, finer: int = 1) -> NDArray[Any]:
    fov = float(np.degrees(2 * np.arctan(SIDE / size)))
    return view_vectors(*look, fov, (SIDE * finer, SIDE * finer))


def _truth(picture: NDArray[np.uint8], look: tuple[float, float], size: int) -> NDArray[np.float32]:
    height, width = picture.shape[:2]
    yaw, pitch = angles(_vectors(look, size, FINER).astype(np.float64))
    columns = ((yaw / 360 + 0.5) * width - 0.5).astype(np.float32)
    rows = ((0.5 - pitch / 180) * height - 0.5).astype(np.float32)
    fine = cv2.remap(picture, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP)
    parts = fine.reshape(SIDE, FINER, SIDE, FINER, 3).astype(np.float32)
    return np.asarray(parts.mean(axis=(1, 3)), np.float32)


def _drawn(
    cube: dict[str, NDArray[np.uint8]], look: tuple[float, float], size: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a view from the faces, and how many face pixels each of its pixels lies from a face's edge."""
    vectors = _vectors(look, size)
    nearest = np.argmax(np.stack([vectors @ np.array(AXES[face][2]) for face in FACES]), axis=0)
    seen = np.zeros((SIDE, SIDE, 3), np.float32)
    away = np.zeros((SIDE, SIDE), np.float32)
    for number in np.unique(nearest):
        face, mask = FACES[number], nearest == number
        right, down, ahead = (vectors @ np.array(axis) for axis in AXES[face])
        ahead = np.where(mask, ahead, 1)
        at = [(((along / ahead + 1) / 2) * size - 0.5).astype(np.float32) for along in (right, down)]
        flat = cv2.remap(cube[face], *at, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        seen[mask] = flat[mask]
        edge = np.minimum.reduce([at[0] + 0.5, size - 0.5 - at[0], at[1] + 0.5, size - 0.5 - at[1]])
        away[mask] = edge[mask]
    return seen, away


def _face(tree: Path, face: str, size: int) -> NDArray[np.uint8]:
    level, count = len(levels(4 * size)) - 1, size // TILE
    rows = [
        np.concatenate(
            [
                simplejpeg.decode_jpeg((tree / tile_name(face, level, y, x)).read_bytes(), "RGB")
                for x in range(count)
            ],
            axis=1,
        )
        for y in range(count)
    ]
    return np.concatenate(rows)
