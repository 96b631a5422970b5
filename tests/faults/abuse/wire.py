"""Websockets by hand (RFC 6455): frames that no library would send, and the close code that answers them."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

TEXT, BINARY, CONTINUE, CLOSE, PING, PONG = 0x1, 0x2, 0x0, 0x8, 0x9, 0xA
FIN: Final = 0x80
NO_CODE: Final = 1006  # the connection ended without a close frame (7.1.5)
STILL_OPEN: Final = 0
MASK: Final = b"\x01\x02\x03\x04"
KEY: Final = "dGhlIHNhbXBsZSBub25jZQ=="
RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: closing sends RST


class NoHandshake(Exception):
    """The server did not switch protocols; the message is its status."""


def frame(opcode: int, payload: bytes = b"", *, first: int = FIN, masked: bool = True) -> bytes:
    """Return a frame as a client sends it; `first` holds the FIN and reserved bits."""
    sign = 0x80 if masked else 0
    head = bytes([first | opcode]) + _length(len(payload), sign)
    return head + (MASK + _mask(payload) if masked else payload)


def frame_saying(length: bytes, payload: bytes, opcode: int = TEXT) -> bytes:
    """Return a masked frame whose length field is what it is told to be."""
    return bytes([FIN | opcode, 0x80 | length[0]]) + length[1:] + MASK + _mask(payload)


def _length(length: int, sign: int) -> bytes:
    if length < 126:
        return bytes([sign | length])
    if length < 65_536:
        return bytes([sign | 126]) + struct.pack("!H", length)
    return bytes([sign | 127]) + struct.pack("!Q", length)


def _mask(payload: bytes) -> bytes:
    repeated = MASK * (len(payload) // 4 + 1)
    number = int.from_bytes(payload, "big") ^ int.from_bytes(repeated[: len(payload)], "big")
    return number.to_bytes(len(payload), "big")


def frames_in(heard: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take the whole frames of a server off the front of what was heard; yield opcode and payload."""
    while len(heard) >= 2:
        size, start = heard[1] & 0x7F, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(heard) < start:
                return
            size = int.from_bytes(heard[2:start], "big")
        if len(heard) < start + size:
            return
        opcode, payload = heard[0] & 0x0F, bytes(heard[start : start + size])
        del heard[: start + size]
        yield opcode, payload


def handshake(path: str, port: int, **headers: str) -> bytes:
    """Return the request that opens a websocket; a header of no text is left out."""
    given = {
        "Host": f"127.0.0.1:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
        "Origin": f"http://127.0.0.1:{port}",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    lines = [f"{name}: {text}" for name, text in given.items() if text]
    return "\r\n".join((f"GET {path} HTTP/1.1", *lines, "", "")).encode()


class Wire:
    """A websocket on which any bytes can be sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.code = STILL_OPEN
        self.head = b""
        self.heard = bytearray()

    @classmethod
    async def call(cls, port: int, path: str, *, to: int = 0, **headers: str) -> Wire:
        """Open a websocket, through another port if `to` names one.

        :raises NoHandshake: if the server does not switch protocols
        """
        wire = cls(*await asyncio.open_connection("127.0.0.1", to or port))
        wire.writer.write(handshake(path, port, **headers))
        try:
            wire.head = await wire.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            await wire.hang_up()
            raise NoHandshake("none") from error
        if b" 101 " not in wire.head.partition(b"\r\n")[0]:
            await wire.hang_up()
            raise NoHandshake(wire.head.split(b" ", 2)[1].decode())
        return wire

    async def say(self, data: bytes) -> bool:
        """Send bytes; return whether the connection took them."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except ConnectionError:
            return False
        return not self.writer.transport.is_closing()

    async def texts(self) -> list[bytes]:
        """Wait for more and return the texts in it; none at the end, when the code is known."""
        data = await self._read()
        self.heard += data
        found = []
        for opcode, payload in frames_in(self.heard):
            if opcode == TEXT:
                found.append(payload)
            elif opcode == CLOSE and self.code == STILL_OPEN:
                self.code = int.from_bytes(payload[:2], "big") or NO_CODE
        if not data and self.code == STILL_OPEN:
            self.code = NO_CODE
        return found

    async def ending(self, within: float = 15.0) -> int:
        """Return the close code, 1006 if the connection just ended, 0 if it is still open then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.code == STILL_OPEN:
                    await self.texts()
        return self.code

    async def answer(self, key: str, within: float = 10.0) -> dict[str, Any]:
        """Return the message that answers this key.

        :raises TimeoutError: if none comes
        """
        async with asyncio.timeout(within):
            while self.code == STILL_OPEN:
                for message in map(json.loads, await self.texts()):
                    if message.get("key") == key:
                        return dict(message)
        raise TimeoutError

    async def _read(self) -> bytes:
        try:
            return await self.reader.read(65_536)
        except ConnectionError:
            return b""

    def drop(self) -> None:
        """Leave without a word."""
        self.writer.transport.abort()

    async def hang_up(self) -> None:
        """Leave without a word, and be gone."""
        self.drop()
        with suppress(OSError):
            await self.writer.wait_closed()

    def reset(self) -> None:
        """Leave with RST, as a machine that has forgotten the connection."""
        with suppress(OSError, AttributeError):
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.writer.transport.abort()
