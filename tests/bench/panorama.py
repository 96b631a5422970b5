"""One panorama into its pyramid of tiles: how fast, in how much memory and how true, beside the known tools.

The living room of the trial tour (8192×4096, JPEG) and the same drawn up to 16384×8192; where the shared data
are missing, a panorama of stripes, edges and grain made here. Every way runs in a fresh process, all in turn
and round after round, medians taken; `panorama_ways` says what each does and how many threads it has.

`wall_s` is from opening the file to the last tile written, without the start of an interpreter, which
`wall_with_start_s` includes for us; `peak_mib` is the largest resident set of that process or any it started.
`floor` only decodes the input and encodes the pixels of our tiles, on as many threads, to nowhere.
`cpu_s_per_mpx` is processor seconds per million pixels of the panorama; `growth` is that at 16384 wide as a
multiple of that at 8192 (linear is 1). `psnr_*_db` is of flat views drawn back from the finest tiles against
the panorama sampled sixteen times a pixel (`panorama_truth`), over twelve directions; `psnr_lead_db` is ours
less the best tool's; `edges_db` is PSNR within four pixels of the edges of faces less PSNR a little beside
them, so below zero edges are worse. At 16384 only we, the floor and libvips are run unless ALL_WIDE=1: the
others need a minute each. What runs longer than its time is said to have none.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from math import isnan
from pathlib import Path
from typing import Final

from tests.bench.lines import line, median, ratios, remark

ROOT: Final = Path(__file__).resolve().parents[2]
SHARED: Final = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared")) / "data"
PICTURE: Final = "tours/flat-six-scenes/equirect_derived/5-living-room.jpg"
NARROW, WIDE = 8192, 16384
PATIENCE: Final = 90.0  # seconds a way may take
PEERS: Final = ("py360convert", "libvips", "libvips_bicubic", "ffmpeg", "nona")
QUICK: Final = ("ours", "floor", "libvips")  # run in every round, the others in the first
ROUNDS: Final = {NARROW: 5, WIDE: 2}
RUN: Final = "from tests.bench.{} import run; run()"
MEASURE: Final = (
    "import json, os, sys, time\n"
    "began = time.perf_counter()\n"
    "child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)\n"
    "_, status, used = os.wait4(child, 0)\n"
    "print(json.dumps({'peak_mib': used.ru_maxrss / 1024, 'with_start_s': time.perf_counter() - began}))\n"
    "sys.exit(os.waitstatus_to_exitcode(status) != 0)\n"
)


@dataclass
class Found:
    """What was measured of one way at one width."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    with_start: list[float] = field(default_factory=list)


def main() -> None:
    """Measure both widths."""
    ways = list(_installed())
    with tempfile.TemporaryDirectory() as folder:
        narrow = source(Path(folder))
        found = {NARROW: measured(narrow, Path(folder), ways, NARROW)}
        say(found[NARROW], truths(narrow, Path(folder) / str(NARROW)), NARROW)
        wide = drawn_up(narrow, Path(folder) / "wide.jpg")
        some = ways if os.environ.get("ALL_WIDE") else [way for way in ways if way in QUICK]
        found[WIDE] = measured(wide, Path(folder), some, WIDE)
        say(found[WIDE], truths(wide, Path(folder) / str(WIDE)), WIDE)
    each = {width: median(found[width]["ours"].cpu) / _megapixels(width) for width in found}
    line("panorama", "growth", each[WIDE] / each[NARROW], of="pixels")


def _installed() -> Iterator[str]:
    """Yield the ways that can run here, and say which cannot and what they need."""
    yield from ("ours", "floor", "py360convert")
    needs = {
        "libvips": ("pyvips and libvips", bool(find_spec("pyvips")) and bool(shutil.which("vips"))),
        "ffmpeg": ("ffmpeg", bool(shutil.which("ffmpeg"))),
        "nona": ("Hugin's nona (hugin-tools)", bool(shutil.which("nona"))),
    }
    for way in PEERS[1:]:
        need, there = needs[way.removesuffix("_bicubic")]
        if there:
            yield way
        else:
            remark(f"{way} is not measured: {need} is not installed.")


