"""A web process that stands still for good ends by itself, and says where it stood."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial

import pytest

from auction import clock, pulse
from tests.support.site import ROOT

PROCESS = """
import asyncio, threading
import django
django.setup()
from auction import pulse
pulse.HUNG_AFTER = 3

async def beat(self, tick):
    pass

async def main():
    pulse.Pulse._beat = beat
    own = pulse.Pulse()
    own.start()
    await asyncio.sleep(1.5)
    {then}

def stands_still():
    threading.Event().wait({seconds})

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("then", "seconds", "code"),
    [
        ("stands_still()", 60, -signal.SIGALRM),
        ("await asyncio.to_thread(stands_still)", 5, 0),
        ("await own.stop(); stands_still()", 5, 0),
    ],
    ids=["hangs", "waits in a thread", "has ended its pulse"],
)
def test_a_process_ends_if_its_event_loop_hangs(then: str, seconds: int, code: int) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"}
    command = [sys.executable, "-c", PROCESS.format(then=then, seconds=seconds)]
    run = partial(subprocess.run, cwd=ROOT, env=environment, capture_output=True, text=True)
    ended = run(command, timeout=40, check=False)

    assert ended.returncode == code, ended.stderr
    assert ("in stands_still" in ended.stderr) is (code != 0)


def readings(*given: tuple[float, float]) -> list[bool]:
    """Return of which measurements, each taken at a second and so far ahead, a pulse says something."""
    own, said = pulse.Pulse(), []
    for taken, ahead in given:
        clock._Kept.reading = clock.Reading(0.0, taken, ahead=ahead)
        fresh = own._moved()
        own._told = fresh or own._told
        said.append(fresh is not None)
    return said


@pytest.mark.usefixtures("_no_reading")
def test_the_clocks_offset_is_told_each_minute_and_when_it_has_moved() -> None:
    quiet = [(0, 0.001), (5, 0.002), (55, 0.0059), (60, 0.001), (65, 0.001)]
    moved = [(70, 0.0061), (75, 0.0062), (80, -0.1)]

    assert readings(*quiet, *moved) == [True, False, False, True, False, True, False, True]


@pytest.fixture
def _no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock._Kept, "reading", None)


@pytest.mark.usefixtures("_no_reading")
def test_what_was_never_measured_is_not_told() -> None:
    assert pulse.Pulse()._moved() is None
