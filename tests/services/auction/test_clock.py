"""The platform clock: one time for all, told only when it is known."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from auction import clock
from auction.rules.grounds import Ground, Refused
from tests.support.clock import NOON, HandClock


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.PLATFORM_CLOCK = ""
    monkeypatch.setattr(clock._Kept, "reading", None)


@pytest.mark.django_db
def test_the_clock_is_the_databases_and_whole_milliseconds() -> None:
    now = clock.now()

    assert abs(now - datetime.now(UTC)) < timedelta(seconds=1)
    assert now.microsecond % 1000 == 0


def test_a_clock_that_was_never_measured_is_not_guessed() -> None:
    with pytest.raises(Refused) as refused:
        clock.instant(time.monotonic())

    assert refused.value.ground is Ground.CLOCK_FAULT


@pytest.mark.django_db
def test_a_clock_that_was_measured_too_long_ago_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.measure()
    assert clock._Kept.reading is not None
    later = time.monotonic() + clock.TRUST_FOR + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    with pytest.raises(Refused):
        clock.instant(later)


@pytest.mark.django_db
def test_a_clock_that_jumps_is_refused_until_a_second_measurement_confirms_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.measure()
    read = clock._read
    monkeypatch.setattr(clock, "_read", lambda: clock.Reading(read().offset + 3600, time.monotonic()))

    clock.measure()
    with pytest.raises(Refused):
        clock.instant(time.monotonic())
    clock.measure()

    assert clock.instant(time.monotonic()) - datetime.now(UTC) > timedelta(minutes=59)


def test_a_clock_set_by_hand_stands_still_or_goes_at_its_rate(tmp_path: Path, settings: Settings) -> None:
    settings.PLATFORM_CLOCK = str(tmp_path / "clock")
    hand = HandClock(tmp_path / "clock", NOON)
    assert clock.now() == NOON

    hand.path.write_text(f"{NOON.isoformat()}\n3600", encoding="ascii")
    time.sleep(0.05)

    assert clock.now() - NOON > timedelta(minutes=2)


@pytest.mark.django_db
def test_how_far_the_machines_own_clock_is_off_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - 90)

    clock.measure()
    found = clock.reading()

    assert found is not None
    own = connection.vendor == "sqlite"  # its clock is the machine's
    assert abs(found.ahead - (0 if own else 90)) < found.slack + 0.2
