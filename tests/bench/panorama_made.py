"""Panoramas made for `panorama`: one of nothing but geometry, and one twice as wide as another."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
import simplejpeg

WIDTH: Final = 8192
QUALITY: Final = 92


def make(into: str) -> None:
    """Draw a panorama with soft light, stripes, hard edges and grain, the same in every run."""
    chance = np.random.default_rng(5)
    across = np.linspace(0, 2 * np.pi, WIDTH, endpoint=False, dtype=np.float32)[None, :]
    down = np.linspace(0, np.pi, WIDTH // 2, dtype=np.float32)[:, None]
    light = 120 + 50 * np.sin(3 * across) * np.sin(down) + 30 * np.sin(300 * across + 40 * down)
    picture = np.stack([light, light * 0.9 + 10, 0.8 * light + 20 * np.cos(down)], axis=-1)
    for _ in range(300):
        left, top = int(chance.integers(WIDTH)), int(chance.integers(WIDTH // 2))
        wide, high = chance.integers(20, 400, 2)
        picture[top : top + high, left : left + wide] = chance.integers(0, 256, 3)
    picture += chance.normal(0, 3, picture.shape[:2]).astype(np.float32)[..., None]
    _save(into, np.clip(picture, 0, 255).astype(np.uint8))


def double(narrow: str, into: str) -> None:
    """Write a panorama at twice its width."""
    picture = simplejpeg.decode_jpeg(Path(narrow).read_bytes(), "RGB")
    _save(into, cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))


def _save(into: str, picture: np.ndarray) -> None:
    Path(into).write_bytes(simplejpeg.encode_jpeg(picture, QUALITY, "RGB", "420"))
