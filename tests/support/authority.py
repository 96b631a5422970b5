"""A time-stamping authority on this machine (RFC 3161): `openssl ts` behind a loopback address."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

SETTINGS: Final = """
[stamps]
serial = serial
signer_cert = stamps.pem
signer_key = stamps.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55738.666.1
digests = sha256
"""
KEY: Final = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@dataclass
class Authority:
    """What answers: how often it was asked, and what it does instead of answering, if anything."""

    folder: Path
    url: str = ""
    asked: int = 0
    status: int = 200
    other: bytes | None = None

    @property
    def root(self) -> Path:
        """Return the certificate whoever checks a token trusts."""
        return self.folder / "root.pem"

    def set_up(self) -> None:
        """Make the root, and the certificate that signs tokens."""
        (self.folder / "ts.cnf").write_text(SETTINGS)
        (self.folder / "serial").write_text("01\n")
        (self.folder / "use").write_text("extendedKeyUsage = critical,timeStamping\n")
        root = ("-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=A root", "-days", "2")
        self.openssl("req", "-x509", *KEY, *root)
        self.openssl("req", *KEY, "-keyout", "stamps.key", "-out", "stamps.csr", "-subj", "/CN=Time stamps")
        signed = ("-CA", "root.pem", "-CAkey", "root.key", "-extfile", "use", "-days", "2")
        self.openssl("x509", "-req", "-in", "stamps.csr", "-out", "stamps.pem", *signed)

    def answer(self, query: bytes) -> bytes:
        """Return the token asked for."""
        self.asked += 1
        if self.other is not None:
            return self.other
        (self.folder / "query").write_bytes(query)
        self.openssl(
            "ts", "-reply", "-config", "ts.cnf", "-section", "stamps", "-queryfile", "query", "-out", "reply"
        )
        return (self.folder / "reply").read_bytes()

    def openssl(self, *words: str) -> None:
        """Run openssl in the authority's folder."""
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, timeout=30)

    def vouches(self, data: Path, answer: Path) -> bool:
        """Return whether openssl finds that the answer is a token over these bytes, by this authority."""
        words = ["ts", "-verify", "-data", str(data), "-in", str(answer), "-CAfile", str(self.root)]
        done = subprocess.run(["openssl", *words], capture_output=True, check=False, timeout=30)
        return done.returncode == 0


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Run an authority."""
    made = Authority(folder)
    made.set_up()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Type"] != "application/timestamp-query":
                self.send_error(415)
                return
            said = made.answer(query)
            self.send_response(made.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *told: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/tsa"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
