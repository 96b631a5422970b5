"""Pictures drawn by the tests, with exactly known pixels and metadata."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewing.rules.geometry import direction, equirect_pixel

Picture = NDArray[np.uint8]
SRGB_GREY = 90
GPANO = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" {said}/></rdf:RDF></x:xmpmeta>'
)


def plain(width: int = 2048, height: int = 1024, grey: int = SRGB_GREY) -> Picture:
    """Return an even grey picture."""
    return np.full((height, width, 3), grey, np.uint8)


def with_dots(directions: Iterable[tuple[float, float]], width: int = 4096) -> Picture:
    """Return a grey panorama with a white round dot of 0.6° radius at each (yaw, pitch)."""
    picture, axes = plain(width, width // 2), _axes(width)
    for yaw, pitch in directions:
        picture[axes @ direction(yaw, pitch).astype(np.float32) > np.cos(np.radians(0.6))] = 255
    return picture


def smooth(width: int = 2048) -> Picture:
    """Return a panorama whose colour is a smooth function of direction: red x, green y, blue z."""
    return np.round(127.5 + 100 * _axes(width)).astype(np.uint8)


def _axes(width: int) -> NDArray[np.float32]:
    """Return the unit vector (height, width, 3) of every pixel centre."""
    lon = (((np.arange(width) + 0.5) / width - 0.5) * 2 * np.pi).astype(np.float32)
    lat = ((0.5 - (np.arange(width // 2) + 0.5) / (width // 2)) * np.pi).astype(np.float32)[:, None]
    return np.stack([np.sin(lon) * np.cos(lat), np.sin(lat) + 0 * lon, np.cos(lon) * np.cos(lat)], axis=-1)


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


def gpano_in_elements(**said: object) -> bytes:
    """Return the same as an XMP packet with elements, as some cameras write it."""
    elements = "".join(f"<GPano:{name}>{value}</GPano:{name}>" for name, value in said.items())
    return GPANO.format(said="").replace("/></rdf", f">{elements}</rdf:Description></rdf").encode()


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


def profile_with_red_and_green_swapped() -> bytes:
    """Return an ICC profile (v2, matrix and gamma 2.2) whose red is sRGB's green and the other way round."""
    red, green, blue = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7139)
    curve = b"curv" + struct.pack(">IIHH", 0, 1, 0x0233, 0)
    tags = {
        b"desc": b"desc" + struct.pack(">II", 0, 5) + b"swap\0" + bytes(78),
        b"wtpt": _xyz((0.9642, 1.0, 0.8249)),
        **{
            name: _xyz(colour)
            for name, colour in zip((b"rXYZ", b"gXYZ", b"bXYZ"), (green, red, blue), strict=True)
        },
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    return _profile(tags)


def _xyz(colour: tuple[float, ...]) -> bytes:
    return b"XYZ " + struct.pack(">I3i", 0, *(round(value * 65536) for value in colour))


def _profile(tags: dict[bytes, bytes]) -> bytes:
    table, data, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", start + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    white = struct.pack(">3i", 63190, 65536, 54061)
    head = struct.pack(
        ">I4sI4s4s4s12x4s", start + len(data), b"", 0x02400000, b"mntr", b"RGB ", b"XYZ ", b"acsp"
    )
    return head.ljust(68, b"\0") + white.ljust(60, b"\0") + table + data
