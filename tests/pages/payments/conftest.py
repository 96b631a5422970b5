"""It is noon, and the provider is there. Models are imported in the fixtures: Django is not set up yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.support.fake_stripe.server import FakeStripe


@pytest.fixture
def noon(tmp_path: Path, settings: Any) -> Path:
    """Stop the platform's clock at noon; return the file that sets it."""
    from tests.support.people import NOON

    file = tmp_path / "clock"
    file.write_text(NOON.isoformat())
    settings.PLATFORM_CLOCK = str(file)
    return file


@pytest.fixture
def stripe_server(tmp_path: Path) -> Iterator[FakeStripe]:
    """Yield the provider."""
    from tests.support import money

    with money.a_provider(tmp_path) as fake:
        yield fake
