"""Mutated pictures thrown at the intake: `python -m tests.services.viewing.mutants [COUNT] [SEED]`.

Fourteen kinds of file a camera may write, each spoilt by chance in its header, its metadata or its body (a
PNG's checksums put right again, or nothing behind them would be reached). Each mutant's header is read as
the site does, then a forked child limits itself as the cutter's child does and cuts it. A mutant ends well
in tiles or in a fault; it must not end in another exception, by a signal, after more than HANG seconds of
the processor (a crowded machine's wall clock says nothing), waiting for PATIENCE, or with more memory than
MOST_MIB. The command prints how the mutants ended as one JSON line, and each that ended badly is kept in
var/mutants.
"""

from __future__ import annotations

import io
import json
import os
import random
import select
import shutil
import signal
import struct
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from tests.support import pictures
from viewing.imaging import child, cutter
from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import read_claim
from viewing.rules.intake import GPANO, admit

HANG: Final = 10.0
PATIENCE: Final = 180.0
MOST_MIB: Final = 1024
HEADER: Final = 700
KEPT: Final = Path(__file__).resolve().parents[3] / "var" / "mutants"
ODD_BYTES: Final = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)
ODD_WORDS: Final = (
    b"-1",
    b"0",
    b"1e400",
    b"NaN",
    b"99999999999999999999",
    b"",
    b"\xff\xfe",
    b"&x;",
    b"<a>" * 900,
)
Chance = random.Random
PNG: Final = b"\x89PNG\r\n\x1a\n"


def originals() -> dict[str, bytes]:
    """Return the files that are spoilt, the smallest panoramas there are."""
    sphere = pictures.smooth(2000)
    image = Image.fromarray(sphere)
    crop = pictures.gpano(
        ProjectionType="equirectangular",
        FullPanoWidthPixels=2000,
        FullPanoHeightPixels=1000,
        CroppedAreaLeftPixels=0,
        CroppedAreaTopPixels=200,
        CroppedAreaImageWidthPixels=2000,
        CroppedAreaImageHeightPixels=600,
        PoseRollDegrees=3,
    )
    deep = Image.fromarray(np.repeat(np.arange(1000, dtype=np.uint16)[:, None] * 60, 2000, axis=1))
    clear = image.copy()
    clear.putalpha(200)
    return {
        "jpeg": pictures.jpeg(sphere),
        "progressive": pictures.jpeg(sphere, progressive=True),
        "444": pictures.jpeg(sphere, subsampling=0),
        "cropped": pictures.jpeg(sphere[200:800], xmp=crop),
        "turned": pictures.turned(sphere, 6),
        "gps": pictures.with_gps(),
        "profile": pictures.jpeg(sphere, icc_profile=pictures.profile_with_red_and_green_swapped()),
        "cmyk": pictures.encoded(image.convert("CMYK"), "JPEG"),
        "mpo": pictures.encoded(image, "MPO", save_all=True, append_images=[image.resize((200, 100))]),
        "png": pictures.encoded(image, "PNG", compress_level=1),
        "deep": pictures.encoded(deep, "PNG"),
        "palette": pictures.encoded(image.quantize(), "PNG", transparency=3),
        "webp": pictures.encoded(clear, "WEBP", quality=60),
        "lossless": pictures.encoded(image.resize((2000, 1000)), "WEBP", lossless=True, method=0),
    }


