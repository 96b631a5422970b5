"""Python programs that begin with the libraries loaded: each is forked off a process that did nothing else.

The parts of a site load the same libraries, for a second of a processor each. Nothing of the project and no
setting is loaded before the fork: a part reads its environment and sets itself up as one begun alone does.
Only its command line is another's: that of the process it was forked off.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent.parent

LIBRARIES = (
    "channels.generic.websocket",
    "channels.security.websocket",
    "channels_redis.pubsub",
    "chinese_calendar",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cv2",
    "django.contrib.auth.hashers",
    "django.contrib.humanize.templatetags.humanize",
    "django.contrib.staticfiles.storage",
    "django.core.asgi",
    "django.core.cache.backends.redis",
    "django.core.mail",
    "django.core.management.commands.shell",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.forms",
    "django.template.loader_tags",
    "django.views.generic",
    "fido2.server",
    "httpx",
    "numpy.typing",
    "PIL.ImageCms",
    "PIL.ImageOps",
    "psycopg_pool",
    "rfc3161_client",
    "rfc8785",
    "segno",
    "simplejpeg",
    "stripe",
    "typst",
    "uvicorn.lifespan.on",
    "uvicorn.loops.uvloop",
    "uvicorn.main",
    "uvicorn.protocols.http.h11_impl",
    "websockets.asyncio.client",
    "whitenoise.middleware",
)
END_S = 10
LOOK_S = 0.02
MOST = 1 << 16  # bytes read at once


@dataclass(eq=False)
class Forked:
    """A program that was forked off; it has what is used of `subprocess.Popen`."""

    door: str
    pid: int
    stdin: IO[bytes] | None = None
    returncode: int | None = None

    def poll(self) -> int | None:
        """Return its exit code if it has ended."""
        if self.returncode is None:
            self.returncode = _ask(self.door, {"code": self.pid})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends and return its exit code.

        :raises subprocess.TimeoutExpired: if it does not in so many seconds
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
            self._look(left)
        return code

    def terminate(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)

    def _look(self, within: float | None) -> None:
        """Wait for its end, or for so many seconds, or for a moment where the system knows no better."""
        if not hasattr(os, "pidfd_open"):
            time.sleep(LOOK_S)
            return
        with suppress(ProcessLookupError):
            watched = os.pidfd_open(self.pid)
            try:
                select.select([watched], [], [], within)
            finally:
                os.close(watched)

    def _signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def fork(words: Sequence[str], environment: Mapping[str, str], said: IO[Any], wrong: IO[Any]) -> Forked:
    """Begin a program, the words after `python`, in a process group of its own, with nothing to read."""
    with Path(os.devnull).open("rb") as nothing:
        return _fork(_door(), words, environment, [file.fileno() for file in (nothing, said, wrong)])


def run(words: Sequence[str], environment: Mapping[str, str], within: float) -> tuple[int, str, str]:
    """Run a program to its end; return its exit code and what it wrote.

    :raises subprocess.TimeoutExpired: if it does not end in so many seconds
    """
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as wrong:
        program = fork(words, environment, said, wrong)
        try:
            code = program.wait(within)
        finally:
            program.kill()
        for file in (said, wrong):
            file.seek(0)
        return code, said.read(), wrong.read()


def _fork(
    door: str, words: Sequence[str], environment: Mapping[str, str], files: Sequence[int], group: int = 0
) -> Forked:
    asked = {"words": list(words), "environment": dict(environment), "group": group}
    return Forked(door, _ask(door, asked, files))


def _ask(door: str, asked: dict[str, Any], files: Sequence[int] = ()) -> Any:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(door)
        text = json.dumps(asked).encode()
        sent = socket.send_fds(line, [text], files)
        line.sendall(text[sent:])
        line.shutdown(socket.SHUT_WR)
        return json.loads(_all(line))


def _all(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(MOST), b""))


@cache
def _door() -> str:
    """Begin the process that others are forked off, and return where it is asked; it ends when we do."""
    folder = tempfile.mkdtemp(prefix="judicial-forks-")
    path = f"{folder}/door"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen(64)
        parent = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forks", str(door.fileno())],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            pass_fds=[door.fileno()],
            start_new_session=True,
        )
    atexit.register(_end, parent, folder)
    return path


def _end(parent: subprocess.Popen[bytes], folder: str) -> None:
    if parent.stdin:
        parent.stdin.close()
    parent.wait(END_S)
    shutil.rmtree(folder, ignore_errors=True)


# What follows runs in that process, and in those forked off it.


@dataclass(frozen=True)
class _Asked:
    """What a process that was forked off is to become."""

    words: list[str]
    environment: dict[str, str]
    files: list[int]

    def become(self, door: str) -> None:
        """Be that program until it ends."""
        for number, file in enumerate(self.files):
            os.dup2(file, number)
            os.close(file)
        os.environ.clear()
        os.environ.update(self.environment)
        sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in os.environ
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        _Popen.door, subprocess.Popen = door, _Popen  # type: ignore[misc]
        if self.words[0] == "-m":
            sys.argv = self.words[1:]
            runpy.run_module(self.words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = self.words
            runpy.run_path(self.words[0], run_name="__main__")


class _Popen(subprocess.Popen[bytes]):
    """Forks the program off too if it is a Python that is held by a pipe; begins any other as ever."""

    door = ""

    def __new__(cls, words: Sequence[str], **given: Any) -> Any:
        if words[0] != sys.executable or given != {"stdin": subprocess.PIPE}:
            return super().__new__(cls)
        end, begin = os.pipe()
        forked = _fork(cls.door, words[1:], os.environ, [end, 1, 2], os.getpgrp())
        os.close(end)
        forked.stdin = os.fdopen(begin, "wb")
        return forked


def _serve(door: socket.socket) -> _Asked | None:
    """Fork when asked; return what to become, in who was forked off, or nothing once our parent is gone."""
    codes: dict[int, int] = {}
    while sys.stdin not in select.select([door, sys.stdin], [], [])[0]:
        with door.accept()[0] as line:
            text, files, _, _ = socket.recv_fds(line, MOST, 3)
            asked = json.loads(text + _all(line))
            _bury(codes)
            if "code" in asked:
                answer = codes.get(asked["code"])
            elif answer := _forked(asked["group"], files):
                codes.pop(answer, None)  # another had this number before
            else:
                return _Asked(asked["words"], asked["environment"], files)
            line.sendall(json.dumps(answer).encode())
    return None


def _forked(group: int, files: list[int]) -> int:
    """Fork; return who was forked off, and 0 in it."""
    pid = os.fork()
    with suppress(OSError):  # whoever of the two is second finds it done
        os.setpgid(pid, group)
    if pid:
        for file in files:
            os.close(file)
    return pid


def _bury(codes: dict[int, int]) -> None:
    """Write down the exit code of everyone who was forked off and has ended."""
    with suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG):
            killed = ended.si_code != os.CLD_EXITED
            codes[ended.si_pid] = -ended.si_status if killed else ended.si_status


def main() -> None:
    """Load the libraries and fork until our parent is gone."""
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()  # what is loaded stays: a child that looked through it would copy it
    door = socket.socket(fileno=int(sys.argv[1]))
    address = door.getsockname()
    asked = _serve(door)
    door.close()
    if asked:
        asked.become(address)
    else:
        _bury({})


if __name__ == "__main__":
    main()
