"""The child process that opens one untrusted picture: `… viewing.imaging.child ORIGINAL FOLDER [photo]`.

It limits itself before it reads a byte, writes only into FOLDER, and answers with one JSON line on stdout:
{"width", "height", "levels", "tiles"}, {"width", "height"} for a photograph, or {"fault"}. Anything else
means it died.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from PIL import Image

from viewing.imaging.cutter import cut
from viewing.imaging.photo import PHOTO, fitted
from viewing.imaging.pixels import decode, decode_photo
from viewing.imaging.tree import encode
from viewing.rules.faults import Fault, Unfit
from viewing.rules.pyramid import levels, tree_hash

MEMORY: Final = 3 * 2**30  # address space; the largest panorama allowed needs under 1 GiB of it resident
CPU_SECONDS: Final = 120
FILE_BYTES: Final = 16 * 2**20

Decoded = TypeVar("Decoded")


def limit_self() -> None:
    """Bound memory, time and file size; a system without such limits still has the parent's wall clock."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def answer(original: Path, into: Path, what: str = "panorama") -> dict[str, object]:
    """Cut a panorama or fit a photograph, and return the answer."""
    try:
        return {"panorama": _cut, "photo": _fit}[what](original, into)
    except Unfit as unfit:
        return {"fault": unfit.fault.code}
    except MemoryError:
        return {"fault": Fault.TOO_HARD.code}


def _cut(original: Path, into: Path) -> dict[str, object]:
    decoded = _opened(decode, original)
    tree, place = cut(decoded, into), decoded.place
    size = {"width": place.full_width, "height": place.full_height}
    return {**size, "levels": levels(place.full_width), "tiles": tree_hash(tree.hashes)}


def _fit(original: Path, into: Path) -> dict[str, object]:
    picture = fitted(*_opened(decode_photo, original))
    (into / PHOTO).write_bytes(encode(picture))
    return {"width": picture.shape[1], "height": picture.shape[0]}


def _opened(decode: Callable[[Path], Decoded], original: Path) -> Decoded:
    original.open("rb").close()  # a missing original is our fault, not the picture's
    Image.MAX_IMAGE_PIXELS = None  # intake refuses by size with its own words
    try:
        return decode(original)
    except (Unfit, MemoryError):
        raise
    except Exception as error:  # broken data makes decoders raise whatever they please
        raise Unfit(Fault.BROKEN, repr(error)) from error


if __name__ == "__main__":
    limit_self()
    warnings.simplefilter("ignore")
    sys.stdout.write(json.dumps(answer(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])))
