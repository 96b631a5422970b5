"""HTTP whose clients must hurry: half-open requests, dripping bodies and unread answers are cut off.

uvicorn itself waits for ever. Behind a proxy with time-outs of its own nothing here ever comes due.
"""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle
from http import HTTPStatus
from typing import Final

import h11
from django.conf import settings
from uvicorn.protocols.http.h11_impl import H11Protocol

from config import half_open

LEAST_PIECE: Final = 10 * 2**10  # bytes of body in that time: 8 kbit/s
LINGER: Final = 1.0  # seconds a refused client may go on talking before he is reset, that he can read why
LARGEST_UPLOAD: Final = 2**30  # an officer sends a flat's panoramas in one form
UPLOADS: Final = ("/pictures/", "/photos/add/")


class Requests(H11Protocol):
    """One connection over HTTP/1.1."""

    _timer: TimerHandle | None = None
    _reading: TimerHandle | None = None
    _piece = 0  # bytes of body since the timer was started
    _body = 0  # bytes of body in all
    _refused = False

    def connection_made(self, transport: BaseTransport) -> None:
        """Expect a request."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._satisfied()
        self._read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and expect the rest of what is not whole."""
        if self._refused:
            return
        super().data_received(data)
        if self.transport.get_protocol() is not self:  # it is a websocket now
            return
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._count(len(data))
        if state in (h11.SEND_BODY, h11.IDLE):
            self._expect()
        else:
            self._satisfied()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over to the websocket's protocol."""
        self._satisfied()
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        """Expect the client to read on."""
        super().pause_writing()
        self._reading = self._reading or self.loop.call_later(half_open.WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """Note that the client reads."""
        super().resume_writing()
        self._read()

    def timeout_keep_alive_handler(self) -> None:
        """Hang up, even on a client that does not read the answer it asked for."""
        super().timeout_keep_alive_handler()
        self.loop.call_later(half_open.WITHIN, self.transport.abort)

    def _count(self, came: int) -> None:
        self._piece += came
        self._body += came
        if self._body > largest_body(self.scope["path"]):
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def _expect(self) -> None:
        """Start the time for what is missing, if it does not run yet."""
        if self._timer is None and not self._refused and not self.transport.is_closing():
            until = half_open.expect(self.transport, self.loop.time())
            self._timer = self.loop.call_at(until, self._late)

    def _late(self) -> None:
        """Go on with a body that comes, cut off everything else."""
        enough = self.conn.their_state is h11.SEND_BODY and self._piece >= LEAST_PIECE
        self._stop()
        if enough:
            self._expect()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _satisfied(self) -> None:
        self._stop()
        self._body = 0

    def _stop(self) -> None:
        half_open.satisfied(self.transport)
        self._piece = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _read(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, unless an answer has begun, listen to no more, and hang up."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and not self.transport.is_closing():
            head = f"HTTP/1.1 {status.value} {status.phrase}"
            self.transport.write(f"{head}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".encode("ascii"))
            self.transport.write_eof()
        self._refused = True
        self.loop.call_later(LINGER, self.transport.abort)


def largest_body(path: str) -> int:
    """Return how large a request to this path may be, in bytes."""
    return LARGEST_UPLOAD if path.endswith(UPLOADS) else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
