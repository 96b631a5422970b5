"""Directions on the sphere, pixels of a 2:1 picture, and points on the faces of a cube.

Angles are degrees: yaw 0 is the picture's centre column and grows to the right, pitch 0 is the horizon and
grows upwards. Axes: x right, y up, z ahead. Pixel coordinates are of pixel centres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from viewing.rules.pyramid import TILE

Floats = NDArray[np.floating[Any]]

# Each face's axes as seen from inside: (to the right, downwards, towards the face).
AXES: Final[dict[str, tuple[tuple[int, int, int], ...]]] = {
    "f": ((1, 0, 0), (0, -1, 0), (0, 0, 1)),
    "r": ((0, 0, -1), (0, -1, 0), (1, 0, 0)),
    "b": ((-1, 0, 0), (0, -1, 0), (0, 0, -1)),
    "l": ((0, 0, 1), (0, -1, 0), (-1, 0, 0)),
    "u": ((1, 0, 0), (0, 0, 1), (0, 1, 0)),
    "d": ((1, 0, 0), (0, 0, -1), (0, -1, 0)),
}


@dataclass(frozen=True)
class Spot:
    """A place on the cube: face, tile row and column, and the fractional pixel within the tile."""

    face: str
    tile_y: int
    tile_x: int
    y: float
    x: float


def direction(yaw: float, pitch: float) -> Floats:
    """Return the unit vector (3,) of a direction."""
    lon, lat = np.radians(yaw), np.radians(pitch)
    return np.array([np.sin(lon) * np.cos(lat), np.sin(lat), np.cos(lon) * np.cos(lat)])


def angles(vector: Floats) -> tuple[Floats, Floats]:
    """Return yaw and pitch in degrees of vectors (…, 3) of any length."""
    x, y, z = vector[..., 0], vector[..., 1], vector[..., 2]
    return np.degrees(np.arctan2(x, z)), np.degrees(np.arctan2(y, np.hypot(x, z)))


def equirect_pixel(yaw: float, pitch: float, width: int, height: int) -> tuple[float, float]:
    """Return the pixel (column, row) of a direction in a whole equirectangular picture."""
    return (yaw / 360 + 0.5) * width - 0.5, (0.5 - pitch / 180) * height - 0.5


def equirect_angles(column: float, row: float, width: int, height: int) -> tuple[float, float]:
    """Return yaw and pitch of a pixel of a whole equirectangular picture."""
    return ((column + 0.5) / width - 0.5) * 360, (0.5 - (row + 0.5) / height) * 180


def face_vectors(face: str, s: Floats, t: Floats) -> Floats:
    """Return vectors (…, 3) to points of a face, s to the right and t downwards, each in [-1, 1]."""
    right, down, ahead = (np.array(axis, dtype=s.dtype) for axis in AXES[face])
    vectors = np.empty((*np.broadcast_shapes(s.shape, t.shape), 3), s.dtype)
    for axis in range(3):
        vectors[..., axis] = s * right[axis] + t * down[axis] + ahead[axis]
    return vectors


def camera_axes(pitch: float, roll: float) -> Floats:
    """Return as columns (3, 3) where a camera's right, up and ahead point in the level world.

    GPano's pose: the picture's middle is `pitch` above the horizon; with `roll` the horizon turns to the left
    in the picture, so the camera leans to the right.
    """
    (p, r) = np.radians([pitch, roll])
    leaning = np.array([[np.cos(r), np.sin(r), 0], [-np.sin(r), np.cos(r), 0], [0, 0, 1]])
    rising = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    axes: Floats = rising @ leaning
    return axes


def along(vectors: Floats, axis: tuple[int, int, int]) -> Floats:
    """Return how far vectors (…, 3) reach along one of a face's axes."""
    (number,) = np.flatnonzero(axis)
    return vectors[..., number] * vectors.dtype.type(axis[number])


def face_point(yaw: float, pitch: float) -> tuple[str, float, float]:
    """Return the face a direction meets, and s and t there."""
    vector = direction(yaw, pitch)
    face = max(AXES, key=lambda name: float(vector @ np.array(AXES[name][2])))
    right, down, ahead = (float(vector @ np.array(axis)) for axis in AXES[face])
    return face, right / ahead, down / ahead


def centres(size: int, start: int, stop: int) -> Floats:
    """Return the coordinate in [-1, 1] of pixel centres start…stop of a face `size` pixels wide."""
    return ((2 * np.arange(start, stop) + 1) / size - 1).astype(np.float32)


def spot(yaw: float, pitch: float, size: int) -> Spot:
    """Return where a direction lies in the tiles of the level whose faces are `size` pixels wide."""
    face, s, t = face_point(yaw, pitch)
    x, y = (s + 1) / 2 * size - 0.5, (t + 1) / 2 * size - 0.5
    last = size // TILE - 1
    tile_x, tile_y = (int(min(max((at + 0.5) // TILE, 0), last)) for at in (x, y))
    return Spot(face, tile_y, tile_x, y - tile_y * TILE, x - tile_x * TILE)


def view_vectors(yaw: float, pitch: float, fov: float, shape: tuple[int, int]) -> Floats:
    """Return vectors (height, width, 3) through the pixels of a flat view.

    `fov` is the angle over the geometric mean of both sides, so a view keeps its size on a tall phone.
    """
    width, height = shape
    reach = np.tan(np.radians(fov) / 2) / np.sqrt(width * height)
    across = centres(width, 0, width) * reach * width
    down = centres(height, 0, height) * reach * height
    right = np.array([np.cos(np.radians(yaw)), 0, -np.sin(np.radians(yaw))])
    ahead = direction(yaw, pitch)
    below = np.cross(right, ahead)
    vectors = np.empty((height, width, 3), np.float32)
    for axis in range(3):
        vectors[..., axis] = (across * right[axis])[None, :] + (down * below[axis] + ahead[axis])[:, None]
    return vectors
