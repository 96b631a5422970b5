"""The witness's door: `POST /add-checkpoint` over HTTP/1.1, on a port of its own, behind a proxy with TLS."""

from __future__ import annotations

import logging
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final

from auction.log.witness import LONGEST, Answer, Witness

PATH: Final = "/add-checkpoint"
TIMEOUT: Final = 10.0  # seconds between two bytes, and of a kept connection between two requests
MOST: Final = 64  # connections at once; one more is closed

log = logging.getLogger(__name__)


class Door(ThreadingHTTPServer):
    """Listens for one witness, a thread a connection."""

    request_queue_size = MOST

    def __init__(self, host: str, port: int, witness: Witness) -> None:
        self.witness = witness
        self._seats = threading.BoundedSemaphore(MOST)
        super().__init__((host, port), Handler)

    def server_bind(self) -> None:
        """Bind without asking the name service who we are."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, if there is one left."""
        if self._seats.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._seats.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Note that a client went away in the middle."""
        log.info("A connection with %s broke.", client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection; what is not understood is answered and closed."""

    server: Door
    protocol_version = "HTTP/1.1"
    server_version = "tlog-witness"
    sys_version = ""
    timeout = TIMEOUT
    wbufsize = -1
    disable_nagle_algorithm = True
    error_content_type = "text/plain"
    error_message_format = "%(code)d\n"
    unread: ClassVar = frozenset({404, 411, 413})

    def do_POST(self) -> None:
        """Answer a log."""
        self._say(self._answer())

    def _answer(self) -> Answer:
        status = self._wrong()
        if status:
            return Answer(status)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            return self.server.witness.add_checkpoint(body, int(time.time()))
        except Exception:
            log.exception("The witness could not do its work.")
            return Answer(500)

    def _wrong(self) -> int:
        """Return how a request is to be refused whose body is not worth reading; 0 if it is."""
        if self.path != PATH:
            return 404
        lengths = self.headers.get_all("Content-Length", [])
        plain = len(lengths) == 1 and lengths[0].isascii() and lengths[0].isdecimal()
        if not plain or "Transfer-Encoding" in self.headers:
            return 411
        return 413 if len(lengths[0]) > 9 or int(lengths[0]) > LONGEST else 0

    def _say(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(body)))
        if answer.status in self.unread:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Log in the house's way."""
        log.debug(format, *args)
