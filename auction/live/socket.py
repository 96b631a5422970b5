"""A server's websocket as a transport's protocol, small enough for many: RFC 6455 and no more.

Bounded are a client's frames by a bucket, his messages by their size, what waits for him by the transport's
buffer (who does not read is not read either), and how long he may neither read nor answer.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from auction.live import codes, rfc6455
from auction.live.bucket import Bucket
from auction.live.keeper import Keeper
from auction.live.rfc6455 import BINARY, CLOSE, PING, PONG, TEXT, Broken, Reader

HIGH_WATER: Final = 64 * 2**10  # bytes that may wait for a socket before it counts as slow
LOW_WATER: Final = 16 * 2**10
FRAMES_A_SECOND: Final = 10
BURST: Final = 40
LINGER: Final = 5.0  # seconds a closed socket has to answer before it is cut


class LiveSocket(asyncio.Protocol):
    """One connection after its handshake; `ended` is the code it was closed with, 0 while it is open."""

    __slots__ = ("_bucket", "_reader", "answered", "ended", "keeper", "transport")

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.answered = True  # since the last ping
        self.ended = 0
        self._reader: Reader | None = None
        self._bucket: Bucket | None = None

    def heard(self, opcode: int, payload: bytes) -> None:
        """Take a text or binary message; the taker counts them, for he answers the last one too many.

        :raises Broken: if it is not UTF-8
        """
        raise NotImplementedError

    def left(self, code: int) -> None:
        """Let go of what is behind the socket: it was closed by either side, or lost."""
        raise NotImplementedError

    def begin(self, transport: Any) -> None:
        """Take over an accepted connection."""
        self.transport = transport
        transport.set_write_buffer_limits(HIGH_WATER, LOW_WATER)
        self.keeper.take(self)

    def data_received(self, data: bytes) -> None:
        """Take what came; a broken frame ends the connection and nothing else."""
        self.answered = True
        if self._reader is None:
            self._reader, self._bucket = Reader(), Bucket(FRAMES_A_SECOND, BURST)
        try:
            for opcode, payload in self._reader.feed(data):
                self._take(opcode, payload)
        except Broken as broken:
            self.close(broken.code)

    def pause_writing(self) -> None:
        """Read no more from who does not read."""
        self.keeper.slow[self] = self.keeper.loop.time()
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on with who has read."""
        self.keeper.slow.pop(self, None)
        self.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.keeper.forget(self)
        self._leave(codes.ABNORMAL)

    def close(self, code: int) -> None:
        """Say why and hang up; the peer has a moment to read it."""
        if not self.ended and not self.transport.is_closing():
            self.transport.write(rfc6455.close(code))
            self.keeper.loop.call_later(LINGER, self.transport.abort)
        self._leave(code)

    def shutdown(self) -> None:
        """Close at the server's end (uvicorn calls this)."""
        self.close(codes.RESTARTING)
        self.transport.close()

    def ping(self) -> None:
        """Ask whether anyone is there; who did not answer the last time is cut off."""
        if not self.answered:
            self.close(codes.NO_ANSWER)
            self.transport.abort()
        elif not self.ended:
            self.answered = False
            self.transport.write(rfc6455.frame(b"", PING))

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == CLOSE:
            self._answer_close(payload)
        elif self.ended:  # said before our close was read
            return
        elif opcode in (TEXT, BINARY):
            self.heard(opcode, payload)
        elif not self.may_speak():
            self.close(codes.TOO_MANY)
        else:
            self._answer_ping(opcode, payload)

    def _answer_ping(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self.transport.write(rfc6455.frame(payload, PONG))

    def may_speak(self) -> bool:
        """Take a token for one frame, if there is one."""
        return self._bucket is None or self._bucket.take(self.keeper.loop.time())

    def _answer_close(self, payload: bytes) -> None:
        code = rfc6455.close_code(payload)
        if not self.ended:
            self.transport.write(rfc6455.close(code))
            self.keeper.loop.call_later(LINGER, self.transport.abort)
            self._leave(code)
        self.transport.close()

    def _leave(self, code: int) -> None:
        if not self.ended:
            self.ended = code
            self.left(code)
