"""Which pictures become panoramas, and where on the whole sphere each lies.

GPano is Google's Photo Sphere XMP metadata (ns.google.com/photos/1.0/panorama).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import Claim

MOST_BYTES: Final = 60 * 2**20
MOST_LONG, MOST_SHORT = 16384, 8192  # what the cutter can do within 1 GiB
# Under 2000 px around, a 75° view shows about 400 px: too coarse to judge a wall. Many cameras' least is
# 2048×1024, many exporters' 2000×1000.
LEAST_WIDTH: Final = 2000
RATIO: Final = 2.0
TOLERANCE: Final = 0.01
LEAST_TILT: Final = 0.1  # degrees: two pixels of the largest panorama's height, not worth sampling twice
GPANO: Final = b"ns.google.com/photos/1.0/panorama"


@dataclass(frozen=True)
class Gpano:
    """What a picture says of its own place on the sphere, in pixels; `None` where it says nothing usable.

    `pitch` and `roll` are the camera's pose in degrees.
    """

    projection: str = "equirectangular"
    full: tuple[int, int] | None = None
    crop: tuple[int, int] | None = None
    left: int = 0
    top: int = 0
    pitch: float = 0.0
    roll: float = 0.0

    @property
    def is_tilted(self) -> bool:
        """Return whether the camera was held so far from level that it shows."""
        return max(abs(self.pitch), abs(self.roll)) >= LEAST_TILT


@dataclass(frozen=True)
class Place:
    """A picture's rectangle in pixels on a whole sphere of full_width × full_height."""

    full_width: int
    full_height: int
    left: int
    top: int
    width: int
    height: int

    @property
    def is_whole(self) -> bool:
        """Return whether the picture covers its whole sphere."""
        return self.width == self.full_width and self.height == self.full_height


def admit(size: int, claim: Claim, *, says_gpano: bool) -> None:
    """Refuse by bytes and header alone whatever cannot become a panorama, before anything is decoded.

    :raises Unfit: with the first fault found
    """
    admit_size(size, claim)
    long, short = max(claim.width, claim.height), min(claim.width, claim.height)
    if short == 0 or long < (LEAST_WIDTH // 2 if says_gpano else LEAST_WIDTH):
        raise Unfit(Fault.TOO_SMALL)
    if not says_gpano:
        _refuse_odd_shape(long, short)


def admit_size(size: int, claim: Claim) -> None:
    """Refuse a picture of more bytes or pixels than we open.

    :raises Unfit: if it is too heavy or too large
    """
    if size > MOST_BYTES:
        raise Unfit(Fault.TOO_HEAVY)
    if max(claim.width, claim.height) > MOST_LONG or min(claim.width, claim.height) > MOST_SHORT:
        raise Unfit(Fault.TOO_LARGE)


def place(width: int, height: int, gpano: Gpano | None) -> Place:
    """Return where an upright picture of this size lies on the sphere.

    :raises Unfit: if it is no equirectangular picture, whole or cropped
    """
    if gpano is not None:
        _refuse_projection(gpano.projection)
        placed = _placed_by_gpano(width, height, gpano)
        if placed is not None:
            return _fitting(placed)
    _refuse_odd_shape(width, height, Fault.WRONG_GPANO if gpano and gpano.crop else Fault.NOT_TWO_TO_ONE)
    return _fitting(Place(width, height, 0, 0, width, height))


def read_gpano(said: Mapping[str, str]) -> Gpano:
    """Return the metadata's properties as numbers; a size that is missing or no number counts as not said."""
    return Gpano(
        projection=said.get("ProjectionType", "equirectangular").strip().lower(),
        full=_pair(said, "FullPanoWidthPixels", "FullPanoHeightPixels"),
        crop=_pair(said, "CroppedAreaImageWidthPixels", "CroppedAreaImageHeightPixels"),
        left=_number(said.get("CroppedAreaLeftPixels", "0")) or 0,
        top=_number(said.get("CroppedAreaTopPixels", "0")) or 0,
        pitch=_degrees(said.get("PosePitchDegrees", ""), 90),
        roll=_degrees(said.get("PoseRollDegrees", ""), 180),
    )


def _pair(said: Mapping[str, str], width: str, height: str) -> tuple[int, int] | None:
    pair = _number(said.get(width, "")), _number(said.get(height, ""))
    return (pair[0], pair[1]) if pair[0] and pair[1] else None


def _number(text: str) -> int | None:
    """Return a non-negative whole number, also when written as "4542.0"."""
    whole, _, fraction = text.strip().partition(".")
    digits = whole.isascii() and whole.isdigit() and len(whole) < 7
    return int(whole) if digits and not fraction.strip("0") else None


def _degrees(text: str, most: float) -> float:
    """Return an angle; one that is no number or beyond its range counts as level."""
    try:
        angle = float(text)
    except ValueError:
        return 0.0
    return angle if abs(angle) <= most else 0.0


def _placed_by_gpano(width: int, height: int, gpano: Gpano) -> Place | None:
    """Return the place the metadata gives, scaled if the picture was resized since; None if it is absurd."""
    if gpano.full is None or gpano.crop is None:
        return None
    by_width, by_height = width / gpano.crop[0], height / gpano.crop[1]
    full = round(gpano.full[0] * by_width), round(gpano.full[1] * by_height)
    left, top = round(gpano.left * by_width), round(gpano.top * by_height)
    resized_evenly = abs(by_width / by_height - 1) <= TOLERANCE
    inside = left + width <= full[0] + 1 and top + height <= full[1] + 1
    if not (resized_evenly and inside and _is_two_to_one(*full)):
        return None
    return Place(*full, min(left, full[0] - width), min(top, full[1] - height), width, height)


def _fitting(placed: Place) -> Place:
    if placed.full_width < LEAST_WIDTH:
        raise Unfit(Fault.TOO_SMALL)
    if placed.full_width > MOST_LONG or placed.full_height > MOST_SHORT:
        raise Unfit(Fault.TOO_LARGE)
    return placed


def _refuse_projection(projection: str) -> None:
    if projection == "cylindrical":
        raise Unfit(Fault.CYLINDRICAL)
    if projection != "equirectangular":
        raise Unfit(Fault.WRONG_PROJECTION)


def _refuse_odd_shape(width: int, height: int, fault: Fault = Fault.NOT_TWO_TO_ONE) -> None:
    if abs(width / height / (2 * RATIO) - 1) <= TOLERANCE:
        raise Unfit(Fault.STEREO)
    if not _is_two_to_one(width, height):
        raise Unfit(fault)


def _is_two_to_one(width: int, height: int) -> bool:
    return height > 0 and abs(width / height / RATIO - 1) <= TOLERANCE
