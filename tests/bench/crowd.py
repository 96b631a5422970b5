"""A crowd of websockets against one server: built by gcc at run time, each on a core of its own."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tests.support.servers import free_port

HERE: Final = Path(__file__).parent / "native"
ROOT: Final = Path(__file__).resolve().parent.parent.parent
SERVER_CORE: Final = 0
CLIENT_CORE: Final = 1
TICKS: Final = os.sysconf("SC_CLK_TCK")
PUBLISHED_WITHIN: Final = 120.0  # seconds; a peer may take tens of them to tell ten thousand


class TooSlow(RuntimeError):
    """A server did not take its sockets, or tell them, in time."""


class NoCompiler(RuntimeError):
    """gcc is missing, and with it the crowd and the floor."""


def built(name: str, folder: Path) -> Path:
    """Return the program made of a C source.

    :raises NoCompiler: if there is no gcc
    """
    if not (gcc := shutil.which("gcc")):
        raise NoCompiler
    made = folder / name
    if not made.exists():
        subprocess.run([gcc, "-O2", "-o", str(made), str(HERE / f"{name}.c")], check=True)
    return made


def peers(folder: Path) -> Path | None:
    """Return a folder with node's `ws` and `socket.io`, or None where npm or its registry is missing."""
    if not (npm := shutil.which("npm")):
        return None
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "ws@8", "socket.io@4"]
    (folder / "package.json").write_text('{"private": true}')
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
    return folder if done.returncode == 0 else None


class Server:
    """A running server: its port and what it uses."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def cpu_s(self) -> float:
        """Return the seconds of processor time it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_kb(self) -> float:
        """Return its memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return float(status.partition("VmRSS:")[2].split()[0])

    def publish(self, number: int, round_id: int) -> None:
        """Have it publish one frame."""
        address = f"http://127.0.0.1:{self.port}/publish?n={number}&round={round_id}"
        urllib.request.urlopen(address, timeout=PUBLISHED_WITHIN).read()


@contextmanager
def serving(command: Sequence[str], environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Run a server on its core; `{port}` in the command is a free one."""
    port = free_port()
    words = [word.format(port=port) for word in command]
    with log.open("wb") as out:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=out,
            stderr=out,
            preexec_fn=lambda: _settle(SERVER_CORE),  # noqa: PLW1509 (no threads here)
        )
    try:
        _wait(process, port, log)
        yield Server(process, port)
    finally:
        process.kill()
        process.wait()


def uvicorn(application: str, *options: str) -> list[str]:
    """Return the command of a uvicorn with its default loop and protocols, or others; no pings."""
    command = [sys.executable, "-m", "uvicorn", application, "--port", "{port}", "--lifespan", "off"]
    manner = ["--log-level", "warning", "--ws-per-message-deflate", "false", "--ws-ping-interval", "1000"]
    return [*command, *manner, *options]


class Crowd:
    """Open sockets; says when a frame has reached all of them."""

    def __init__(self, process: subprocess.Popen[str], count: int) -> None:
        self._process = process
        assert process.stdout is not None
        if not (said := process.stdout.readline()):
            raise TooSlow("The sockets did not open in time.")
        _, seconds, failed = said.split()
        self.seconds = float(seconds)
        self.opened = count - int(failed)

    def met(self) -> float:
        """Return after how many seconds the last socket was sent something; all must have opened."""
        assert self._process.stdout is not None
        return float(self._process.stdout.readline().split()[1])

    def received(self) -> float:
        """Return how many milliseconds the next frame took to the last socket."""
        assert self._process.stdout is not None
        while (said := self._process.stdout.readline()).startswith("met"):
            pass
        _, sent, last = said.split()
        return (int(last) - int(sent)) / 1e6


@contextmanager
def crowd(program: Path, port: int, count: int, path: str, **more: str) -> Iterator[Crowd]:
    """Open so many sockets from the other core; `places` names a file for the slowest socket's progress."""
    words = [str(program), str(port), str(count), more.get("at_once", "64"), path]
    words += [more.get("cookie", ""), more.get("hello", "")]
    process = subprocess.Popen(
        [*words, more["places"]] if "places" in more else words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: _settle(CLIENT_CORE),  # noqa: PLW1509
    )
    try:
        yield Crowd(process, count)
    finally:
        process.kill()
        process.wait()


def _settle(core: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.sched_setaffinity(0, {core})


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/publish?n=0&round=0", timeout=5)
            return
        time.sleep(0.1)
    raise RuntimeError(f"A server did not start: {log.read_text(errors='replace')[-2000:]}")
