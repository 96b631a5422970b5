"""Lines to the database that are in use; one is cut if no answer comes, for a server may hang in silence.

A line that is cut fails like any other, at once; what was sent on it may have been committed or not.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.db import connection

HANGS_AFTER: Final = 2.0  # seconds in which a batch is decided and committed, or its line is cut

_lines: dict[int, float] = {}  # a descriptor of our own for the same connection, and since when it is in use
_changing = threading.Lock()


@contextmanager
def watched() -> Iterator[None]:
    """Let this thread's line be cut if what is done meanwhile takes too long; SQLite has none."""
    if connection.vendor != "postgresql":
        yield
        return
    mine = os.dup(connection.connection.fileno())
    _lines[mine] = time.monotonic()
    try:
        yield
    finally:
        with _changing:
            del _lines[mine]
            os.close(mine)


def in_use() -> bool:
    """Return whether any line is in use."""
    return bool(_lines)


def cut(now: float) -> None:
    """Cut the lines that hang, by `time.monotonic()`."""
    with _changing:
        for line, since in list(_lines.items()):
            if now - since > HANGS_AFTER:
                _shut(line)


def _shut(line: int) -> None:
    held = socket.socket(fileno=line)
    with suppress(OSError):  # it broke by itself
        held.shutdown(socket.SHUT_RDWR)
    held.detach()
