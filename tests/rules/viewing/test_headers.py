"""Format and size are read from a header without decoding, and nonsense never gets further."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.support import pictures
from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import Claim, read_claim

IMAGE = Image.new("RGB", (301, 203))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True, "exif": b"Exif\0\0" + b"\0" * 60000}),
        ("PNG", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0"}),
    ],
)
def test_a_header_says_format_and_size(kind: str, options: dict[str, object]) -> None:
    stream = io.BytesIO(pictures.encoded(IMAGE, kind, **options))

    assert read_claim(stream) == Claim(kind, 301, 203)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.NOT_A_PICTURE),
        (b"%PDF-1.7", Fault.NOT_A_PICTURE),
        (b"GIF89a" + b"\0" * 40, Fault.NOT_A_PICTURE),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Fault.PHONE_FORMAT),
        (b"\xff\xd8", Fault.BROKEN),
        (b"\xff\xd8\xff\xe0\x00\x02" * 3, Fault.BROKEN),
        (b"\xff\xd8" + b"\xff\x00" * 5000, Fault.BROKEN),
        (b"\xff\xd8" + b"\xff\xe0\x00\x02" * 200_000 + b"\xff\xc0\x00\x11\x08" + b"\x10" * 20, Fault.BROKEN),
        (b"\xff\xd8" + bytes(300_000) + b"\xff\xc0\x00\x11\x08" + b"\x10" * 20, Fault.BROKEN),
        (b"\x89PNG\r\n\x1a\n", Fault.BROKEN),
        (b"RIFF\0\0\0\0WEBPJUNK" + b"\0" * 20, Fault.BROKEN),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, fault: Fault) -> None:
    with pytest.raises(Unfit) as refused:
        read_claim(io.BytesIO(data))

    assert refused.value.fault is fault


@given(st.sampled_from([b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b""]), st.binary(max_size=200))
def test_any_bytes_end_in_a_claim_or_a_fault(start: bytes, rest: bytes) -> None:
    try:
        claim = read_claim(io.BytesIO(start + rest))
    except Unfit:
        return

    assert claim.width >= 0
    assert claim.height >= 0
