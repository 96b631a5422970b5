"""Where a process can be made to end: at the n-th call of a named step of the product.

The product knows nothing of it: a point is the name of one of its functions, which is replaced wherever it is
held. `os._exit` runs no handler and flushes nothing, as `kill -9` does, but at an instruction of our choosing.
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Final

EXIT: Final = 137  # as of a process that was killed

BEFORE, AFTER, HALF = "before", "after", "half"

BID: Final[dict[str, tuple[str, str]]] = {
    "frame read": (BEFORE, "auction.messages.read"),
    "parsed": (AFTER, "auction.messages.read"),
    "lock taken": (AFTER, "auction.engine.batch._locked"),
    "judged": (AFTER, "auction.engine.batch.Batch.judge"),
    "events inserted": (AFTER, "auction.models.event.Event.objects.bulk_create"),
    "bids inserted": (AFTER, "auction.models.bid.Bid.objects.bulk_create"),
    "round saved": (AFTER, "auction.engine.batch.Batch.save"),
    "committed": (AFTER, "auction.engine.batch.decide"),
    "before the answer": (BEFORE, "auction.messages.decided"),
    "answer half sent": (HALF, "auction.messages.decided"),
    "answered": (AFTER, "auction.messages.decided"),
    "before publishing": (BEFORE, "auction.live.publish.publish"),
}
CLOSE: Final[dict[str, tuple[str, str]]] = {
    "due found": (AFTER, "auction.queries.due.to_close"),
    "lock": (BEFORE, "auction.services.closing.close_round"),
    "recheck": (AFTER, "auction.rules.window.Window.may_close"),
    "round": (BEFORE, "auction.services.closing.release_deposits"),
    "release": (AFTER, "auction.services.closing.release_deposits"),
    "event": (AFTER, "auction.services.closing._result"),
    "before the commit": (AFTER, "auction.record.append"),
    "committed": (AFTER, "auction.services.closing.close_round"),
    "notice": (BEFORE, "auction.live.publish.publish"),
}
POINTS: Final = {f"bid: {name}": point for name, point in BID.items()} | {
    f"close: {name}": point for name, point in CLOSE.items()
}


def arm(told: str) -> None:
    """Arm a point, told as `name=n`; none if it is empty."""
    if not told:
        return
    name, _, count = told.partition("=")
    when, dotted = POINTS[name]
    owner, attribute = _find(dotted)
    original = getattr(owner, attribute)
    replace(owner, attribute, _ending(original, when, int(count)))


def replace(owner: Any, attribute: str, other: Any) -> None:
    """Put another in the place of a function, also where a module of the product holds it by name."""
    original = getattr(owner, attribute)
    setattr(owner, attribute, other)
    for name, module in list(sys.modules.items()):
        if name.startswith(("auction.", "config.")):
            for held, value in list(vars(module).items()):
                if value is original:
                    setattr(module, held, other)


def _find(dotted: str) -> tuple[Any, str]:
    """Return who holds the function, and its name there."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        with suppress(ModuleNotFoundError):
            owner: Any = import_module(".".join(parts[:length]))
            for part in parts[length:-1]:
                owner = getattr(owner, part)
            return owner, parts[-1]
    raise LookupError(dotted)


def _ending(original: Callable[..., Any], when: str, count: int) -> Callable[..., Any]:
    """Return the function, at whose so-many-th call the process ends."""
    calls = itertools.count(1)

    @wraps(original)
    def ending(*args: Any, **given: Any) -> Any:
        last = next(calls) >= count
        if last and when == BEFORE:
            os._exit(EXIT)
        result = original(*args, **given)
        if last:
            if when == HALF:
                _send_half(result)
            os._exit(EXIT)
        return result

    return ending


def _send_half(message: Any) -> None:
    """Put the first half of a frame on every client's wire."""
    text = json.dumps(message if isinstance(message, dict) else str(message)).encode()
    frame = struct.pack("!BBH", 0x81, 126, len(text) + 200) + text
    for fd in map(int, os.listdir("/proc/self/fd")):
        with suppress(OSError):
            client = socket.socket(fileno=os.dup(fd))
            if client.getsockname()[1] == _own_port():
                client.setblocking(False)
                client.send(frame)


def _own_port() -> int:
    words = Path("/proc/self/cmdline").read_bytes().decode().split("\0")
    return int(words[words.index("--port") + 1])
