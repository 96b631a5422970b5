"""Records gone wrong in every way somebody might think of: in bytes, in what they say, and re-chained."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, Final

from tests.support.records import CHEN, LIN, Book, announced, running, sold

Change = Callable[[Book, random.Random], None]

NUMBERS: Final = (
    *("0", "-1", "1", "-0", "1.0", "1e2", "1.5", "300000", "300001", "9007199254740991"),
    *("9007199254740992", "-9007199254740993", "1e400", "0.1", "01", "+1", "NaN", "Infinity", "9" * 5000),
)
VALUES: Final = (
    *("null", "true", "false", '""', '"a"', "[]", "{}", "[[]]", "[[[[]]]]", '"\\ud800"', '"\\u0000"'),
    *('"\\u00e9"', '"é"', '"💰"', "[1,2]", '{"a":1}', '"1"', '"opened"', '"K7Q4"', '"T9WB"', *NUMBERS),
)
NAMES: Final = (
    *("v", "kind", "lot", "seq", "prev", "t", "code", "cid", "amount", "in_t", "deadline", "rank", "since"),
    *("winner", "price", "reason", "about", "start", "step", "ext_ms", "start_t", "ranks", "commit"),
    *("practice", "digest", "__proto__", "constructor", "é", "", "name", "𐐷", "\uffff"),
)
KINDS: Final = ("open", "qualify", "bid", "suspend", "resume", "close", "void", "note", "sale", "toString")
PIECES: Final = (
    b"\xff",
    b"\xef\xbb\xbf",
    b" ",
    b"\r",
    b"\t",
    b"\x00",
    b"{",
    b"}",
    b"[",
    b",",
    b'"',
    b"\\",
    b"0",
)


def record(seed: int) -> bytes:
    """Return a record with one to three changes; the same for the same seed."""
    rng = random.Random(seed)
    book = rng.choice((sold, sold, sold, running, announced))()
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        rng.choice(CHANGES)(book, rng)
    data = book.data()
    return rng.choice(BYTES)(data, rng) if rng.random() < 0.25 else data


def _place(book: Book, rng: random.Random) -> int:
    return rng.randrange(len(book.entries))


def _entry(book: Book, rng: random.Random) -> dict[str, Any] | None:
    entry = book.entries[_place(book, rng)]
    return entry if isinstance(entry, dict) else None


def drop(book: Book, rng: random.Random) -> None:
    if len(book.entries) > 1:
        del book.entries[_place(book, rng)]


def double(book: Book, rng: random.Random) -> None:
    book.entries.insert(_place(book, rng), book.entries[_place(book, rng)])


def swap(book: Book, rng: random.Random) -> None:
    one, other = _place(book, rng), _place(book, rng)
    book.entries[one], book.entries[other] = book.entries[other], book.entries[one]


def truncate(book: Book, rng: random.Random) -> None:
    del book.entries[max(1, _place(book, rng)) :]


def nudge(book: Book, rng: random.Random) -> None:
    """Change a number by a little or by much."""
    if entry := _entry(book, rng):
        names = [name for name, value in entry.items() if type(value) is int]
        if names:
            by = rng.choice(
                (-1, 1, -500_000, 500_000, 300_000, -300_000, 60_000, 3_600_000, 6_001, 86_400_000)
            )
            entry[rng.choice(names)] += by


def retell(book: Book, rng: random.Random) -> None:
    """Give a field of one line the value it has in another."""
    one, other = _entry(book, rng), _entry(book, rng)
    if one and other:
        name = rng.choice(sorted(other))
        one[name] = other[name]


def take_away(book: Book, rng: random.Random) -> None:
    if entry := _entry(book, rng):
        entry.pop(rng.choice(sorted(entry)))


def other_kind(book: Book, rng: random.Random) -> None:
    if entry := _entry(book, rng):
        entry["kind"] = rng.choice(KINDS)


def insert(book: Book, rng: random.Random) -> None:
    """Put in a line of a kind that may or may not be in its place."""
    t = rng.choice([entry["t"] for entry in book.entries if isinstance(entry, dict) and "t" in entry] or [0])
    extra = {"suspend": {"reason": "x"}, "resume": {"reason": "x", "deadline": t + 300_000}}
    extra |= {"void": {"reason": "x"}, "note": {"about": rng.choice(("opened", "opening", "x"))}}
    extra |= {
        "qualify": {"code": "NEW1", "commit": "00"},
        "close": {"winner": None, "price": None, "deadline": t},
    }
    extra["note"] |= rng.choice(({}, {"code": CHEN}, {"code": LIN}, {"code": None}))
    kind = rng.choice(sorted(extra))
    book.entries.insert(_place(book, rng) + 1, {"kind": kind, "t": t, **extra[kind]})


def raw_value(book: Book, rng: random.Random) -> None:
    """Put any JSON at all, also what is none, in the place of a value."""
    place = _place(book, rng)
    line = book.lines()[place].decode("utf-8", "replace")
    name, value = rng.choice(NAMES), rng.choice(VALUES)
    try:
        told = json.loads(line)
    except ValueError:
        return
    if isinstance(told, dict) and name in told and rng.random() < 0.8:
        old = f"{json.dumps(name)}:{json.dumps(told[name], separators=(',', ':'), ensure_ascii=False)}"
        line = line.replace(old, f"{json.dumps(name, ensure_ascii=False)}:{value}")
    else:
        line = line[:-1] + f",{json.dumps(name, ensure_ascii=False)}:{value}}}"
    book.raw(place + 1, line.encode("utf-8", "surrogatepass"))


def reformat(book: Book, rng: random.Random) -> None:
    """Write a line in another form of the same JSON."""
    place = _place(book, rng)
    try:
        told = json.loads(book.lines()[place])
    except (ValueError, RecursionError):
        return
    text = rng.choice(
        (
            lambda: json.dumps(told),
            lambda: json.dumps(told, separators=(",", ":")),
            lambda: json.dumps(told, indent=None, sort_keys=True, ensure_ascii=True, separators=(",", ":")),
            lambda: " " + json.dumps(told, sort_keys=True, separators=(",", ":")),
            lambda: json.dumps([told]),
        )
    )()
    book.raw(place + 1, text.encode())


def nest(book: Book, rng: random.Random) -> None:
    depth = rng.choice((2, 3, 4, 5, 1000))
    if (entry := _entry(book, rng)) and depth < 1000:
        value: Any = []
        for _ in range(depth - 2):
            value = [value]
        entry[rng.choice(("reason", "about", "digest", "assets"))] = value
    else:
        book.raw(_place(book, rng) + 1, b"[" * depth + b"]" * depth)


def flip(data: bytes, rng: random.Random) -> bytes:
    """Flip one bit."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def strew(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(PIECES) + data[at:]


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def empty_line(data: bytes, rng: random.Random) -> bytes:
    return data.replace(b"\n", b"\n\n", rng.randrange(1, 3))


CHANGES: Final[tuple[Change, ...]] = (
    *(drop, double, swap, truncate, nudge, nudge, nudge, retell, retell, take_away),
    *(other_kind, insert, insert, raw_value, raw_value, raw_value, reformat, nest),
)
BYTES: Final = (flip, flip, strew, cut, empty_line)
