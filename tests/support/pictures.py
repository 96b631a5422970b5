"""Pictures drawn by the tests, with exactly known pixels and metadata."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewing.rules.geometry import equirect_pixel

Picture = NDArray[np.uint8]
SRGB_GREY = 90
GPANO = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" {said}/></rdf:RDF></x:xmpmeta>'
)


def plain(width: int = 2048, height: int = 1024, grey: int = SRGB_GREY) -> Picture:
    """Return an even grey picture."""
    return np.full((height, width, 3), grey, np.uint8)


def with_dots(dots: dict[tuple[float, float], tuple[int, int, int]], width: int = 4096) -> Picture:
    """Return a grey panorama with a round dot of 0.6° radius in each colour at each (yaw, pitch)."""
    picture = plain(width, width // 2)
    rows, columns = np.mgrid[0 : width // 2, 0:width]
    yaws, pitches = (columns + 0.5) / width * 360 - 180, 90 - (rows + 0.5) / width * 360
    for (yaw, pitch), colour in dots.items():
        across = (np.abs(yaws - yaw + 180) % 360 - 180) * np.cos(np.radians(pitch))
        picture[np.hypot(across, pitches - pitch) < 0.6] = colour
    return picture


def smooth(width: int = 2048) -> Picture:
    """Return a panorama whose colour is a smooth function of direction: red x, green y, blue z."""
    rows, columns = np.mgrid[0 : width // 2, 0:width]
    lon, lat = ((columns + 0.5) / width - 0.5) * 2 * np.pi, (0.5 - (rows + 0.5) / (width // 2)) * np.pi
    axes = np.stack([np.sin(lon) * np.cos(lat), np.sin(lat), np.cos(lon) * np.cos(lat)], axis=-1)
    return np.round(127.5 + 100 * axes).astype(np.uint8)


def jpeg(picture: Picture | None = None, **options: Any) -> bytes:
    """Return a picture as a JPEG file."""
    return encoded(
        Image.fromarray(plain() if picture is None else picture), "JPEG", **{"quality": 95, **options}
    )


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return an image as a file of a kind."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def gpano(**said: object) -> bytes:
    """Return an XMP packet with these GPano properties."""
    return GPANO.format(said=" ".join(f'GPano:{name}="{value}"' for name, value in said.items())).encode()


def with_gps() -> bytes:
    """Return a panorama that says where and by what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SpyCam"
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 26.0), 3: "E", 4: (116.0, 23.0, 29.0)})
    return jpeg(exif=exif, xmp=gpano(ProjectionType="equirectangular"), comment=b"SpyComment")


def turned(picture: Picture, orientation: int) -> bytes:
    """Return a file that shows the picture once its EXIF orientation is obeyed."""
    undo = {3: 2, 6: 1, 8: -1}[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    return jpeg(np.ascontiguousarray(np.rot90(picture, undo)), exif=exif)


def pixel_of(picture: Picture, yaw: float, pitch: float) -> tuple[int, ...]:
    """Return a panorama's colour in a direction."""
    column, row = equirect_pixel(yaw, pitch, picture.shape[1], picture.shape[0])
    return tuple(int(value) for value in picture[round(row), round(column)])
