"""Hostile and broken pictures end in a fault, in a process that cannot hurt anyone."""

from __future__ import annotations

import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support import pictures
from viewing.imaging import sandbox
from viewing.rules.faults import Fault, Unfit


def cut(data: bytes, folder: Path, **limits: float) -> sandbox.Cut:
    (folder / "original").write_bytes(data)
    (folder / "tree").mkdir()
    return sandbox.cut(folder / "original", folder / "tree", **limits)


def fault_of(data: bytes, folder: Path, **limits: float) -> Fault:
    with pytest.raises(Unfit) as refused:
        cut(data, folder, **limits)
    return refused.value.fault


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("share", [0.2, 0.9, 0.999])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_truncated_jpeg_is_broken(tmp_path: Path, share: float, progressive: bool) -> None:
    whole = pictures.jpeg(pictures.smooth(), progressive=progressive)

    assert fault_of(whole[: int(len(whole) * share)], tmp_path) is Fault.BROKEN


def test_a_truncated_png_is_broken(tmp_path: Path) -> None:
    whole = pictures.encoded(Image.fromarray(pictures.smooth()), "PNG")

    assert fault_of(whole[: len(whole) // 2], tmp_path) is Fault.BROKEN


def test_a_png_that_claims_more_than_allowed_is_refused_unread(tmp_path: Path) -> None:
    claim = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 30000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + claim + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")

    assert fault_of(bomb, tmp_path) is Fault.TOO_LARGE


def test_text_that_swells_beyond_measure_is_broken(tmp_path: Path) -> None:
    whole = pictures.encoded(Image.fromarray(pictures.plain()), "PNG")
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 200 * 2**20, 9))

    assert fault_of(whole[:33] + bomb + whole[33:], tmp_path) is Fault.BROKEN


def test_a_picture_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    assert fault_of(pictures.jpeg(), tmp_path, wall_seconds=0.01) is Fault.TOO_HARD


def test_a_killed_child_is_told_from_a_bad_picture(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()

    with pytest.raises(sandbox.CutterDied):
        sandbox.cut(tmp_path / "missing", tmp_path / "tree")


def test_the_child_sees_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: dict[str, str] = {}
    monkeypatch.setenv("STRIPE_SECRET_KEY", "secret")
    monkeypatch.setattr(subprocess, "run", lambda *_, env, **__: seen.update(env) or pytest.skip.Exception)

    with pytest.raises(AttributeError):
        sandbox.cut(tmp_path, tmp_path)

    assert seen
    assert "STRIPE_SECRET_KEY" not in seen


def test_what_is_published_carries_no_metadata(tmp_path: Path) -> None:
    original = pictures.with_gps()

    cut(original + b"<script>alert(1)</script>PK\x03\x04", tmp_path)

    leaks = (
        b"Exif",
        b"SpyCam",
        b"SpyComment",
        b"GPS",
        b"ns.adobe.com",
        b"ns.google.com",
        b"<script",
        b"PK\x03\x04",
    )
    published = [path.read_bytes() for path in (tmp_path / "tree").rglob("*.jpg")]
    assert all(leak in original for leak in leaks[:3])
    assert len(published) == 8
    assert not any(leak in data for leak in leaks for data in published)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("CMYK", (2048, 1024), (0, 0, 0, 255)), [0, 0, 0]),
        (Image.new("L", (2048, 1024), 200), [200, 200, 200]),
        (Image.new("1", (2048, 1024), 1), [255, 255, 255]),
        (Image.fromarray(np.full((1024, 2048), 0x8040, np.uint16)), [128, 128, 128]),
        (Image.new("RGBA", (2048, 1024), (255, 0, 0, 0)), [128, 128, 128]),
        (Image.new("LA", (2048, 1024), (255, 0)), [128, 128, 128]),
        (Image.new("P", (2048, 1024), 0), [0, 0, 0]),
    ],
    ids=lambda value: getattr(value, "mode", ""),
)
def test_every_way_to_store_colour_comes_out_right(
    tmp_path: Path, image: Image.Image, expected: list[int]
) -> None:
    cut(pictures.encoded(image, "JPEG" if image.mode == "CMYK" else "PNG"), tmp_path)

    tile = np.asarray(Image.open(tmp_path / "tree/f/0/0_0.jpg")).astype(float)
    assert tile.mean(axis=(0, 1)) == pytest.approx(expected, abs=4)


def test_colours_of_another_profile_become_srgb(tmp_path: Path) -> None:
    red = np.zeros((1024, 2048, 3), np.uint8) + np.array([255, 0, 0], np.uint8)

    cut(pictures.jpeg(red, icc_profile=pictures.profile_with_red_and_green_swapped()), tmp_path)

    tile = np.asarray(Image.open(tmp_path / "tree/f/0/0_0.jpg")).astype(float)
    assert tile.mean(axis=(0, 1)) == pytest.approx([0, 255, 0], abs=6)


def test_the_largest_panorama_fits_in_a_gibibyte(tmp_path: Path) -> None:
    tall = Image.new("RGB", (16384, 8192), (90, 120, 150))
    (tmp_path / "original").write_bytes(pictures.encoded(tall, "JPEG", progressive=True))
    # Asked of a small process: a child's peak counts what its parent held when it was forked.
    measure = (
        "import resource, subprocess, sys;"
        "subprocess.run([sys.executable, '-m', 'viewing.imaging.child', *sys.argv[1:]], check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", measure, str(tmp_path / "original"), str(tmp_path / "tree")]

    answer = subprocess.run(command, cwd=sandbox.ROOT, capture_output=True, check=True).stdout

    assert b'"levels": [512, 1024, 2048, 4096]' in answer
    assert int(answer.rsplit(b"}")[-1]) < 2**20  # KiB


def test_a_child_killed_half_way_leaves_only_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(pictures.jpeg(pictures.plain(8192, 4096)))
    command = [
        sys.executable,
        "-m",
        "viewing.imaging.child",
        str(tmp_path / "original"),
        str(tmp_path / "work"),
    ]
    child = subprocess.Popen(command, cwd=sandbox.ROOT, stdout=subprocess.PIPE)
    until = time.monotonic() + 30
    while not (tmp_path / "work").exists() and time.monotonic() < until:
        time.sleep(0.01)

    child.send_signal(signal.SIGKILL)
    answer, _ = child.communicate(timeout=10)

    assert answer == b""
    assert {path.name for path in tmp_path.iterdir()} == {"original", "work"}


def test_random_bytes_in_the_middle_are_found(tmp_path: Path) -> None:
    whole = bytearray(pictures.jpeg(pictures.smooth()))
    stream = np.random.default_rng(7)
    for at in stream.integers(1000, len(whole), 40):
        whole[at] = int(stream.integers(0, 256))

    with pytest.raises(Unfit) as refused:
        cut(bytes(whole), tmp_path)

    assert refused.value.fault is Fault.BROKEN
