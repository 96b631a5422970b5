"""It is noon on the platform's clock. Models are imported in the fixtures: Django is not set up yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.clock import HandClock


@pytest.fixture
def clock(tmp_path: Path, settings: Any) -> HandClock:
    """Stop the platform's clock at noon; return it, to be moved."""
    settings.PLATFORM_CLOCK = str(tmp_path / "clock")
    return HandClock(tmp_path / "clock")
