"""Where every connection comes in: whose first words open a live socket gets it at once, all others HTTP.

`--http config.entrance:Entrance`. To build uvicorn's parser and ask it takes longer than all else a watcher
costs: when thousands come at once, only those pay for it whose request is not plain or not in one piece.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, BaseTransport, Protocol, TimerHandle, get_running_loop
from typing import Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from config import half_open, handshake
from config.http import Requests
from config.server import Sockets


class Entrance(Protocol):
    """A connection on which nothing was said yet."""

    __slots__ = ("app_state", "config", "server_state", "timer", "transport")

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        self.config = config
        self.server_state = server_state
        self.app_state = app_state
        self.timer: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Expect a request, unless the process has no descriptor to spare."""
        self.transport: Any = transport
        connections = self.server_state.connections
        connections.add(self)  # type: ignore[arg-type]  # uvicorn asks of them `shutdown`
        if len(connections) > half_open.most_connections():
            transport.abort()  # type: ignore[attr-defined]
            return
        loop = get_running_loop()
        self.timer = loop.call_at(half_open.expect(transport, loop.time()), self._pass_on)
        half_open.make_room(loop.time())

    def data_received(self, data: bytes) -> None:
        """Hand the connection over to whom its first words are for."""
        asked = handshake.plain(data) if self.config.ws_protocol_class is Sockets else None
        if asked is None:
            self._pass_on().data_received(data)
            return
        self._leave()
        half_open.satisfied(self.transport)
        sockets = Sockets(self.config, self.server_state, self.app_state)
        sockets.connection_made(self.transport)
        self.transport.set_protocol(sockets)
        sockets.open(asked)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._leave()
        half_open.satisfied(self.transport)

    def shutdown(self) -> None:
        """Close at the server's end (uvicorn calls this)."""
        self.transport.close()

    def _pass_on(self) -> Requests:
        """Let HTTP go on, with the time that is left; if none is, it says so."""
        self._leave()
        requests = Requests(self.config, self.server_state, self.app_state, get_running_loop())
        self.transport.set_protocol(requests)
        requests.connection_made(self.transport)
        return requests

    def _leave(self) -> None:
        self.server_state.connections.discard(self)
        if self.timer is not None:
            self.timer.cancel()
