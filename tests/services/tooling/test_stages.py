"""Tests that are interrupted leave nothing behind, and what a failed stage said last is said last."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CI = ROOT / ".ci"
RUN = """
import sys
import stages, tools
from stages import python
stages.GRACE_S = 1
def polite(_):
    return python("-c", {program!r}, {polite!r})
def deaf(_):
    return python("-c", "import signal; signal.signal(2, signal.SIG_IGN);" + {program!r}, {deaf!r})
sys.exit(tools.ended(lambda: stages.run_stages((((polite,), (deaf,)),), [])))
"""
TWO = """
import sys
import stages
from stages import python
def sad(_):
    return python("-c", "print(*map('sad {}'.format, range(200)), sep=chr(10)); raise SystemExit(1)")
def glad(_):
    return python("-c", "print('glad')")
sys.exit(stages.run_stages((((sad,),), ((glad,),)), []))
"""
PROGRAM = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "60"], start_new_session=True)
open(sys.argv[1] + ".new", "w").write(f"{os.getpid()} {child.pid}")
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(60)
"""

STANDING = """
import pathlib, pytest, time
@pytest.fixture
def server(tmp_path):
    here = pathlib.Path(__file__).parent
    (here / "begun").touch()
    yield
    (here / "ended").touch()
def test_sleeps(server):
    time.sleep(60)
"""


@pytest.fixture
def files(tmp_path: Path) -> Iterator[list[Path]]:
    """Give where two stages write which processes they are, and end these whatever happens."""
    paths = [tmp_path / "polite", tmp_path / "deaf"]
    yield paths
    for pid in (pid for path in paths if path.exists() for pid in pids(path)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def pids(path: Path) -> list[int]:
    return [int(word) for word in path.read_text(encoding="utf-8").split()]


def wait_for(*paths: Path) -> None:
    deadline = time.monotonic() + 60
    while not all(path.exists() for path in paths):
        assert time.monotonic() < deadline, "it did not begin"
        time.sleep(0.05)


def lives(pid: int) -> bool:
    """Return whether a process runs; one that only waits to be reaped does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="families are known from /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_interrupted_stages_leave_no_process_behind(files: list[Path], number: signal.Signals) -> None:
    polite, deaf = map(str, files)
    script = RUN.format(program=PROGRAM, polite=polite, deaf=deaf)
    running = subprocess.Popen([sys.executable, "-c", script], cwd=CI, stdout=subprocess.PIPE)
    wait_for(*files)

    running.send_signal(number)
    running.communicate(timeout=120)

    started = [pid for path in files for pid in pids(path)]
    assert running.returncode == 130
    assert len(started) == 4
    assert not any(map(lives, started))


def test_what_a_failed_stage_said_last_is_said_after_all_stages() -> None:
    command = [sys.executable, "-c", TWO]
    ran = subprocess.run(command, cwd=CI, capture_output=True, text=True, timeout=120, check=False)

    lines = ran.stdout.splitlines()
    after = lines[lines.index("glad") :]
    assert ran.returncode == 1
    assert [line for line in after if line[4:].isdigit()] == [f"sad {n}" for n in range(140, 200)]
    assert lines.count("glad") == 1


def test_fixtures_end_what_they_started_when_pytest_is_ended(tmp_path: Path) -> None:
    (tmp_path / "test_standing.py").write_text(STANDING, encoding="utf-8")
    without = ("-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.conftest")
    command = [sys.executable, "-m", "pytest", *without, "--rootdir", str(tmp_path), str(tmp_path)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    wait_for(tmp_path / "begun")

    running.terminate()
    running.wait(120)

    assert (tmp_path / "ended").exists()
