"""The parent's side of the child process that opens one untrusted picture."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from viewing.rules.faults import Fault, Unfit
from viewing.rules.pyramid import all_names

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).resolve().parents[2]
WALL_SECONDS: Final = 180.0


@dataclass(frozen=True)
class Cut:
    """A finished tree: the sphere's size, its level sizes, and the tree hash its folder is named by."""

    width: int
    height: int
    levels: tuple[int, ...]
    tiles: str


class CutterDied(Exception):
    """The child ended without an answer: killed, or crashed by the picture."""


def cut(original: Path, into: Path, *, wall_seconds: float = WALL_SECONDS) -> Cut:
    """Cut an original into a folder in a child process and return what it made.

    :raises Unfit: if the picture is refused, or takes too long
    :raises CutterDied: if the child ended without an answer
    """
    try:
        child = _run(original, into, wall_seconds)
    except subprocess.TimeoutExpired as error:
        raise Unfit(Fault.TOO_HARD, "wall clock") from error
    if child.returncode != 0:
        log.warning("cutter died with %s: %s", child.returncode, child.stderr.decode(errors="replace")[-500:])
        raise CutterDied(str(child.returncode))
    return _read(json.loads(child.stdout), into)


def _run(original: Path, into: Path, wall_seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Run the child with none of the parent's environment, so that no secret is within its reach."""
    return subprocess.run(  # noqa: S603 - our own interpreter, module and file names
        [sys.executable, "-m", "viewing.imaging.child", str(original), str(into)],
        cwd=ROOT,
        env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=wall_seconds,
        check=False,
    )


def _read(answer: dict[str, object], into: Path) -> Cut:
    if "fault" in answer:
        raise Unfit(Fault(answer["fault"]))
    cut = Cut(**{**answer, "levels": tuple(answer["levels"])})  # type: ignore[arg-type]
    written = {str(path.relative_to(into)) for path in into.rglob("*") if path.is_file()}
    if written != all_names(cut.levels):
        raise CutterDied("files missing")
    return cut
