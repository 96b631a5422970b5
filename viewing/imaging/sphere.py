"""An untrusted picture as the planes of its whole sphere, upright and in sRGB's colours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import simplejpeg
from PIL import Image

from viewing.imaging import pixels, planes
from viewing.imaging.completed import completed
from viewing.imaging.levelled import levelled
from viewing.imaging.planes import Plane, Planes
from viewing.rules import intake
from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import Claim
from viewing.rules.intake import Place
from viewing.rules.pyramid import levels

STRIP: Final = 512
ROUND: Final = 8  # so that a quarter turn is a whole number of pixels in every plane
AMPLE: Final = 4.4  # panorama pixels around for a face pixel across; with more the cut would alias


@dataclass(frozen=True)
class Sphere:
    """A whole sphere's planes, its width a multiple of eight; `place` is the picture's as it came."""

    planes: Planes
    place: Place

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the face sizes it is cut into."""
        return levels(self.place.full_width)


def decode(path: Path) -> Sphere:
    """Decode a picture whole.

    :raises Unfit: if it is no panorama, or its data is broken
    """
    with Image.open(path, formats=pixels.FORMATS) as image:
        gpano = pixels.gpano(image)
        claim = Claim(image.format or "", *image.size)
        intake.admit(path.stat().st_size, claim, says_gpano=gpano is not None)
        place = intake.place(*pixels.upright_size(image), gpano)
        whole = _round(_whole(image, path, place), place)
    if gpano is not None and gpano.is_tilted:
        whole = levelled(whole, gpano.pitch, gpano.roll)
    return Sphere(whole, place)


def _whole(image: Image.Image, path: Path, place: Place) -> Planes:
    """Return the planes of the whole sphere, softly completed where the picture shows a part of it."""
    if not place.is_whole:
        return completed(_spread(place, pixels.rows_of(image, path)), place)
    return _jpeg_planes(image, path) or _spread(place, pixels.rows_of(image, path))


def _jpeg_planes(image: Image.Image, path: Path) -> Planes | None:
    """Decode an ordinary JPEG without converting a colour; None for those whose colours must be converted.

    The chroma is decoded at half the size, as libjpeg-turbo scales it.
    """
    if image.format not in {"JPEG", "MPO"} or image.mode not in {"RGB", "L"} or pixels.profile(image, "RGB"):
        return None
    data, (width, height) = path.read_bytes(), image.size
    try:
        luma, small = _decoded(data, width, height, in_turn="progressive" in image.info)
    except ValueError as error:
        if pixels.HARMLESS in str(error):
            return None
        raise Unfit(Fault.BROKEN, str(error)) from error
    if luma.shape != (height, width):
        raise Unfit(Fault.BROKEN, "two sizes")
    blue, red = _chroma(small)
    turn = pixels.turn_of(image)
    return planes.each((luma, blue, red), lambda plane: np.ascontiguousarray(turn(plane)))


def _decoded(data: bytes, width: int, height: int, *, in_turn: bool) -> tuple[Plane, planes.Rgb]:
    """Return a JPEG's luma, and its colours at half the size, decoded side by side or in turn.

    Of a progressive one each keeps all coefficients meanwhile, three bytes a pixel: two take a gigabyte.

    :raises ValueError: if the data is broken
    """
    half = {"min_width": -(-width // 2), "min_height": -(-height // 2)}
    with ThreadPoolExecutor(1) as beside:
        small = beside.submit(simplejpeg.decode_jpeg, data, "RGB", **half)
        if in_turn:
            small.result()
        luma = simplejpeg.decode_jpeg(data, "GRAY")[..., 0]
    return luma, small.result()


def _chroma(small: planes.Rgb) -> tuple[Plane, Plane]:
    blue, red = (np.empty(small.shape[:2], np.uint8) for _ in range(2))
    for top in range(0, small.shape[0], STRIP):
        blue[top : top + STRIP], red[top : top + STRIP] = planes.chroma(small[top : top + STRIP])
    return blue, red


def _spread(place: Place, rows: pixels.Rows) -> Planes:
    """Return the planes of the whole sphere from any picture's rows, converted strip by strip."""
    width, height = place.full_width + place.full_width % 2, place.full_height + place.full_height % 2
    whole = planes.blank(width, height)
    for top in range(0, height, STRIP):
        strip = pixels.rows_on(place, rows, top, min(top + STRIP, place.full_height))
        odd = (0, strip.shape[0] % 2, 0, strip.shape[1] % 2)
        even = np.asarray(cv2.copyMakeBorder(strip, *odd, cv2.BORDER_REPLICATE), np.uint8)
        luma, blue, red = planes.from_rgb(even)
        whole[0][top : top + STRIP] = luma
        whole[1][top // 2 : (top + STRIP) // 2] = blue
        whole[2][top // 2 : (top + STRIP) // 2] = red
    return whole


def _round(whole: Planes, place: Place) -> Planes:
    """Return the planes at a width the cutter can halve and turn, and no larger than its faces can show."""
    height, width = whole[0].shape
    face = levels(place.full_width)[-1]
    if width > AMPLE * face:
        return planes.fitted(whole, 4 * face, 2 * face)
    return planes.fitted(whole, round(width / ROUND) * ROUND, height - height % 2)
