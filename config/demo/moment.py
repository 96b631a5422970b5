"""Let the platform's clock stand at an instant, so that what happened weeks ago can be told in order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings


@contextmanager
def clock_at(at: datetime) -> Iterator[datetime]:
    """Set the platform's clock by hand to the instant; only a process of its own may do that."""
    before = settings.PLATFORM_CLOCK
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "clock")
        file.write_text(at.isoformat(), encoding="ascii")
        settings.PLATFORM_CLOCK = str(file)
        try:
            yield at
        finally:
            settings.PLATFORM_CLOCK = before