def mutants(seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and mutated files without end, the same for the same seed."""
    files = originals()
    number = 0
    while True:
        chance = Chance(f"{seed}-{number}")
        kind = list(files)[number % len(files)]
        data = files[kind]
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            data = chance.choice(WAYS)(data, chance)
        yield f"{kind}-{seed}-{number}", _with_checksums(data) if data.startswith(PNG) else data
        number += 1


def _header_bytes(data: bytes, chance: Chance) -> bytes:
    return _overwritten(data, chance, min(HEADER, len(data)))


def _body_bytes(data: bytes, chance: Chance) -> bytes:
    return _overwritten(data, chance, len(data))


def _overwritten(data: bytes, chance: Chance, within: int) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 40)) if within else 0):
        spoilt[chance.randrange(within)] = chance.choice((chance.randrange(256), *ODD_BYTES))
    return bytes(spoilt)


def _cut_short(data: bytes, chance: Chance) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _piece_gone(data: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.choice((1, 2, 4, 100, 5000)) :]


def _piece_twice(data: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(data) + 1)
    piece = data[at : at + chance.choice((1, 4, 100, 5000))]
    return data[:at] + piece * chance.choice((2, 2, 50)) + data[at:]


def _word_in_metadata(data: bytes, chance: Chance) -> bytes:
    """Put an odd word in place of one of the metadata's values; where there is none, spoil the header."""
    quotes = [at for at in range(min(len(data), 4000)) if data[at : at + 1] == b'"']
    if len(quotes) < 2:
        return _header_bytes(data, chance)
    at = chance.randrange(len(quotes) - 1)
    return data[: quotes[at] + 1] + chance.choice(ODD_WORDS) + data[quotes[at + 1] :]


def _odd_size(data: bytes, chance: Chance) -> bytes:
    """Claim another size in a JPEG's frame header or a PNG's first chunk."""
    frame = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2")) + 5
    at, form = (16, ">II") if data.startswith(PNG) else (frame, ">HH")
    size = chance.choice(((0, 0), (2000, 4000), (8192, 16384), (65535, 65535), (1, 2), (1001, 2001)))
    return data[:at] + struct.pack(form, *size) + data[at + struct.calcsize(form) :]


WAYS: Final[tuple[Callable[[bytes, Chance], bytes], ...]] = (
    _header_bytes,
    _header_bytes,
    _body_bytes,
    _cut_short,
    _piece_gone,
    _piece_twice,
    _word_in_metadata,
    _odd_size,
)


def _with_checksums(data: bytes) -> bytes:
    """Return a PNG whose chunks' checksums are right, as far as its lengths make sense."""
    mended, at = bytearray(data), len(PNG)
    while at + 12 <= len(mended):
        (length,) = struct.unpack_from(">I", mended, at)
        end = at + 8 + length
        if end + 4 > len(mended):
            break
        struct.pack_into(">I", mended, end, zlib.crc32(mended[at + 4 : end]))
        at = end + 4
    return bytes(mended)


def ending(data: bytes) -> str:
    """Return how a mutant ends: "tiles", a fault's code, or what must not be."""
    stream = io.BytesIO(data)
    try:
        claim = read_claim(stream)
        admit(len(data), claim, says_gpano=GPANO in data)
    except Unfit as unfit:
        return unfit.fault.code
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "original").write_bytes(data)
        return _ending_of_child(folder)
    finally:
        shutil.rmtree(folder)


def _ending_of_child(folder: Path) -> str:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_child(folder, writing)
    os.close(writing)
    heard, _, _ = select.select([reading], [], [], PATIENCE)
    if not heard:
        os.kill(pid, signal.SIGKILL)
    _, status, used = os.wait4(pid, 0)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    if not heard or used.ru_utime + used.ru_stime > HANG:
        return "bad: hung"
    return _judged(status, used.ru_maxrss / 1024, said)


def _be_child(folder: Path, writing: int) -> None:
    code = 70
    try:
        child.limit_self()
        os.write(writing, json.dumps(child.answer(folder / "original", folder / "tree")).encode())
        code = 0
    finally:
        os._exit(code)


def _judged(status: int, peak_mib: float, said: bytes) -> str:
    if status != 0:
        return f"bad: died with {os.waitstatus_to_exitcode(status)}"
    if peak_mib > MOST_MIB:
        return f"bad: took {peak_mib:.0f} MiB"
    answer = json.loads(said)
    return Fault(answer["fault"]).code if "fault" in answer else "tiles"


def main(count: int = 10_000, seed: int = 1) -> int:
    """Try so many mutants and print how they ended."""
    import warnings

    warnings.simplefilter("ignore")
    assert cutter  # imported here, so that no child must
    ends: Counter[str] = Counter()
    for (name, data), _ in zip(mutants(seed), range(count), strict=False):
        end = ending(data)
        ends[end] += 1
        if end.startswith("bad"):
            KEPT.mkdir(parents=True, exist_ok=True)
            (KEPT / name).write_bytes(data)
            print(name, end, file=sys.stderr, flush=True)
    print(json.dumps({"mutants": count, "seed": seed, "ended": dict(ends.most_common())}))
    return int(any(end.startswith("bad") for end in ends))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
