"""The opening handshake of a websocket (RFC 6455 §4.2), and whether its page is one of ours."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urlparse

from channels.security.websocket import OriginValidator
from django.conf import settings

from auction.live import rfc6455

LARGEST: Final = 16 * 2**10  # bytes of a head, as h11 takes it
# A whole head and nothing after it, of a request without a body (RFC 9110 §5.5, §5.6.2).
PLAIN: Final = re.compile(
    rb"GET /ws/[!-~]* HTTP/1\.1\r\n"
    rb"(?:(?!(?i:content-length|transfer-encoding):)[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\t -~\x80-\xff]*\r\n)+\r\n"
)

Headers = list[tuple[bytes, bytes]]


class NoHandshake(ValueError):
    """The request is no websocket handshake; `status` is the answer to it."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Handshake:
    """A request to open a websocket; header names are in lower case, `path` is decoded."""

    target: bytes
    path: str
    query: bytes
    headers: Headers
    key: bytes

    def value(self, name: bytes) -> bytes:
        """Return a header's last value, empty if there is none."""
        return next((value for key, value in reversed(self.headers) if key == name), b"")

    def cookie(self, name: str) -> str:
        """Return a cookie's value, empty if there is none."""
        wanted = name.encode() + b"="
        for part in self.value(b"cookie").split(b";"):
            if part.strip().startswith(wanted):
                return part.strip()[len(wanted) :].decode("latin-1")
        return ""


def read(request: bytes) -> Handshake:
    """Return the handshake in a whole request head.

    :raises NoHandshake: if it is none
    """
    first, *lines = request.removesuffix(b"\r\n\r\n").split(b"\r\n")
    method, _, rest = first.partition(b" ")
    target, _, version = rest.partition(b" ")
    if method != b"GET" or version != b"HTTP/1.1" or not target.startswith(b"/") or not target.isascii():
        raise NoHandshake(HTTPStatus.BAD_REQUEST)
    path, _, query = target.partition(b"?")
    headers = [_header(line) for line in lines]
    handshake = Handshake(target, unquote(path.decode()), query, headers, _key(headers))
    _demand_upgrade(handshake)
    return handshake


def plain(first: bytes) -> Handshake | None:
    """Return the handshake that a connection's first bytes are; in any doubt None: uvicorn looks closer."""
    if len(first) > LARGEST or not PLAIN.fullmatch(first):
        return None
    try:
        asked = read(first)
    except NoHandshake:
        return None
    return asked if [name for name, _ in asked.headers].count(b"host") == 1 else None


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon or not name or name != name.strip():
        raise NoHandshake(HTTPStatus.BAD_REQUEST)
    return name.lower(), value.strip()


def _key(headers: Headers) -> bytes:
    """Return the client's nonce: 16 bytes in base64, once (§4.1 no. 7)."""
    keys = [value for name, value in headers if name == b"sec-websocket-key"]
    try:
        whole = len(keys) == 1 and len(base64.b64decode(keys[0], validate=True)) == 16
    except binascii.Error:
        whole = False
    if not whole:
        raise NoHandshake(HTTPStatus.BAD_REQUEST)
    return keys[0]


def _demand_upgrade(handshake: Handshake) -> None:
    wanted = [word.strip().lower() for word in handshake.value(b"connection").split(b",")]
    if b"upgrade" not in wanted or handshake.value(b"upgrade").lower() != b"websocket":
        raise NoHandshake(HTTPStatus.BAD_REQUEST)
    if handshake.value(b"sec-websocket-version") != b"13":
        raise NoHandshake(HTTPStatus.UPGRADE_REQUIRED)


def acceptance(key: bytes) -> bytes:
    """Return the answer that opens the websocket."""
    return b"".join(
        (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
            b"Sec-WebSocket-Accept: ",
            rfc6455.accept_key(key),
            b"\r\n\r\n",
        )
    )


def refusal(status: HTTPStatus) -> bytes:
    """Return the answer that does not."""
    more = "Sec-WebSocket-Version: 13\r\n" if status is HTTPStatus.UPGRADE_REQUIRED else ""
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n"
    return head.encode()


def is_ours(origin: bytes) -> bool:
    """Return whether a page of this origin may open a live socket, as AllowedHostsOriginValidator says."""
    return _is_allowed(origin, tuple(settings.ALLOWED_HOSTS))


@lru_cache(maxsize=256)
def _is_allowed(origin: bytes, hosts: tuple[str, ...]) -> bool:
    try:
        parsed = urlparse(origin.decode("latin-1")) if origin else None
        return bool(OriginValidator(None, hosts).valid_origin(parsed))
    except ValueError:  # no port, no address: no origin
        return False
