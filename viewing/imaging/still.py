"""The flat picture of a view, for cards and for phones without WebGL, drawn from a panorama's own tiles."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from viewing.imaging.pixels import Picture
from viewing.imaging.tree import Tree, encode
from viewing.rules.geometry import AXES, Floats, along, view_vectors
from viewing.rules.points import View
from viewing.rules.pyramid import STILL_SIZE


def encode_still(root: Path, sizes: tuple[int, ...], view: View) -> bytes:
    """Return the view as a JPEG file, drawn from the tree of tiles at `root`."""
    return encode(draw_still(Tree(root), sizes, view))


def draw_still(tree: Tree, sizes: tuple[int, ...], view: View) -> Picture:
    """Return the view as a 1200×900 picture."""
    vectors = view_vectors(view.yaw, view.pitch, view.fov, STILL_SIZE)
    level = _level_for(sizes, view.fov)
    still = np.zeros((*vectors.shape[:2], 3), np.uint8)
    longest = np.maximum.reduce([np.abs(vectors[..., axis]) for axis in range(3)])
    for face, axes in AXES.items():
        mask = along(vectors, axes[2]) == longest
        if mask.any():
            seen = _seen_on(tree.read_face(face, level, sizes[level]), face, vectors)
            cv2.copyTo(seen, mask.astype(np.uint8), still)
    return still


def _level_for(sizes: tuple[int, ...], fov: float) -> int:
    """Return the coarsest level with a face pixel for every pixel at the view's middle, else the finest."""
    wanted = np.sqrt(np.prod(STILL_SIZE)) / np.tan(np.radians(fov) / 2)
    return next((level for level, size in enumerate(sizes) if size >= wanted), len(sizes) - 1)


def _seen_on(picture: Picture, face: str, vectors: Floats) -> Picture:
    right, down, ahead = (along(vectors, axis) for axis in AXES[face])
    depth = np.where(ahead > 0, ahead, np.float32(np.inf))
    size = np.float32(picture.shape[0])
    columns, rows = (((reach / depth + 1) / 2 * size - 0.5).astype(np.float32) for reach in (right, down))
    seen = cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.uint8)
