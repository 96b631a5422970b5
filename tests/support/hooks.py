"""A small listener that takes webhooks and remembers them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Listener(ThreadingHTTPServer):
    """Remembers each body and signature in order of arrival."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"
        self.received: list[tuple[bytes, str]] = []
        self.refusals = 0
        self.came = threading.Condition()

    def refuse(self, times: int) -> None:
        """Answer 500 to the next so many."""
        self.refusals = times

    def take(self, payload: bytes, signature: str) -> int:
        """Remember one delivery and return the status to answer."""
        with self.came:
            self.received.append((payload, signature))
            self.refusals, status = max(0, self.refusals - 1), 500 if self.refusals else 200
            self.came.notify_all()
        return status

    def kinds(self, *, count: int = 0, until: str = "", patience: float = 3.0) -> list[str]:
        """Return the kinds received, once there are so many, or one of this kind, or patience ends."""

        def enough() -> bool:
            kinds = self._kinds()
            return until in kinds if until else len(kinds) >= count

        with self.came:
            self.came.wait_for(enough, patience)
            return self._kinds()

    def wait_for(self, kind: str) -> tuple[bytes, str]:
        """Return body and signature of the first event of this kind."""
        place = self.kinds(until=kind).index(kind)
        return self.received[place]

    def _kinds(self) -> list[str]:
        return [json.loads(payload)["type"] for payload, _ in self.received]


class Handler(BaseHTTPRequestHandler):
    """Takes one webhook."""

    server: Listener

    def do_POST(self) -> None:
        payload = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.take(payload, self.headers["Stripe-Signature"]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def listening() -> Iterator[Listener]:
    """Run a listener on a free port."""
    listener = Listener()
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        listener.shutdown()
        thread.join(5)
        listener.server_close()
