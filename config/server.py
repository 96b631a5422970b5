"""How uvicorn serves websockets here: `--ws config.server:Sockets`.

Who comes to watch a round without a session gets the light way; everyone else the application, by Channels.
"""

from __future__ import annotations

import re
from asyncio import BaseTransport, Protocol, get_running_loop
from http import HTTPStatus
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings
from uvicorn.config import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import ServerState

from auction.live.keeper import PING_EVERY, Keeper
from auction.live.socket import LiveSocket
from auction.sockets import LightSocket
from config import handshake
from config.asgi_socket import AsgiSocket
from config.handshake import Handshake, NoHandshake

WATCHING: Final = re.compile(r"/ws/rounds/([0-9]{1,18})/")

_keepers: WeakKeyDictionary[ServerState, Keeper] = WeakKeyDictionary()


class Sockets(Protocol):
    """Reads the handshake, then hands the connection over to the socket it asks for."""

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any], **_: object
    ) -> None:
        self.config = config
        self.server_state = server_state
        self.app_state = app_state
        self.socket: LiveSocket | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Take over a connection of uvicorn's HTTP protocol."""
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Take the request, which uvicorn hands over whole, then what comes before the socket is in place."""
        if self.socket is not None:
            self.socket.data_received(data)
            return
        try:
            self.open(handshake.read(data))
        except NoHandshake as fault:
            self._refuse(fault.status)

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass it on."""
        if self.socket is not None:
            self.socket.connection_lost(exc)

    def open(self, asked: Handshake) -> None:
        """Give the connection the socket that is asked for, if a page of ours asks."""
        watching = WATCHING.fullmatch(asked.path) if not self.config.root_path else None
        if not handshake.is_ours(asked.value(b"origin")):
            self._refuse(HTTPStatus.FORBIDDEN)
        elif watching and not asked.cookie(settings.SESSION_COOKIE_NAME):
            self._hand_over(LightSocket(self._keeper(), int(watching[1])), handshake.acceptance(asked.key))
        else:
            self._serve(asked)

    def _serve(self, asked: Handshake) -> None:
        """Let the application answer."""
        socket = AsgiSocket(self._keeper(), asked.key)
        self._hand_over(socket)
        task = socket.keeper.loop.create_task(socket.run(self.config.loaded_app, self._scope(asked, socket)))
        self.server_state.tasks.add(task)
        task.add_done_callback(self.server_state.tasks.discard)

    def _hand_over(self, socket: LiveSocket, answer: bytes = b"") -> None:
        self.socket = socket
        # uvicorn makes this object the transport's protocol once it has the request: the socket comes after.
        socket.keeper.loop.call_soon(self.transport.set_protocol, socket)
        if answer:
            self.transport.write(answer)
        socket.begin(self.transport)

    def _refuse(self, status: HTTPStatus) -> None:
        self.transport.write(handshake.refusal(status))
        self.transport.close()

    def _keeper(self) -> Keeper:
        state = self.server_state
        if state not in _keepers:
            every = self.config.ws_ping_interval or PING_EVERY
            _keepers[state] = Keeper(get_running_loop(), state.connections, every)
        return _keepers[state]

    def _scope(self, asked: Handshake, socket: AsgiSocket) -> dict[str, Any]:
        return {
            "type": "websocket",
            "asgi": {"version": self.config.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss" if is_ssl(self.transport) else "ws",
            "server": get_local_addr(self.transport),
            "client": get_remote_addr(self.transport),
            "root_path": self.config.root_path,
            "path": self.config.root_path + asked.path,
            "raw_path": asked.target.partition(b"?")[0],
            "query_string": asked.query,
            "headers": asked.headers,
            "subprotocols": [],
            "state": self.app_state.copy(),
            "extensions": {"auction.socket": socket},
        }
