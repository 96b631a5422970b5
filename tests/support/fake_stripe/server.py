"""The HTTP server: the API, the hosted pages, and the knobs for tests under ``/_test``; loopback only."""

from __future__ import annotations

import json
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.fake_stripe import api, hosted
from tests.support.fake_stripe.context import Context
from tests.support.fake_stripe.fonts import font
from tests.support.fake_stripe.store import Store
from tests.support.fake_stripe.webhooks import Courier
from tests.support.fake_stripe.wire import Refusal

FAULTS = {"webhooks": "none", "fail_next": 0, "timeout_after_effect": 0}


class FakeStripe(ThreadingHTTPServer):
    """A server with its store and its courier; ``base_url`` is what the SDK is pointed at."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, store: Store, webhook_url: str, webhook_secret: str) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.store = store
        self.base_url = f"http://127.0.0.1:{self.server_address[1]}"
        self.courier = Courier(store, webhook_url, webhook_secret)
        self.ticking = threading.Thread(target=self._tick, daemon=True)
        self.stopped = threading.Event()

    def start(self) -> None:
        """Start the courier and the clock."""
        self.courier.start()
        self.ticking.start()

    def stop(self) -> None:
        """Stop the courier, the clock and the socket."""
        self.stopped.set()
        self.courier.stop()
        self.ticking.join(5)
        self.server_close()
        self.store.close()

    def _tick(self) -> None:
        while not self.stopped.wait(1):
            api.tick(self.store, self.base_url)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: FakeStripe
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer("GET")

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer("POST")

    def _answer(self, method: str) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if url.path.startswith("/v1/"):
            self._api(method, url.path, body or url.query)
        elif url.path.startswith("/_test/"):
            self._send(200, json.dumps(self._knob(url.path.removeprefix("/_test/"), body)))
        elif url.path.startswith("/fonts/"):
            self._font(url.path.removeprefix("/fonts/"))
        else:
            self._page(method, url.path, dict(parse_qsl(body)))
        self.server.courier.wake.set()

    def _api(self, method: str, path: str, form: str) -> None:
        key = self.headers.get("Idempotency-Key", "")
        request = api.Request(method, path, form, self.headers.get("Authorization", ""), key)
        answer = api.answer(self.server.store, self.server.base_url, request)
        if answer.lost:
            self.close_connection = True
        else:
            self._send(answer.status, answer.body, headers=answer.headers)

    def _knob(self, name: str, body: str) -> Any:
        given, store = json.loads(body or "{}"), self.server.store
        if name == "calls":
            return store.calls()
        if name == "reset":
            store.reset()
        for setting in FAULTS if name == "faults" else ("now",) if name == "clock" else ():
            if setting in given:
                store.set(setting, given[setting])
        api.tick(store, self.server.base_url)
        return {"now": store.now()} | {fault: store.setting(fault, usual) for fault, usual in FAULTS.items()}

    def _font(self, path: str) -> None:
        if found := font(path):
            return self._send(200, found[0], kind=found[1], headers={"Cache-Control": "max-age=86400"})
        return self._send(404, "not found", kind="text/plain")

    def _page(self, method: str, path: str, form: dict[str, str]) -> None:
        kind, _, identifier = path.strip("/").rpartition("/")
        steps = {
            "c/pay": (hosted.checkout, hosted.submit),
            "3ds": (hosted.challenge, hosted.answer_challenge),
        }
        if kind not in steps:
            return self._send(404, "not found", kind="text/plain")
        show, act = steps[kind]
        store, language = self.server.store, self.headers.get("Accept-Language", "")
        with store.transaction():
            context = Context(store, store.now(), self.server.base_url)
            try:
                if method == "POST":
                    act(context, identifier, form)
                text = show(context, identifier, language)
            except hosted.Redirect as redirect:
                return self._send(303, "", headers={"Location": str(redirect)})
            except Refusal as refusal:
                return self._refuse(context, identifier, refusal)
        return self._send(200, text, kind="text/html")

    def _refuse(self, context: Context, identifier: str, refusal: Refusal) -> None:
        if refusal.status == HTTPStatus.NOT_FOUND:
            return self._send(404, str(refusal), kind="text/plain")
        language = self.headers.get("Accept-Language", "")
        return self._send(200, hosted.checkout(context, identifier, language, refusal), kind="text/html")

    def _send(
        self,
        status: int,
        body: str | bytes,
        *,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        charset = "" if isinstance(body, bytes) else "; charset=utf-8"
        self.send_header("Content-Type", f"{kind}{charset}")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Print one line a request, without the personal data that a query may hold."""
        print(
            time.strftime("%H:%M:%S"),
            self.command,
            urlsplit(self.path).path,
            args[1] if len(args) > 1 else "",
            flush=True,
        )
