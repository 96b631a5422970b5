"""A part of the site as a process of its own: killed at any instant, paused, and started again."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.support.site import ROOT


class Process:
    """A command that can be started again and again under one name; it says what it says in `<name>.log`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        *,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment or os.environ)
        self.user = user
        self.log = folder / f"{name}.log"
        self.starts = 0
        self.next: dict[str, str] = {}  # what more the next start gets in its environment
        self.ends: list[int] = []
        self._counting = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Return whether it runs."""
        running = self._running  # the supervisor and the nemesis are two threads
        return running is not None and running.poll() is None

    @property
    def pid(self) -> int:
        """Return the process id of the last start.

        :raises ProcessLookupError: if it has ended
        """
        running = self._running
        if running is None:
            raise ProcessLookupError(self.name)
        return running.pid

    def memory(self) -> int:
        """Return what it holds in memory, in bytes; nothing if it has ended."""
        return self._pages(1)

    def address_space(self) -> int:
        """Return how large its address space is, in bytes; nothing if it has ended."""
        return self._pages(0)

    def _pages(self, place: int) -> int:
        with suppress(OSError, ProcessLookupError):
            sizes = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()
            return int(sizes[place]) * resource.getpagesize()
        return 0

    def start(self) -> None:
        """Start it."""
        self.reap()
        more, self.next = self.next, {}
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self.command,
                cwd=self.log.parent if self.user else ROOT,
                env=self.environment | more,
                user=self.user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.starts += 1

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it and its children at once, as `kill -9` does."""
        running = self._running
        if running is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(running.pid, signal.SIGKILL)
            self.reap(10)

    def stop(self, number: signal.Signals = signal.SIGTERM, within: float = 5.0) -> None:
        """Ask it to end, and kill it if it does not."""
        self.send(signal.SIGCONT)
        self.send(number)
        with suppress(subprocess.TimeoutExpired):
            if self._running is not None:
                self._running.wait(within)
        self.kill()

    def reap(self, within: float = 0.0) -> int | None:
        """Return how the last start ended, or None if it has not."""
        running = self._running
        if running is None:
            return None
        with suppress(subprocess.TimeoutExpired):
            ended = running.wait(within)
            with self._counting:
                if self._running is running:
                    self.ends.append(ended)
                    self._running = None
            return ended
        return None

    def said(self) -> str:
        """Return the end of what it said."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:] if self.log.exists() else ""
