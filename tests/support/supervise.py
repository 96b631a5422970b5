"""Parts that are started again when they die, as systemd would, and that stop together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from tests.support.site import ROOT

GRACE_S = 12
FIRST_REST_S = 0.5
LONGEST_REST_S = 8.0
WELL_AFTER_S = 30.0
MOST_DEATHS = 5

Say = Callable[[str, str], None]


class Broken(RuntimeError):
    """A part cannot be kept alive; the message says which, in one sentence."""


@dataclass
class Part:
    """A process that should live, since when it does, and how often it died in a row."""

    command: list[str]
    process: subprocess.Popen[str]
    since: float
    deaths: int = 0
    rests_until: float | None = None


class Supervisor:
    """Starts parts, passes on what they say, and starts again what dies."""

    def __init__(self, environment: Mapping[str, str], say: Say) -> None:
        self.environment = environment
        self.say = say
        self.parts: dict[str, Part] = {}

    def start(self, name: str, *command: str) -> None:
        """Start a part: the words after `python`."""
        words = [sys.executable, *command]
        self.parts[name] = Part(words, self._process(name, words), time.monotonic())

    def tend(self) -> None:
        """Start again what died, after a rest that doubles with each death in a row.

        :raises Broken: if a part died too often
        """
        for name, part in self.parts.items():
            if part.process.poll() is not None:
                self._revive(name, part)

    def kill(self, name: str) -> None:
        """End a part at once, as a power cut would."""
        process = self.parts[name].process
        _signal(process, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Ask every part to stop, and end what does not."""
        processes = [part.process for part in self.parts.values()]
        for process in processes:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _signal(process, signal.SIGKILL)
            process.wait()

    def _revive(self, name: str, part: Part) -> None:
        now = time.monotonic()
        if part.rests_until is None:
            part.deaths = 1 if now - part.since > WELL_AFTER_S else part.deaths + 1
            if part.deaths > MOST_DEATHS:
                raise Broken(f"{name} died {part.deaths} times in a row (exit {part.process.returncode}).")
            part.rests_until = now + min(FIRST_REST_S * 2 ** (part.deaths - 1), LONGEST_REST_S)
            self.say(name, f"died (exit {part.process.returncode}) and is started again.")
        elif now >= part.rests_until:
            part.process, part.since, part.rests_until = self._process(name, part.command), now, None

    def _process(self, name: str, words: list[str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._pass_on, args=(name, process), daemon=True).start()
        return process

    def _pass_on(self, name: str, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self.say(name, line.rstrip())
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
