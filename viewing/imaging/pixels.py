"""A picture as upright sRGB rows on its whole sphere, whatever it was stored as."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from viewing.rules import intake, photographs
from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import Claim
from viewing.rules.intake import Gpano, Place

Picture = NDArray[np.uint8]
Rows = Callable[[int, int], Picture]

FORMATS: Final = ("JPEG", "PNG", "WEBP")  # a phone's MPO comes in through JPEG
ORIENTATION: Final = 0x0112  # EXIF 2.32, 4.6.4 A
UNSEEN: Final = 0x80  # plain grey where the camera saw nothing and where a picture is transparent
HARMLESS: Final = "extraneous bytes"  # what some cameras leave between segments; other warnings mean damage

TURNS: Final[dict[int, Callable[[Picture], Picture]]] = {
    1: lambda stored: stored,
    2: lambda stored: stored[:, ::-1],
    3: lambda stored: stored[::-1, ::-1],
    4: lambda stored: stored[::-1],
    5: lambda stored: stored.swapaxes(0, 1),
    6: lambda stored: stored.swapaxes(0, 1)[:, ::-1],
    7: lambda stored: stored[::-1, ::-1].swapaxes(0, 1),
    8: lambda stored: stored.swapaxes(0, 1)[::-1],
}


def rows_on(place: Place, visible: Rows, top: int, bottom: int) -> Picture:
    """Return rows top…bottom of the whole sphere as sRGB (rows, full_width, 3); unseen parts are grey."""
    if place.is_whole:
        return visible(top, bottom)
    whole = np.full((bottom - top, place.full_width, 3), UNSEEN, np.uint8)
    first, last = max(top, place.top), min(bottom, place.top + place.height)
    if first < last:
        seen = visible(first - place.top, last - place.top)
        whole[first - top : last - top, place.left : place.left + place.width] = seen
    return whole


def decode_photo(path: Path) -> tuple[int, int, Rows]:
    """Decode an ordinary photograph and return its upright width and height, and its rows as sRGB.

    :raises Unfit: if it cannot be shown as one, or its data is broken
    """
    with Image.open(path, formats=FORMATS) as image:
        photographs.admit(path.stat().st_size, Claim(image.format or "", *image.size))
        return *upright_size(image), rows_of(image, path)


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return a picture's width and height once its EXIF orientation is obeyed."""
    lies = image.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8)
    return (image.size[1], image.size[0]) if lies else image.size


def turn_of(image: Image.Image) -> Callable[[Picture], Picture]:
    """Return what puts the stored rows upright."""
    return TURNS.get(image.getexif().get(ORIENTATION, 1), TURNS[1])


def rows_of(image: Image.Image, path: Path) -> Rows:
    """Decode a picture and return how to get upright sRGB rows of it."""
    return _jpeg_rows(image, path) or _any_rows(image)


def gpano(image: Image.Image) -> Gpano | None:
    """Return the picture's GPano metadata, whether XML attributes or elements; None where there is none."""
    said: dict[str, str] = {}
    with suppress(Exception):  # XMP is free text from anywhere: what cannot be read says nothing
        said = dict(_leaves(image.getxmp()))
    known = "ProjectionType" in said or "FullPanoWidthPixels" in said
    return intake.read_gpano(said) if known else None


def _leaves(tree: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every named text in a tree of dicts and lists."""
    if isinstance(tree, str):
        yield name, tree
    elif isinstance(tree, dict):
        for under, branch in tree.items():
            yield from _leaves(branch, under)
    elif isinstance(tree, list):
        yield from (leaf for branch in tree for leaf in _leaves(branch, name))


def _jpeg_rows(image: Image.Image, path: Path) -> Rows | None:
    """Decode an ordinary JPEG to 3 bytes a pixel; None for those left to Pillow (CMYK, stray bytes)."""
    if image.format not in {"JPEG", "MPO"} or image.mode not in {"RGB", "L"}:
        return None
    try:
        stored = simplejpeg.decode_jpeg(path.read_bytes(), "RGB")
    except ValueError as error:
        if HARMLESS in str(error):
            return None
        raise Unfit(Fault.BROKEN, str(error)) from error
    if stored.shape[:2] != image.size[::-1]:
        raise Unfit(Fault.BROKEN, "two sizes")
    upright = turn_of(image)(stored)
    to_srgb = profile(image, "RGB") if image.mode == "RGB" else None
    return lambda top, bottom: _apply(to_srgb, np.ascontiguousarray(upright[top:bottom]))


def _apply(to_srgb: ImageCms.ImageCmsTransform | None, strip: Picture) -> Picture:
    return strip if to_srgb is None else np.asarray(to_srgb.apply(Image.fromarray(strip)))


def _any_rows(image: Image.Image) -> Rows:
    """Decode by Pillow, which raises on truncated data, and convert strip by strip."""
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    to_srgb = profile(image, image.mode if image.mode in {"CMYK", "L"} else "RGB")

    def rows(top: int, bottom: int) -> Picture:
        return np.asarray(_to_srgb(image.crop((0, top, image.width, bottom)), to_srgb))

    return rows


def profile(image: Image.Image, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the way from the picture's own colours to sRGB; None for sRGB and for a useless profile."""
    profile = image.info.get("icc_profile")
    if not profile:
        return None
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(own):
            return None
        return ImageCms.buildTransform(own, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _to_srgb(strip: Image.Image, to_srgb: ImageCms.ImageCmsTransform | None) -> Image.Image:
    """Return a strip as sRGB: 16 bits to 8, transparency over grey, own profile applied."""
    if strip.mode.startswith("I"):
        strip = Image.fromarray((np.asarray(strip).astype(np.uint32) >> 8).astype(np.uint8))
    if strip.has_transparency_data:
        grey = Image.new("RGBA", strip.size, (UNSEEN, UNSEEN, UNSEEN, 255))
        strip = Image.alpha_composite(grey, strip.convert("RGBA")).convert("RGB")
    if to_srgb is not None:
        return to_srgb.apply(strip if strip.mode in {"CMYK", "L"} else strip.convert("RGB"))
    return strip.convert("RGB")
