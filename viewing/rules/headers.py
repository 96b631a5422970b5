"""The format and size a picture's own first bytes claim, read without decoding a pixel.

Sources: ITU-T T.81 annex B (JPEG markers), PNG 3rd edition 11.2.1 (IHDR), RFC 9649 (WebP chunks).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from viewing.rules.faults import Fault, Unfit

FRAME_MARKERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STRAY: Final = (b"", b"\x00", b"\xff")  # after FF these make no marker
MOST_STEPS: Final = (
    2**18
)  # bytes read one by one before a frame header; whoever uploads more wants to hold us up
BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD9)})
PHONE_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1", b"avif"})


@dataclass(frozen=True)
class Claim:
    """What a header claims: format and stored size in pixels, before any rotation."""

    format: str
    width: int
    height: int


def read_claim(stream: BinaryIO) -> Claim:
    """Return what the header at the stream's start claims.

    :raises Unfit: if this is no JPEG, PNG or WebP, or its header is broken
    """
    head = stream.read(32)
    try:
        return _read(head, stream)
    except (struct.error, IndexError) as error:
        raise Unfit(Fault.BROKEN, "header") from error


def _read(head: bytes, stream: BinaryIO) -> Claim:
    if head[:2] == b"\xff\xd8":
        return _jpeg(stream)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return Claim("PNG", *struct.unpack(">II", head[16:24]))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    phone = head[4:8] == b"ftyp" and head[8:12] in PHONE_BRANDS
    raise Unfit(Fault.PHONE_FORMAT if phone else Fault.NOT_A_PICTURE)


def _jpeg(stream: BinaryIO) -> Claim:
    """Walk the segments to the frame header (T.81 B.2.2): length, precision, lines, samples a line."""
    stream.seek(2)
    for marker in _markers(stream):
        if marker in BARE_MARKERS:
            continue
        (length,) = struct.unpack(">H", stream.read(2))
        if marker in FRAME_MARKERS:
            _, height, width = struct.unpack(">BHH", stream.read(5))
            return Claim("JPEG", width, height)
        stream.seek(max(length - 2, 0), 1)
    raise Unfit(Fault.BROKEN, "no frame header")


def _markers(stream: BinaryIO) -> Iterator[int]:
    """Yield each next marker, passing fill bytes and stray bytes as decoders do (T.81 B.1.1.2)."""
    before = b""
    for _ in range(MOST_STEPS):
        byte = stream.read(1)
        if not byte:
            return
        if before == b"\xff" and byte not in STRAY:
            yield byte[0]
            before = b""
        else:
            before = byte


def _webp(head: bytes) -> Claim:
    """Read the first chunk (RFC 9649 2.5–2.7): extended, lossless or lossy."""
    chunk = head[12:16]
    if chunk == b"VP8X":
        return Claim(
            "WEBP", 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        )
    if chunk == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return Claim("WEBP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return Claim("WEBP", width & 0x3FFF, height & 0x3FFF)
    raise Unfit(Fault.BROKEN, "webp chunk")
