"""The platform clock of a test, set by hand. Nothing here needs Django, so a conftest may import it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

NOON: Final = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Noon in Beijing, as in `tests.support.people`."""


class HandClock:
    """The platform clock of a test, set by hand through its file."""

    def __init__(self, path: Path, at: datetime = NOON) -> None:
        self.path = path
        self.set(at)

    def set(self, at: datetime) -> None:
        """Let it be this instant."""
        draft = self.path.with_suffix(".draft")
        draft.write_text(at.isoformat(), encoding="ascii")
        draft.replace(self.path)
        self.at = at

    def go(self, **by: float) -> datetime:
        """Let so much time pass, in `timedelta`'s words, and return the instant it is then."""
        self.set(self.at + timedelta(**by))
        return self.at
