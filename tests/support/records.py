"""Genuine records of auctions, from docs/record-format.md alone: nothing is the product's or a checker's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import rfc8785

START_T = 1_795_000_000_000
HOUR, MINUTE = 3_600_000, 60_000
NOON = START_T + 24 * HOUR
START, STEP, EXT = 70_000_000, 500_000, 300_000
LIN, ZHAO, CHEN = "K7Q4", "M2XR", "T9WB"
LOT = 17
NOTICES = ["The house at 12 River Road is sold.", "竞买须知", "Deposit: 14,000,000 fen."]
TOUR = b'{"rooms":[{"name":"hall"}]}'
PERSON = {"kind": "person", "name": "陈平", "number": "110101199003070011"}
NONCE = bytes(range(32))


def hexed(raw: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(raw).hexdigest()


def commitment(nonce: bytes, person: dict[str, str]) -> str:
    """Return what a qualify line commits to."""
    return hexed(b"judic-id-v1\x00" + nonce + rfc8785.dumps(person))


class Book:
    """The lines of a record as dicts; what a line does not say itself is filled in when it is written."""

    def __init__(self, lot: int = LOT) -> None:
        self.lot = lot
        self.entries: list[dict[str, Any] | bytes] = []

    def add(self, kind: str, t: int, **fields: Any) -> Book:
        """Append a line."""
        self.entries.append({"kind": kind, "t": t, **fields})
        return self

    def bid(self, code: str, amount: int, in_t: int, deadline: int = NOON, **more: Any) -> Book:
        """Append a bid written 20 ms after it came."""
        cid = f"cid-{len(self.entries)}"
        said = {"code": code, "cid": cid, "amount": amount, "in_t": in_t, "deadline": deadline, **more}
        return self.add("bid", said.pop("t", in_t + 20), **said)

    def edit(self, seq: int, /, **changes: Any) -> Book:
        """Change fields of a line; None of a field named `drop` takes those away."""
        entry = self[seq]
        for name in changes.pop("drop", ()):
            entry.pop(name, None)
        entry.update(changes)
        return self

    def raw(self, seq: int, line: bytes) -> Book:
        """Put these bytes in place of a line."""
        self.entries[seq - 1] = line
        return self

    def reraw(self, seq: int, change: Callable[[bytes], bytes]) -> Book:
        """Change the bytes of a line as it would be written."""
        return self.raw(seq, change(self.lines()[seq - 1]))

    def __getitem__(self, seq: int) -> dict[str, Any]:
        entry = self.entries[seq - 1]
        assert isinstance(entry, dict)
        return entry

    def lines(self) -> list[bytes]:
        """Return the lines, each naming the one before it."""
        written: list[bytes] = []
        prev = "0" * 64
        for seq, entry in enumerate(self.entries, 1):
            common = {"v": 1, "lot": self.lot, "seq": seq, "prev": prev}
            line = entry if isinstance(entry, bytes) else rfc8785.dumps({**common, **entry})
            prev = hexed(line)
            written.append(line)
        return written

    def data(self) -> bytes:
        """Return record.jsonl."""
        return b"".join(line + b"\n" for line in self.lines())


def announced(**changes: Any) -> Book:
    """Return a record of the first five lines: opened, three qualified, a note that it began."""
    fields: dict[str, Any] = {
        "start": START,
        "step": STEP,
        "ext_ms": EXT,
        "start_t": START_T,
        "deadline": NOON,
        "round": "first",
        "deposit": 14_000_000,
        "ranks": [1, 2],
        "notices": hexed("\n".join(hexed(text.encode()) for text in NOTICES).encode()),
        "tour": hexed(TOUR),
    }
    book = Book().add("open", START_T - HOUR, **{**fields, **changes})
    for code, nonce in ((LIN, b"l" * 32), (ZHAO, b"z" * 32), (CHEN, NONCE)):
        book.add("qualify", START_T - MINUTE, code=code, commit=commitment(nonce, PERSON))
    return book.add("note", START_T, about="opened")


# `sold()`: 1 open, 2–4 qualify, 5 note, 6–9 bids, 10 suspend, 11 resume, 12 bid, 13 close, 14 note.
LATE = NOON - MINUTE
RESUMED_T = LATE + 10 * MINUTE
SECOND = RESUMED_T + EXT
LAST_T = SECOND - MINUTE
END = LAST_T + EXT
PRICE = START + 3 * STEP


def sold() -> Book:
    """Return a genuine record: equalled by a priority, extended, suspended, resumed, sold to Chen."""
    book = announced()
    book.bid(LIN, START, START_T + HOUR)
    book.bid(ZHAO, START, START_T + 2 * HOUR, rank=1)
    book.bid(LIN, START + STEP, START_T + 3 * HOUR)
    book.bid(CHEN, START + 2 * STEP, LATE, LATE + EXT)
    book.add("suspend", LATE + 2 * MINUTE, reason="the line was cut", since=LATE + MINUTE, incident=3)
    book.add("resume", RESUMED_T, reason="it is whole again", deadline=SECOND)
    book.bid(CHEN, PRICE, LAST_T, END)
    book.add("close", END + 2_300, winner=CHEN, price=PRICE, deadline=END, reach=1000)
    return book.add("note", END + HOUR, about="refunds", digest="0f" * 32)


def running() -> Book:
    """Return a record that has two bids and no end yet."""
    return announced().bid(LIN, START, START_T + HOUR).bid(CHEN, START + STEP, START_T + 2 * HOUR)


def long(bids: int) -> Book:
    """Return a genuine record of very many bids by three, a second apart."""
    book = announced()
    codes = (LIN, ZHAO, CHEN)
    for number in range(bids):
        book.bid(codes[number % 3], START + number * STEP, START_T + 1_000 * (number + 1))
    winner, price = codes[(bids - 1) % 3], START + (bids - 1) * STEP
    return book.add("close", NOON + 2_500, winner=winner, price=price, deadline=NOON)