def source(folder: Path) -> Path:
    """Return the panorama to cut."""
    if (SHARED / PICTURE).is_file():
        return SHARED / PICTURE
    remark("The trial tour is missing: a made panorama is cut.")
    _helped("from tests.bench.panorama_made import make; make(sys.argv[1])", str(folder / "made.jpg"))
    return folder / "made.jpg"


def drawn_up(narrow: Path, into: Path) -> Path:
    """Return the panorama at twice its width."""
    _helped("from tests.bench.panorama_made import double; double(*sys.argv[1:])", str(narrow), str(into))
    return into


def _helped(code: str, *words: str) -> None:
    # In a process of its own: what this one holds would count as its children's peak.
    subprocess.run([sys.executable, "-c", f"import sys; {code}", *words], check=True)


def measured(picture: Path, folder: Path, ways: list[str], width: int) -> Mapping[str, Found]:
    """Run the ways in turn, the quick ones several times."""
    found: dict[str, Found] = defaultdict(Found)
    for turn in range(ROUNDS[width]):
        for way in [way for way in ways if turn == 0 or way in QUICK]:
            into = folder / str(width) / ("ours" if way == "floor" else way)
            said = once(way, picture, into)
            for name, value in said.items():
                getattr(found[way], name).append(value)
    return found


def once(way: str, picture: Path, into: Path) -> dict[str, float]:
    """Run one way in a new process and return what it says and what was seen of it."""
    command = [sys.executable, "-c", MEASURE, "-c", RUN.format("panorama_ways"), way, str(picture), str(into)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        remark(f"{way} gave nothing: {str(error.stderr)[-300:]} {type(error).__name__}")
        return {}
    said, seen = (json.loads(text) for text in done.stdout.splitlines()[-2:])
    return {
        "wall": said["wall_s"],
        "cpu": said["cpu_s"],
        "peak": seen["peak_mib"],
        "with_start": seen["with_start_s"],
    }


def truths(picture: Path, trees: Path) -> dict[str, dict[str, float]]:
    """Return how true each way's tiles are."""
    command = [sys.executable, "-c", RUN.format("panorama_truth"), str(picture)]
    done = subprocess.run(
        [*command, *map(str, sorted(trees.iterdir()))], capture_output=True, text=True, check=True
    )
    judged: dict[str, dict[str, float]] = json.loads(done.stdout)
    return judged


def say(found: Mapping[str, Found], true: Mapping[str, Mapping[str, float]], width: int) -> None:
    """Print the figures of one width."""
    ours = found["ours"]
    walls = {way: median(seen.wall) for way, seen in found.items() if way != "ours"}
    line("panorama", "wall_s", median(ours.wall), ratios(median(ours.wall), walls), width=width)
    best = min(
        (wall for way, wall in walls.items() if way in PEERS and not isnan(wall)), default=float("nan")
    )
    line("panorama", "times_faster_than_best_peer", best / median(ours.wall), width=width)
    line("panorama", "wall_with_start_s", median(ours.with_start), width=width)
    cpus = {way: median(seen.cpu) for way, seen in found.items() if way != "ours"}
    line("panorama", "cpu_s", median(ours.cpu), ratios(median(ours.cpu), cpus), width=width)
    line("panorama", "cpu_s_per_mpx", median(ours.cpu) / _megapixels(width), width=width)
    peaks = {way: max(seen.peak, default=0) for way, seen in found.items() if way != "ours"}
    line("panorama", "peak_mib", max(ours.peak), ratios(max(ours.peak), peaks), width=width)
    _say_true(true, width)


def _say_true(true: Mapping[str, Mapping[str, float]], width: int) -> None:
    for way, figures in true.items():
        for name, metric in (("mean", "psnr_mean_db"), ("min", "psnr_min_db"), ("edges", "edges_db")):
            line("panorama", metric, figures[name], way=way, width=width)
    peers = [figures["mean"] for way, figures in true.items() if way in PEERS]
    if peers:
        line("panorama", "psnr_lead_db", true["ours"]["mean"] - max(peers), width=width)


def _megapixels(width: int) -> float:
    return width * (width // 2) / 1e6


if __name__ == "__main__":
    main()
