"""Who sits behind this process's sockets: asked for many handshakes at once, and hung up on when it ends.

A session that ends, a person who is barred or gets a new password: the process that learns it tells all. What
nobody tells (a session that runs out, a row deleted by hand) is found once a minute. Bids are checked anyway.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Collection, Iterable
from typing import Any, Final, Protocol
from weakref import WeakKeyDictionary

from auction import live
from auction.live import codes
from auction.live.hub import apart
from auction.live.publish import broadcast
from auction.queries.seats import Asked, Place, places, signed_in

CHECK_EVERY: Final = 60.0  # seconds
LARGEST_BATCH: Final = 256
GROUP: Final = "seats"
ENDED: Final = "seat.ended"
CHANGED: Final = "seat.changed"

log = logging.getLogger(__name__)


class Sitter(Protocol):
    """A socket that somebody sits behind."""

    def hang_up(self, code: int) -> None:
        """Close it."""


class Seating:
    """The signed-in sockets of one event loop, by session."""

    def __init__(self) -> None:
        self.sitters: dict[str, dict[Sitter, int | None]] = {}
        self._keys: dict[Sitter, str] = {}
        self._waiting: dict[Asked, list[asyncio.Future[Place | None]]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._rechecks: set[asyncio.Future[None]] = set()
        self._checking: asyncio.Task[None] | None = None

    async def take(self, sitter: Sitter, session_key: str, round_id: int) -> Place | None:
        """Return who sits here, if his session holds; from now on the socket ends with it."""
        self._keys[sitter] = session_key
        self.sitters.setdefault(session_key, {})[sitter] = None
        self._listen()
        answer: asyncio.Future[Place | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault((session_key, round_id), []).append(answer)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        place = await answer
        if sitter in self.sitters.get(session_key, {}):
            self.sitters[session_key][sitter] = place.seat.person_id if place else None
        return place

    def leave(self, sitter: Sitter) -> None:
        """Forget a socket."""
        key = self._keys.pop(sitter, "")
        here = self.sitters.get(key, {})
        here.pop(sitter, None)
        if not here:
            self.sitters.pop(key, None)

    def end(self, keys: Iterable[str]) -> None:
        """Hang up on whoever sits here by these sessions."""
        for key in list(keys):
            for sitter in list(self.sitters.get(key, {})):
                sitter.hang_up(codes.SESSION_ENDED)

    async def check(self, keys: Collection[str]) -> None:
        """Hang up on those whose session no longer holds."""
        asked = set(keys)
        holding = await apart(signed_in, asked)
        self.end(asked - holding.keys())

    def heard(self, said: dict[str, Any]) -> None:
        """Take what a process tells of a session or a person."""
        if said["type"] == ENDED:
            self.end(key for key in list(self.sitters) if digest(key) == said["digest"])
        else:
            self.doubt([key for key, here in self.sitters.items() if said["person"] in here.values()])

    def doubt(self, keys: Collection[str]) -> None:
        """Have these sessions checked soon."""
        if keys:
            self._rechecks.add(task := asyncio.ensure_future(self.check(keys)))
            task.add_done_callback(self._rechecks.discard)

    async def _ask(self) -> None:
        """Ask for all that wait; while one question is under way the next gathers."""
        while self._waiting:
            some = list(self._waiting)[:LARGEST_BATCH]
            waiting = {asked: self._waiting.pop(asked) for asked in some}
            try:
                found: dict[Asked, Place] = await apart(places, some)
            except Exception as error:
                _answer(waiting, error)
            else:
                _answer(waiting, found)

    def _listen(self) -> None:
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(self._check_all())

    async def _check_all(self) -> None:
        layer = live.hub().layer
        layer.on_message.update({ENDED: self.heard, CHANGED: self.heard})
        while True:
            try:
                await layer.join(GROUP)
                await asyncio.sleep(CHECK_EVERY)
                await self.check([key for key, here in self.sitters.items() if any(here.values())])
            except Exception:
                log.warning("Who sits behind the sockets could not be checked.", exc_info=True)


def _answer(
    waiting: dict[Asked, list[asyncio.Future[Place | None]]], found: dict[Asked, Place] | Exception
) -> None:
    for asked, answers in waiting.items():
        for answer in answers:
            if answer.done():
                continue
            if isinstance(found, Exception):
                answer.set_exception(found)
            else:
                answer.set_result(found.get(asked))


_seatings: WeakKeyDictionary[asyncio.AbstractEventLoop, Seating] = WeakKeyDictionary()


def seating() -> Seating:
    """Return the running loop's seating."""
    return _seatings.setdefault(asyncio.get_running_loop(), Seating())


def digest(session_key: str) -> str:
    """Return a session key's digest: between processes the key itself is not told."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def session_ended(session_key: str) -> None:
    """Tell every process that a session ended."""
    broadcast(GROUP, {"type": ENDED, "digest": digest(session_key)})


def person_changed(person_id: int) -> None:
    """Tell every process that a person's password or permissions changed."""
    broadcast(GROUP, {"type": CHANGED, "person": person_id})
