"""An ordinary photograph, fitted to be published."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from viewing.imaging.pixels import Picture, Rows
from viewing.rules.photographs import FITTED
from viewing.rules.photographs import fitted as fitted_size

PHOTO: Final = "photo.jpg"
STRIP: Final = 256


def fitted(width: int, height: int, rows: Rows) -> Picture:
    """Return the picture shrunk to fit; one much larger is shrunk strip by strip, never held twice whole."""
    times = max(1, max(width, height) // FITTED)
    strips = (
        _resized(rows(top, min(top + STRIP * times, height)), times)
        for top in range(0, height, STRIP * times)
    )
    whole = np.concatenate(list(strips))
    return np.asarray(cv2.resize(whole, fitted_size(width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _resized(strip: Picture, times: int) -> Picture:
    """Return a strip with both sides divided, rounded up to a whole pixel."""
    size = -(-strip.shape[1] // times), -(-strip.shape[0] // times)
    return np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_AREA), np.uint8)
