"""Witnesses that answer on loopback, good ones and others, in threads of the test's own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from auction.log.note import Key
from auction.log.witness import Witness
from auction.log.witness_http import Door

Talk = Callable[[socket.socket], object]


@dataclass
class Open:
    """A witness and where it answers."""

    witness: Witness
    url: str

    def line(self, name: str) -> str:
        """Return its line in a policy file."""
        return f"witness {name} {self.witness.vkey()} {self.url}\n"


@contextmanager
def a_witness(folder: Path, name: str, logs: Iterable[Key], port: int = 0) -> Iterator[Open]:
    """Serve a witness; the folder may be of one that served before."""
    witness = Witness(folder, name, logs)
    with Door("127.0.0.1", port, witness) as door:
        thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Open(witness, f"http://127.0.0.1:{door.server_port}")
        door.shutdown()
        thread.join()


@contextmanager
def a_stranger(talk: Talk) -> Iterator[str]:
    """Serve whatever talks to each that connects, and yield the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, talk), daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, talk: Talk) -> None:
    with suppress(OSError):
        while True:
            line, _ = server.accept()
            with line, suppress(OSError):
                talk(line)
