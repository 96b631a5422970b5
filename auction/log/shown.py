"""The newest checkpoint this process shows its bidders, and what it promises them of the log.

Every receipt names it (docs/record-format.md §5). It is kept in memory: a thread of its own looks once a
second what is published, so that no bid waits for a disk.
"""

from __future__ import annotations

import logging
import threading
import time
from base64 import b64encode
from functools import cache
from typing import Final

from django.conf import settings

from auction.log import note
from auction.log.checkpoint import read
from auction.log.files import tiles

NOTHING: Final = "-"
STEP: Final = 1.0  # seconds

log = logging.getLogger(__name__)


class Shown:
    """What this process knows of the log; `lines` go into every receipt, `-` where it knows of none."""

    lines = f"seen {NOTHING}\nmmd_ms {NOTHING}"

    def look(self) -> None:
        """Read the newest checkpoint; what cannot be read leaves what is known."""
        try:
            text = tiles().checkpoint()
            told = read(note.parse(text).text) if text else None
        except (OSError, ValueError):
            log.exception("The newest checkpoint could not be read.")
            return
        seen = f"{told.size} {b64encode(told.root).decode()} {told.origin}" if told else NOTHING
        promise = settings.LOG_WITHIN_S * 1_000 if settings.SIGNER_SOCKET else NOTHING
        self.lines = f"seen {seen}\nmmd_ms {promise}"


shown: Final = Shown()


@cache
def begin() -> threading.Thread:
    """Look now, and from now on each second."""
    shown.look()
    thread = threading.Thread(target=_go_on, name="log-shown", daemon=True)
    thread.start()
    return thread


def _go_on() -> None:
    while True:
        time.sleep(STEP)
        shown.look()
