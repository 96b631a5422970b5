"""Which pictures may be published as ordinary photographs, and how large."""

from __future__ import annotations

from typing import Final

from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import Claim
from viewing.rules.intake import admit_size

MOST_PHOTOS: Final = 30
LONGEST_CAPTION: Final = 120
LEAST_LONG, LEAST_SHORT = 640, 480
LONGEST_RATIO: Final = 4  # a longer strip shows nothing once it fits a screen
FITTED: Final = 2048  # px of the longer side as published: sharp on a large screen, about half a megabyte


def admit(size: int, claim: Claim) -> None:
    """Refuse by bytes and header alone whatever cannot be shown as a photograph.

    :raises Unfit: with the first fault found
    """
    admit_size(size, claim)
    long, short = max(claim.width, claim.height), min(claim.width, claim.height)
    if long < LEAST_LONG or short < LEAST_SHORT:
        raise Unfit(Fault.PHOTO_TOO_SMALL)
    if long > LONGEST_RATIO * short:
        raise Unfit(Fault.PHOTO_TOO_LONG)


def fitted(width: int, height: int) -> tuple[int, int]:
    """Return the size to publish a picture in: the longer side at most 2048 pixels, never enlarged."""
    scale = min(1.0, FITTED / max(width, height))
    return round(width * scale), round(height * scale)
