"""A live socket behind which an ASGI application runs; prebuilt frames go past it, to the transport."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final

from auction.live import codes, rfc6455
from auction.live.keeper import Keeper
from auction.live.rfc6455 import TEXT
from auction.live.socket import LiveSocket
from config import handshake

MOST_UNREAD: Final = 16  # messages that may wait for the application before the socket is read no further

Message = MutableMapping[str, Any]
Application = Callable[[Any, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Any]

log = logging.getLogger(__name__)


class AsgiSocket(LiveSocket):
    """Serves one ASGI websocket connection; it stands in its own scope as the extension `auction.socket`."""

    __slots__ = ("_accepted", "_inbox", "_key", "_waiting", "listener", "watcher")

    def __init__(self, keeper: Keeper, key: bytes) -> None:
        super().__init__(keeper)
        self.watcher: Any = None
        self.listener: Any = None
        self._key = key
        self._accepted = False
        self._inbox: deque[Message] = deque([{"type": "websocket.connect"}])
        self._waiting: asyncio.Future[None] | None = None

    async def run(self, application: Application, scope: Any) -> None:
        """Run the application to its end."""
        try:
            await application(scope, self.receive, self.send)
        except Exception:
            log.exception("The application behind a socket failed.")
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
        self.close(1000)

    async def receive(self) -> Message:
        """Return the next message to the application."""
        while not self._inbox:
            self._waiting = self.keeper.loop.create_future()
            await self._waiting
        message = self._inbox.popleft()
        if len(self._inbox) == MOST_UNREAD - 1:
            self.transport.resume_reading()
        return message

    async def send(self, message: Message) -> None:
        """Take a message of the application; to a socket that is gone it goes nowhere."""
        match message["type"]:
            case "websocket.accept":
                self._accept()
            case "websocket.close" if not self._accepted:
                self._refuse(HTTPStatus.FORBIDDEN)
            case "websocket.close":
                self.close(message.get("code", 1000))
            case "websocket.send" if not self.ended:
                self.write(_framed(message))

    def write(self, data: bytes) -> None:
        """Write frames that are ready for the wire."""
        if not self.ended:
            self.transport.write(data)

    def heard(self, opcode: int, payload: bytes) -> None:
        """Pass a message on, straight to whoever listens here."""
        if self.listener is not None and opcode == TEXT:
            self.listener(rfc6455.text(payload), time.monotonic())
            return
        self._pass_on(
            {"type": "websocket.receive", "text": rfc6455.text(payload)}
            if opcode == TEXT
            else {"type": "websocket.receive", "bytes": payload}
        )
        if len(self._inbox) == MOST_UNREAD:
            self.transport.pause_reading()

    def left(self, code: int) -> None:
        """Tell the application that nobody is there any more."""
        self._pass_on({"type": "websocket.disconnect", "code": code})

    def pause_writing(self) -> None:
        """Let the watcher miss what is published until there is room again."""
        super().pause_writing()
        if self.watcher is not None:
            self.watcher.falls_behind()

    def resume_writing(self) -> None:
        """Let the watcher go on with the newest snapshot."""
        super().resume_writing()
        if self.watcher is not None:
            self.watcher.catches_up()

    def shutdown(self) -> None:
        """Close at the server's end."""
        if not self._accepted:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        super().shutdown()

    def _accept(self) -> None:
        if not self._accepted and not self.ended:
            self._accepted = True
            self.transport.write(handshake.acceptance(self._key))

    def _refuse(self, status: HTTPStatus) -> None:
        if not self._accepted and not self.ended:
            self.transport.write(handshake.refusal(status))
            self.transport.close()
            self._leave(codes.ABNORMAL)

    def _pass_on(self, message: Message) -> None:
        self._inbox.append(message)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


def _framed(message: Message) -> bytes:
    text = message.get("text")
    if text is not None:
        return rfc6455.frame(text.encode())
    return rfc6455.frame(message["bytes"], rfc6455.BINARY)
