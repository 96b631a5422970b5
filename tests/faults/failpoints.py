"""Where a process can be made to end: at the n-th call of a named step of the product.

The product knows nothing of it: a point is the name of one of its functions, which is replaced wherever it is
held. `os._exit` runs no handler and flushes nothing, as `kill -9` does, but at a step of our choosing.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence, Sized
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Final

EXIT: Final = 137  # as of a process that was killed

End = Callable[[Any], None]
BEFORE, AFTER, HALF = "before", "after", "half"


def _of_a_close(events: Sequence[Any]) -> bool:
    return bool(events) and events[0].kind == "close"


def _any(first: Sized, *rest: Any) -> bool:
    return len(first) > 0


def _ends(rounds: Sized, columns: Sequence[str]) -> bool:
    return len(rounds) > 0 and "closed_at" in columns


@dataclass(frozen=True)
class Point:
    """Before or after which function, and which of its calls count, by what they are given."""

    when: str
    function: str
    counts: Callable[..., bool] = lambda *_, **__: True
    found: bool = False  # only calls that return something count


BID: Final = {
    "frame read": Point(BEFORE, "auction.messages.read"),
    "parsed": Point(AFTER, "auction.messages.read"),
    "lock taken": Point(BEFORE, "auction.engine.batch.read"),
    "read": Point(AFTER, "auction.engine.batch.read"),
    "judged": Point(AFTER, "auction.engine.batch.judge"),
    "before signing": Point(BEFORE, "auction.engine.batch.sign"),
    "events inserted": Point(AFTER, "auction.engine.batch.insert_events"),
    "bids inserted": Point(AFTER, "auction.engine.batch.insert_bids"),
    "round saved": Point(AFTER, "auction.engine.batch.save_rounds"),
    "before the commit": Point(BEFORE, "auction.engine.store.commit"),
    "committed": Point(AFTER, "auction.engine.store.commit"),
    "before the answer": Point(BEFORE, "auction.engine.ticket.tell"),
    "answer half sent": Point(HALF, "auction.messages.decided"),
    "before publishing": Point(BEFORE, "auction.engine.batch.publish"),
    "published": Point(AFTER, "auction.engine.batch.publish"),
}
CLOSE: Final = {
    "due found": Point(AFTER, "auction.queries.due.to_close", found=True),
    "locked": Point(BEFORE, "auction.services.closing.recheck", _any),
    "rechecked": Point(AFTER, "auction.services.closing.recheck", found=True),
    "event made": Point(AFTER, "auction.services.closing.conclude"),
    "event written": Point(AFTER, "auction.services.wave.write_events", _of_a_close),
    "round written": Point(AFTER, "auction.services.wave.write_rounds", _ends),
    "refunds due": Point(AFTER, "auction.services.closing.release_losers", _any),
    "before the notice": Point(BEFORE, "auction.live.herald.publish_all"),
    "notice sent": Point(AFTER, "auction.live.herald.publish_all"),
}
POINTS: Final = {f"bid: {name}": point for name, point in BID.items()} | {
    f"close: {name}": point for name, point in CLOSE.items()
}


def arm(told: str) -> None:
    """Arm a point, told as `name=n`, or `name=n stop` to pause there for ever; none if it is empty."""
    if not told:
        return
    name, _, rest = told.partition("=")
    count, *_ = rest.split()
    point = POINTS[name]
    owner, attribute = _find(point.function)
    end = _stop if rest.endswith(" stop") else _end
    replace(owner, attribute, _ending(getattr(owner, attribute), point, int(count), end))


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


def _ending(original: Callable[..., Any], point: Point, count: int, end: End) -> Callable[..., Any]:
    """Return the function, at whose so-many-th call that counts the process ends."""
    calls = itertools.count(1)

    @wraps(original)
    def ending(*args: Any, **given: Any) -> Any:
        counts = point.counts(*args, **given)
        if counts and point.when == BEFORE and next(calls) == count:
            end(None)
        result = original(*args, **given)
        counts = counts and point.when != BEFORE and (bool(result) or not point.found)
        if counts and next(calls) == count:
            if point.when == HALF:
                _send_half(result)
            end(result)
        return result

    return ending


def _end(result: Any) -> None:
    os._exit(EXIT)


def _stop(result: Any) -> None:
    """Pause the whole process, as a machine that is starved of time does, until SIGCONT."""
    os.kill(os.getpid(), signal.SIGSTOP)


def _send_half(message: Any) -> None:
    """Put the first half of a frame on every client's wire."""
    text = json.dumps(message if isinstance(message, dict) else str(message)).encode()
    frame = struct.pack("!BBH", 0x81, 126, len(text) + 200) + text
    for fd in [int(each.name) for each in Path("/proc/self/fd").iterdir()]:
        with suppress(OSError):
            client = socket.socket(fileno=os.dup(fd))
            if client.getsockname()[1] == _own_port():
                client.setblocking(False)
                client.send(frame)


def _own_port() -> int:
    words = Path("/proc/self/cmdline").read_bytes().decode().split("\0")
    return int(words[words.index("--port") + 1])
