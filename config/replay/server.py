"""A web server of the replay's own, on the same database and the same hand-set clock."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

START_WITHIN: Final = 30.0  # seconds


class NoServer(RuntimeError):
    """The web server did not start."""


@contextmanager
def serving(clock: Path) -> Iterator[str]:
    """Run a web server whose clock is this file, and give its address."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "config.asgi:application",
        "--port",
        str(port),
        "--lifespan",
        "off",
    ]
    environment = {**os.environ, "PLATFORM_CLOCK": str(clock), "FAIR_CLOSE_GATE": "0"}
    server = subprocess.Popen(  # noqa: S603 (our own server, no foreign words)
        [*command, "--log-level", "warning"], env=environment, stdin=subprocess.DEVNULL
    )
    try:
        _wait_for(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(5)
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_WITHIN
    while not _answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoServer
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False
