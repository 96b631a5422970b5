"""A client's frames are read as RFC 6455 says, whole or in pieces, and nothing else is."""

from __future__ import annotations

import struct
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from auction.live import rfc6455
from auction.live.codes import NOT_UTF8, PROTOCOL_ERROR, TOO_BIG
from auction.live.rfc6455 import PIECE, PING, TEXT, Broken, Reader


def masked(payload: bytes, opcode: int = TEXT, *, fin: bool = True) -> bytes:
    return Frame(Opcode(opcode), payload, fin).serialize(mask=True)


def read(*pieces: bytes) -> list[tuple[int, bytes]]:
    reader = Reader()
    return [heard for piece in pieces for heard in reader.feed(piece)]


@given(messages=st.lists(st.binary(max_size=300), min_size=1, max_size=5), cuts=st.sets(st.integers(0, 1600)))
def test_messages_are_read_however_their_bytes_come(messages: list[bytes], cuts: set[int]) -> None:
    data = b"".join(masked(message) for message in messages)
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]

    assert read(*(data[a:b] for a, b in pairwise(edges))) == [(TEXT, message) for message in messages]


@pytest.mark.parametrize("opcode", [3, 7, 11, 15])
def test_an_opcode_there_is_not_is_refused_before_its_payload_comes(opcode: int) -> None:
    with pytest.raises(Broken) as broken:
        read(bytes([0x80 | opcode, 0x80 | 100]))

    assert broken.value.code == PROTOCOL_ERROR


def test_a_message_in_pieces_is_joined_and_a_ping_may_come_between() -> None:
    data = masked(b"one ", fin=False) + masked(b"?", PING) + masked(b"message", 0)

    assert read(data) == [(PIECE, b""), (PING, b"?"), (TEXT, b"one message")]


BROKEN = {
    "unmasked": (rfc6455.frame(b"unmasked"), PROTOCOL_ERROR),
    "a reserved bit": (b"\xc1\x80\0\0\0\0", PROTOCOL_ERROR),
    "a piece of nothing": (masked(b"", 0), PROTOCOL_ERROR),
    "a message in a message": (masked(b"a", fin=False) + masked(b"b"), PROTOCOL_ERROR),
    "an unknown opcode": (b"\x83\x80\0\0\0\0", PROTOCOL_ERROR),
    "an unknown control opcode": (b"\x8b\x80\0\0\0\0", PROTOCOL_ERROR),
    "a ping in pieces": (b"\x09\x80\0\0\0\0", PROTOCOL_ERROR),
    "a long ping": (b"\x89\xfe\x00\x7e\0\0\0\0" + b"x" * 126, PROTOCOL_ERROR),
    "a long message": (b"\x81\xfe" + struct.pack("!H", 4097), TOO_BIG),
    "a size beyond all": (b"\x81\xff" + struct.pack("!Q", 2**63), TOO_BIG),
    "pieces of a long message": (masked(b"x" * 3000, fin=False) + masked(b"x" * 3000, 0), TOO_BIG),
    "many pieces": (masked(b"", fin=False) + masked(b"", 0, fin=False) * 16, TOO_BIG),
}


@pytest.mark.parametrize(("data", "code"), BROKEN.values(), ids=BROKEN)  # the masks are not twice the same
def test_what_breaks_the_protocol_is_named(data: bytes, code: int) -> None:
    with pytest.raises(Broken) as broken:
        read(data)

    assert broken.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(Broken):
        assert isinstance(read(data), list)


@pytest.mark.parametrize("payload", [b"\x03", b"\x03\xed", b"\x00\x01", b"\x07\xd0"])
def test_a_close_that_says_no_code_is_broken(payload: bytes) -> None:
    with pytest.raises(Broken):
        rfc6455.close_code(payload)


def test_a_close_says_its_code_and_a_reason_in_utf8() -> None:
    assert [rfc6455.close_code(said) for said in (b"", b"\x03\xe8bye", b"\x11\x30")] == [1005, 1000, 4400]
    with pytest.raises(Broken) as broken:
        rfc6455.close_code(b"\x03\xe8\xff")
    assert broken.value.code == NOT_UTF8


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_our_own_frames_are_read_by_another_library(size: int) -> None:
    reader = StreamReader()
    reader.feed_data(rfc6455.frame(b"x" * size))
    parsing = Frame.parse(reader.read_exact, mask=False)

    with pytest.raises(StopIteration) as done:
        next(parsing)
    assert done.value.value.data == b"x" * size
    assert list(rfc6455.texts(rfc6455.frame(b"x" * size))) == ["x" * size]
