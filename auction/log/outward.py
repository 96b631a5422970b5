"""A connection to somebody else's server, cut when its time is up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

KINDS: Final = {"http": HTTPConnection, "https": HTTPSConnection}
LONGEST: Final = 1 << 16  # bytes of an answer


@contextmanager
def connected(url: str, *, within: float) -> Iterator[HTTPConnection]:
    """Connect, and cut the connection when its time is up, however slowly something drips from it.

    `within` is how many seconds to be connected, and as many for all that follows.

    :raises ValueError: if it is no address
    """
    parts = urlsplit(url)
    if not is_address(url):
        raise ValueError(f"{url!r} is no address of a server")
    line = KINDS[parts.scheme](parts.hostname or "", parts.port, timeout=within)
    line.connect()
    end = threading.Timer(within, _cut, [line.sock])
    end.start()
    try:
        yield line
    finally:
        end.cancel()
        line.close()


def is_address(url: str) -> bool:
    """Return whether somebody can be asked there."""
    parts = urlsplit(url)
    return parts.scheme in KINDS and bool(parts.hostname)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
