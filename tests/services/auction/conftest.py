"""The platform clock of these tests is set by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.support.clock import HandClock


@pytest.fixture
def clock(tmp_path: Path, settings: Settings) -> HandClock:
    """Return the clock, at noon."""
    settings.PLATFORM_CLOCK = str(tmp_path / "clock")
    return HandClock(tmp_path / "clock")


@pytest.fixture(autouse=True)
def _nobody_has_bid_before() -> None:
    """Let every test begin with full buckets: rows of another test may have had the same keys."""
    from auction.engine import drain

    drain.allowance.cache_clear()
    drain.signatures.cache_clear()
