"""Where this installation keeps the files of its log."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from auction.log.tiles import Tiles


def tiles() -> Tiles:
    """Return the files of the log that is published."""
    return Tiles(Path(settings.LOG_DIR))
