"""The parent's side of the child process that opens one untrusted picture."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from viewing.imaging.photo import PHOTO
from viewing.rules.faults import Fault, Unfit
from viewing.rules.pyramid import all_names

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).resolve().parents[2]
WALL_SECONDS: Final = 180.0
PHOTO_SECONDS: Final = 30.0  # an officer waits for it


@dataclass(frozen=True)
class Cut:
    """A finished tree: the sphere's size, its level sizes, and the tree hash its folder is named by."""

    width: int
    height: int
    levels: tuple[int, ...]
    tiles: str


@dataclass(frozen=True)
class Fitted:
    """A photograph ready to publish: its size in pixels and its file."""

    width: int
    height: int
    data: bytes


class CutterDied(Exception):
    """The child ended without an answer: killed, or crashed by the picture."""


def cut(original: Path, into: Path, *, wall_seconds: float = WALL_SECONDS) -> Cut:
    """Cut an original into a folder in a child process and return what it made.

    :raises Unfit: if the picture is refused, or takes too long
    :raises CutterDied: if the child ended without an answer
    """
    answer = _answer(wall_seconds, str(original), str(into))
    cut = Cut(**{**answer, "levels": tuple(answer["levels"])})
    written = {str(path.relative_to(into)) for path in into.rglob("*") if path.is_file()}
    if written != all_names(cut.levels):
        raise CutterDied("files missing")
    return cut


def fit_photo(original: Path, into: Path, *, wall_seconds: float = PHOTO_SECONDS) -> Fitted:
    """Fit a photograph in a child process and return its file as it may be published.

    :raises Unfit: if the picture is refused, takes too long, or kills the child
    """
    try:
        answer = _answer(wall_seconds, str(original), str(into), "photo")
    except CutterDied as error:
        raise Unfit(Fault.TOO_HARD, "died") from error
    return Fitted(**answer, data=(into / PHOTO).read_bytes())


def _answer(wall_seconds: float, *asked: str) -> dict[str, Any]:
    """Return what the child answers.

    :raises Unfit: if that is a fault, or takes too long
    :raises CutterDied: if the child ended without an answer
    """
    try:
        child = _run(asked, wall_seconds)
    except subprocess.TimeoutExpired as error:
        raise Unfit(Fault.TOO_HARD, "wall clock") from error
    if child.returncode != 0:
        log.warning("cutter died with %s: %s", child.returncode, child.stderr.decode(errors="replace")[-500:])
        raise CutterDied(str(child.returncode))
    answer: dict[str, Any] = json.loads(child.stdout)
    if "fault" in answer:
        raise Unfit(Fault(answer["fault"]))
    return answer


def _run(asked: Sequence[str], wall_seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Run the child with none of the parent's environment, so that no secret is within its reach."""
    return subprocess.run(  # noqa: S603 - our own interpreter, module and file names
        [sys.executable, "-m", "viewing.imaging.child", *asked],
        cwd=ROOT,
        env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=wall_seconds,
        check=False,
    )
