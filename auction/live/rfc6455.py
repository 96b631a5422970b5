"""The websocket's frames without any I/O (RFC 6455): a reader of a client's, and the server's own."""

from __future__ import annotations

import struct
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha1
from typing import Final

from auction.live.codes import NOT_UTF8, PROTOCOL_ERROR, TOO_BIG

LARGEST: Final = 4096  # bytes of a message: the largest is a bid
MOST_PIECES: Final = 16  # fragments of one message
MAGIC: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # §1.3

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
OPCODES: Final = frozenset({CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG})
PIECE: Final = -1  # a fragment that ends no message: nothing to do but to count it

MOST_IN_CONTROL: Final = 125  # §5.5
FIN: Final = 0x80
RESERVED: Final = 0x70
MASKED: Final = 0x80
TWO_BYTES: Final = 126
EIGHT_BYTES: Final = 127

Heard = tuple[int, bytes]


class Broken(ValueError):
    """The client broke the protocol; `code` says how."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Reader:
    """Takes bytes as they come and gives whole messages, each with its opcode; keeps at most one message."""

    __slots__ = ("_kind", "_message", "_pieces", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._message = b""
        self._pieces = 0
        self._kind = CONTINUATION

    def feed(self, data: bytes) -> Iterator[Heard]:
        """Yield the messages and control frames that these bytes complete.

        :raises Broken: if they are none
        """
        data = self._rest + data if self._rest else bytes(data)
        self._rest = b""
        at = 0
        while frame := _frame(data, at):
            first, payload, at = frame
            yield self._control(first, payload) if first & CLOSE else self._data(first, payload)
        self._rest = data[at:]

    def _control(self, first: int, payload: bytes) -> Heard:
        opcode = first & 0x0F
        if not first & FIN or len(payload) > MOST_IN_CONTROL:
            raise Broken(PROTOCOL_ERROR)
        return opcode, payload

    def _data(self, first: int, payload: bytes) -> Heard:
        """Return the message this piece ends, or that it ends none (§5.4)."""
        self._kind = self._continued(first & 0x0F)
        self._message += payload
        self._pieces += 1
        if len(self._message) > LARGEST or self._pieces > MOST_PIECES:
            raise Broken(TOO_BIG)
        if not first & FIN:
            return PIECE, b""
        whole = self._kind, self._message
        self._message, self._pieces = b"", 0
        return whole

    def _continued(self, opcode: int) -> int:
        """Return the kind of the message a piece belongs to."""
        begun = self._pieces > 0
        if begun != (opcode == CONTINUATION):
            raise Broken(PROTOCOL_ERROR)
        return self._kind if begun else opcode


def _frame(data: bytes, at: int) -> tuple[int, bytes, int] | None:
    """Return the frame at a place as first byte and unmasked payload, and where the next begins (§5.2).

    :raises Broken: if it has reserved bits, no opcode there is, no mask, or is larger than any message
    """
    if len(data) - at < 2:
        return None
    first, second = data[at], data[at + 1]
    if first & RESERVED or first & 0x0F not in OPCODES or not second & MASKED:
        raise Broken(PROTOCOL_ERROR)
    size, begin = _size(data, at + 2, second & 0x7F)
    if size > LARGEST:
        raise Broken(TOO_BIG)
    end = begin + 4 + size
    if size < 0 or len(data) < end:
        return None
    return first, _unmasked(data[begin + 4 : end], data[begin : begin + 4]), end


def _size(data: bytes, at: int, short: int) -> tuple[int, int]:
    """Return the payload's length, or less than 0 while that is not known, and where the mask begins."""
    if short < TWO_BYTES:
        return short, at
    width = 2 if short == TWO_BYTES else 8
    if len(data) < at + width:
        return -1, at
    return int.from_bytes(data[at : at + width]), at + width


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size)


def text(payload: bytes) -> str:
    """Return a text message.

    :raises Broken: if it is not UTF-8 (§8.1)
    """
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise Broken(NOT_UTF8) from None


def close_code(payload: bytes) -> int:
    """Return the code a close frame says, 1005 for none (§7.4).

    :raises Broken: if it is no code that may be sent, or its reason is not UTF-8
    """
    if not payload:
        return 1005
    code = int.from_bytes(payload[:2])
    registered = 1000 <= code < 1015 and code not in {1004, 1005, 1006}
    if len(payload) < 2 or not (registered or 3000 <= code < 5000):
        raise Broken(PROTOCOL_ERROR)
    text(payload[2:])
    return code


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """Return one whole frame of a server's: final, unmasked."""
    size = len(payload)
    if size < TWO_BYTES:
        return bytes((FIN | opcode, size)) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", FIN | opcode, TWO_BYTES, size) + payload
    return struct.pack("!BBQ", FIN | opcode, EIGHT_BYTES, size) + payload


def texts(data: bytes) -> Iterator[str]:
    """Yield the texts in whole frames of a server's."""
    at = 0
    while at < len(data):
        size, begin = _size(data, at + 2, data[at + 1])
        at = begin + size
        yield data[begin:at].decode()


def close(code: int) -> bytes:
    """Return a close frame."""
    return frame(b"" if code == 1005 else code.to_bytes(2), CLOSE)


def accept_key(key: bytes) -> bytes:
    """Return what proves that the handshake was understood (§4.2.2)."""
    return b64encode(sha1(key + MAGIC, usedforsecurity=False).digest())
