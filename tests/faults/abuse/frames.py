"""Malformed frames from a seed: a salvo is some odd but allowed frames, one offence, and debris behind it."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.faults.abuse.wire import BINARY, CLOSE, CONTINUE, FIN, PING, PONG, TEXT, frame, frame_saying

PROTOCOL: Final = frozenset({1002})
UTF_8: Final = frozenset({1007, 4400})
TOO_LARGE: Final = frozenset({1009, 4413})
BAD: Final = frozenset({4400})
GONE: Final = frozenset({1006, 1002, 1009, 4413})  # a frame that never ends ends with the connection
TOO_MANY: Final = 4429  # may come before any other: the odd frames count too
KEY: Final = "0190f3aa-0000-7000-8000-000000000001"


@dataclass(frozen=True)
class Salvo:
    """What an offender sends on one socket, and the close codes he may be answered with."""

    frames: list[bytes]
    debris: list[bytes]
    kind: str
    codes: frozenset[int]

    @property
    def leaves(self) -> bool:
        """Return whether the offender hangs up in the middle of a frame."""
        return self.codes >= GONE

    @property
    def at_once(self) -> bool:
        """Return whether all goes out together: not if debris may be judged before the message."""
        return not self.codes & BAD


def salvo(seed: int, number: int) -> Salvo:
    """Return the salvo of this number: the same for the same seed."""
    random = Random(f"{seed}:{number}")
    kind = random.choice(list(OFFENCES))
    offend, codes = OFFENCES[kind]
    before = [random.choice(ALLOWED)(random) for _ in range(random.randrange(16))]
    debris = [_debris(random) for _ in range(random.randrange(16))]
    frames = [frame for part in before for frame in part] + offend(random)
    return Salvo(frames, [] if codes is GONE else debris, kind, codes | {TOO_MANY})


# What a socket may say


def _ping(random: Random) -> list[bytes]:
    return [frame(random.choice((PING, PONG)), random.randbytes(random.randrange(126)))]


def _time(random: Random) -> list[bytes]:
    return [frame(TEXT, json.dumps({"type": "time", "sent": random.uniform(0, 1e9)}).encode())]


def _pieces(random: Random) -> list[bytes]:
    """A message in fragments, some empty, with a ping between (5.4)."""
    whole = json.dumps({"type": "after", "seq": 2**40}).encode()
    at = sorted(random.randrange(len(whole)) for _ in range(3))
    parts = [whole[: at[0]], whole[at[0] : at[1]], b"", whole[at[1] : at[2]], whole[at[2] :]]
    middle = [frame(CONTINUE, part, first=0) for part in parts[1:-1]]
    return [frame(TEXT, parts[0], first=0), *middle, frame(PING), frame(CONTINUE, parts[-1])]


ALLOWED: Final = (_ping, _ping, _ping, _ping, _time, _pieces)


# What it may not


def _text(*texts: str | bytes) -> Callable[[Random], list[bytes]]:
    return lambda random: [frame(TEXT, _bytes(random.choice(texts)))]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _raw(random: Random) -> list[bytes]:
    """Bytes as they come, whose first byte is no opcode there is."""
    return [bytes([random.choice((0x83, 0xB1, 0x0B, 0xFF))]) + random.randbytes(random.randrange(1, 200))]


def _bad_opcode(random: Random) -> list[bytes]:
    return [frame(random.choice((3, 4, 5, 6, 7, 11, 12, 13, 14, 15)), random.randbytes(20))]


def _reserved(random: Random) -> list[bytes]:
    return [frame(TEXT, b"{}", first=FIN | random.choice((0x20, 0x10, 0x30)))]


def _deflated(random: Random) -> list[bytes]:
    return [frame(TEXT, b"\x00" * random.randrange(1, 600), first=FIN | 0x40)]


def _unmasked(random: Random) -> list[bytes]:
    return [frame(random.choice((TEXT, PING)), b'{"type":"after","seq":1}', masked=False)]


def _bad_utf_8(random: Random) -> list[bytes]:
    wrong = random.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"))
    return [frame(TEXT, b'{"type":"' + wrong + b'"}')]


def _wrong_control(random: Random) -> list[bytes]:
    """A control frame too long, or in fragments (5.5)."""
    whole = frame(random.choice((PING, PONG, CLOSE)), random.randbytes(126))
    return random.choice(([whole], [frame(PING, b"x", first=0)]))


def _wrong_close(random: Random) -> list[bytes]:
    """A close frame of half a code, or of one nobody may send (7.4)."""
    return [
        frame(CLOSE, random.choice((b"\x03", struct.pack("!H", random.choice((0, 999, 1005, 1006, 5000))))))
    ]


def _wrong_order(random: Random) -> list[bytes]:
    """A continuation of nothing, or a beginning before the end."""
    begun = [frame(TEXT, b"{", first=0), frame(TEXT, b"{}")]
    return random.choice(([frame(CONTINUE, b"{}")], begun))


def _too_long(random: Random) -> list[bytes]:
    size = random.choice((4097, 5000, 65_535, 65_536, 200_000))
    return [frame(TEXT, b"x" * size)]


def _said_too_long(random: Random) -> list[bytes]:
    """A length that is not meant: a gigabyte or more, to make the server set it aside."""
    return [frame_saying(b"\x7f" + struct.pack("!Q", random.choice((2**20, 2**30, 2**62))), b"x" * 100)]


def _endless(random: Random) -> list[bytes]:
    """Fragments without an end (5.4 sets none)."""
    piece = frame(CONTINUE, b"x" * random.randrange(200, 1000), first=0)
    return [frame(TEXT, b"{", first=0), *[piece] * 24]


def _cut_short(random: Random) -> list[bytes]:
    """A frame that is said to be longer than what comes."""
    return [frame_saying(b"\x7e" + struct.pack("!H", 4000), random.randbytes(random.randrange(3000)))]


def _binary(random: Random) -> list[bytes]:
    return [frame(BINARY, random.randbytes(random.randrange(300)))]


def _types(random: Random) -> list[bytes]:
    """A message with its fields, of which one has a wrong type."""
    wrong = random.choice(WRONG)
    message = random.choice(
        (
            f'{{"type":"bid","key":{wrong},"amount":1}}',
            f'{{"type":"bid","key":"{KEY}","amount":{wrong}}}',
            f'{{"type":"after","seq":{wrong}}}',
            f'{{"type":{wrong},"seq":1}}',
            f'{{"type":"time","sent":{{"a":{wrong}}}}}',
        )
    )
    return [frame(TEXT, message.encode())]


def _noise(random: Random) -> list[bytes]:
    """Text of random signs, all planes."""
    signs = (
        chr(random.choice((random.randrange(128), random.randrange(0xE000, 0x110000)))) for _ in range(60)
    )
    return [frame(TEXT, "".join(signs).encode())]


WRONG: Final = (
    "null",
    "true",
    "-1",
    "1.5",
    "1e3",
    "[]",
    "{}",
    '"1"',
    '"\\ud800"',
    '"\\u0000"',
    "9" * 400,
    "1e999",
    "NaN",
    "-Infinity",
)
NUMBERS: Final = ("NaN", "Infinity", "-Infinity", "1e999", "9" * 4000)
OFFENCES: Final[dict[str, tuple[Callable[[Random], list[bytes]], frozenset[int]]]] = {
    "raw bytes": (_raw, PROTOCOL),
    "bad opcode": (_bad_opcode, PROTOCOL),
    "reserved bits": (_reserved, PROTOCOL),
    "deflate flag": (_deflated, PROTOCOL),
    "unmasked": (_unmasked, PROTOCOL),
    "bad UTF-8": (_bad_utf_8, UTF_8),
    "wrong control frame": (_wrong_control, PROTOCOL),
    "wrong close frame": (_wrong_close, PROTOCOL),
    "wrong order": (_wrong_order, PROTOCOL),
    "too long": (_too_long, TOO_LARGE),
    "said too long": (_said_too_long, TOO_LARGE | PROTOCOL),
    "endless fragments": (_endless, TOO_LARGE),
    "cut short": (_cut_short, GONE),
    "binary": (_binary, BAD | {1003}),
    "deep": (_text("[" * 4000, '{"a":' * 800, '{"type":' + "[" * 4000), BAD),
    "number": (_text(*(f'{{"type":"time","sent":{number}}}' for number in NUMBERS)), BAD),
    "named twice": (_text('{"type":"time","sent":1,"sent":2}', '{"type":"bid","type":"time","sent":1}'), BAD),
    "surrogate": (_text('{"type":"\\ud800"}', '{"type":"bid","key":"\\udfff","amount":1}'), BAD),
    "NUL": (_text(b"\x00", '{"type":"after\\u0000","seq":1}', b'{"type":"after","seq":1}\x00'), BAD),
    "wrong type": (_types, BAD),
    "noise": (_noise, BAD),
    "not a message": (_text("", "{}", "[]", "null", '{"type":"sell"}', '{"type":"bid"}', "\ufeff{}"), BAD),
}


def _debris(random: Random) -> bytes:
    """Anything: it comes after the offence."""
    return random.choice(
        (random.randbytes(random.randrange(64)), frame(TEXT, b"{}"), frame(PING), frame(CLOSE))
    )
