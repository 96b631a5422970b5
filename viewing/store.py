"""The folders pictures live in: originals private by SHA-256, trees of tiles public by their hash.

Nothing appears under its public name before it is complete: everything is written aside and renamed.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from viewing.rules.faults import Fault, Unfit
from viewing.rules.intake import MOST_BYTES


@dataclass(frozen=True)
class Kept:
    """An original on disk."""

    digest: str
    size: int
    path: Path


def folder(name: str) -> Path:
    """Return one of the folders `originals`, `tiles`, `stills`, `cutting`, made if need be."""
    path = Path(settings.MEDIA_ROOT) / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def original(digest: str) -> Path:
    """Return where an original is kept."""
    return folder("originals") / digest


def tree(digest: str) -> Path:
    """Return where a finished tree of tiles is."""
    return folder("tiles") / digest


def keep_original(chunks: Iterable[bytes]) -> Kept:
    """Keep an upload under its SHA-256.

    :raises Unfit: if it is heavier than allowed, as soon as that is seen
    """
    aside = folder("cutting") / f"upload-{uuid.uuid4().hex}"
    try:
        digest, size = write(aside, chunks)
        aside.replace(original(digest))
    finally:
        aside.unlink(missing_ok=True)
    return Kept(digest, size, original(digest))


def write(aside: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write an upload to a new file and return its SHA-256 and size.

    :raises Unfit: if it is heavier than allowed, as soon as that is seen
    """
    hashing, size = hashlib.sha256(), 0
    with aside.open("xb") as file:
        for chunk in chunks:
            hashing.update(chunk)
            size += len(chunk)
            if size > MOST_BYTES:
                raise Unfit(Fault.TOO_HEAVY)
            file.write(chunk)
    return hashing.hexdigest(), size


def workplace(digest: str) -> Path:
    """Return an empty folder to cut an original in; what a killed cutter left of it is removed."""
    for left in folder("cutting").glob(f"{digest}-*"):
        shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{digest}-", dir=folder("cutting")))


@contextmanager
def working(name: str) -> Iterator[Path]:
    """Lend an empty folder for one piece of work, and remove it after."""
    work = workplace(name)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def publish(work: Path, digest: str) -> None:
    """Make a finished tree public under its hash, in one step; the same tree may be there already."""
    work.chmod(0o755)
    if not tree(digest).exists():
        work.rename(tree(digest))
    shutil.rmtree(work, ignore_errors=True)


def publish_still(data: bytes) -> str:
    """Keep a still under its SHA-256 and return that."""
    digest = hashlib.sha256(data).hexdigest()
    aside = folder("cutting") / f"{digest}.jpg"
    aside.write_bytes(data)
    aside.replace(folder("stills") / f"{digest}.jpg")
    return digest
