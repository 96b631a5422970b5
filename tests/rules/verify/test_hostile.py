"""What would hurt a court's machine: caps, bombs, depth, damage. Nothing raises, nothing runs on."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from itertools import product

import pytest

import verify_record as verifier
from tests.support.publishing import b64, published, receipt, refusal, sealed, zipped
from tests.support.records import announced, sold

from .conftest import Verifier

GENUINE = published()
MIB = 1 << 20


def packed(method: int, **files: bytes) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", method) as out:
        for name, raw in {"record.jsonl": sold().data(), **files}.items():
            out.writestr(name, raw)
    return box.getvalue()


def twice() -> bytes:
    box = io.BytesIO(GENUINE.zip())
    with zipfile.ZipFile(box, "a") as out, pytest.warns(UserWarning, match="Duplicate"):
        out.writestr("record.jsonl", b"{}\n")
    return box.getvalue()


def encrypted() -> bytes:
    """Return a zip that says of all entries that they are encrypted."""
    raw = bytearray(packed(zipfile.ZIP_DEFLATED))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = raw.index(mark) + at
        raw[place : place + 2] = struct.pack("<H", 1)
    return bytes(raw)


def damaged() -> bytes:
    raw = bytearray(packed(zipfile.ZIP_STORED))
    raw[raw.index(b"refunds")] ^= 1
    return bytes(raw)


REFUSED = {
    "nothing": lambda: b"",
    "no newline at its end": lambda: sold().data()[:-1],
    "over 64 MiB": lambda: b"{}\n" * 22_369_622,
    "over 200,000 lines": lambda: b"\n" * 200_001,
    "PK and no more": lambda: b"PK",
    "no zip": lambda: b"PK\x03\x04" + bytes(1_000),
    "a zip cut short": lambda: GENUINE.zip()[:-30],
    "a zip without a record": lambda: zipped({"a": b""}),
    "a zip with an empty record": lambda: zipped({"record.jsonl": b""}),
    "a name twice": twice,
    "encrypted": encrypted,
    "damaged": damaged,
    "bzip2": lambda: packed(zipfile.ZIP_BZIP2),
    "very many entries": lambda: b"PK\x03\x04" + b"PK\x01\x02" * 200_101,
    "a bomb": lambda: packed(zipfile.ZIP_DEFLATED, bomb=bytes(64 * MIB + 1)),
    "a bomb for a record": lambda: zipped({"record.jsonl": b"\n" * (64 * MIB + 1)}),
    "a proof that cannot be unpacked": lambda: cut("proofs/7.tlog-proof"),
}


def cut(name: str) -> bytes:
    """Return the zip with other bytes where an entry's packed bytes were."""
    raw = bytearray(GENUINE.zip())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as read:
        start = read.getinfo(name).header_offset + 30 + len(name)
    raw[start : start + 20] = b"\xff" * 20
    return bytes(raw)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_checked_is_refused_and_nothing_else_is_said(broken: Verifier, name: str) -> None:
    told = broken.told(REFUSED[name]())

    assert [(row["rule"], row["line"]) for row in told["violations"]] == [("F0", 0)]
    assert told["remarks"] == []
    assert told["summary"]["leaves"] == 0


def test_a_zip_of_more_than_256_mib_is_refused(broken: Verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier, "ZIP_BYTES", len(GENUINE.zip()) - 1)

    assert broken(GENUINE.zip()) == {"F0 0"}


LINES = {
    "brackets": b"[" * 65_535,
    "objects": b'{"a":' * 13_000,
    "closing brackets first": b'{"a":1}' + b"]" * 30_000 + b"[" * 30_000,
    "escaped quotes": b'{"a":"' + b'\\"' * 32_000,
    "escaped backslashes": b'{"a":"' + b"\\" * 65_000 + b'"}',
    "empty arrays": b'{"a":[' + b"[]," * 21_000 + b"[]]}",
    "many names": b"{" + b",".join(b'"%d":0' % n for n in range(6_000)) + b"}",
    "a huge exponent": b'{"seq":1e999999999}',
    "a huge number": b'{"seq":' + b"9" * 65_000 + b"}",
    "a huge fraction": b'{"seq":0.' + b"9" * 65_000 + b"}",
    "noughts": b"{\x00}",
    "surrogates": b'{"\\udc00\\ud800":"\\ud800"}',
    "a name of the machine": b'{"__proto__":{"__class__":1},"kind":"_facts"}',
    "a kind that is a method": b'{"kind":"_line"}',
}


@pytest.mark.parametrize("name", LINES)
def test_a_hostile_line_is_a_line_that_breaks_rules(broken: Verifier, name: str) -> None:
    found = broken(announced().raw(5, LINES[name]), running=True)

    assert found
    assert {each.split()[1] for each in found} == {"5"}


@pytest.mark.parametrize("name", LINES)
def test_a_hostile_first_line_is_survived(broken: Verifier, name: str) -> None:
    assert any(each.endswith(" 1") for each in broken(announced().raw(1, LINES[name]), running=True))


NESTS: tuple[object, ...] = ({}, [], [{}], {"a": [1]}, None, True, 1.5, "x", -(2**53) + 1)


@pytest.mark.parametrize("kind", ["open", "qualify", "bid", "suspend", "resume", "close", "void", "note"])
def test_any_value_in_any_field_of_any_line_is_survived(broken: Verifier, kind: str) -> None:
    """The first line is kept whole, so a nest in it reaches all that is asked later."""
    receipts, files = (sealed(receipt(sold(), 6)), sealed(refusal())), GENUINE.contents()
    for value, seq in product(NESTS, (1, 9)):
        book = sold()
        book.entries[seq - 1] = dict.fromkeys(sorted(verifier.KNOWN), value) | {"kind": kind}
        data = zipped({**files, "record.jsonl": book.data()})
        assert f"P1 {seq}" in broken(data, receipts=receipts)


def test_of_very_many_violations_the_first_thousand_are_listed(broken: Verifier) -> None:
    told = broken.told(b"{}\n" * 5_000)
    rows = [(row["line"], row["rule"]) for row in told["violations"]]

    assert len(rows) == 1_000
    assert rows == sorted(rows)
    assert rows[:5] == [(0, "C1"), (1, "S2"), (1, "S3"), (1, "S6"), (1, "S7")]
    assert rows[-1][0] < 400


def test_sentences_are_printable_whatever_was_read(broken: Verifier) -> None:
    evil = "\x1b[2J\u202e\ud800" + "x" * 500
    told = broken.told(b'{"kind":%s}\n' % verifier.json.dumps(evil).encode())
    lines = list(verifier.sentences(told))

    assert all(line.isascii() and line.isprintable() for line in lines)
    assert max(map(len, lines)) < 500


@pytest.mark.parametrize("seed", range(6))
def test_damage_anywhere_in_a_record_is_survived_and_found(broken: Verifier, seed: int) -> None:
    """Of the last line nobody holds the hash; only its own form can tell."""
    dice = random.Random(seed)
    chained = len(sold().data()) - len(sold().lines()[-1]) - 1
    for _ in range(40):
        raw = bytearray(sold().data())
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(chained)
            raw[place : place + dice.choice((0, 1, 1, 5))] = dice.randbytes(dice.randrange(3))
        assert broken(bytes(raw)) or bytes(raw) == sold().data()


@pytest.mark.parametrize("seed", range(4))
def test_damage_anywhere_in_a_zip_is_survived(broken: Verifier, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(30):
        raw = bytearray(GENUINE.zip())
        for _ in range(dice.randint(1, 6)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        broken(bytes(raw))


@pytest.mark.parametrize("name", ["checkpoint", "policy", "keys.json", "proofs/3.tlog-proof", "notices.json"])
def test_damage_to_a_file_before_it_is_packed_is_survived(broken: Verifier, name: str) -> None:
    dice = random.Random(name)
    files = GENUINE.contents()
    for _ in range(40):
        raw = bytearray(files[name])
        raw[dice.randrange(len(raw))] = dice.randrange(256)
        broken(zipped({**files, name: bytes(raw)}))


NO_BASE64 = ["QQ", "QQ=", "QR==", "QQ== ", " QQ==", "QQ==QQ==", "QQ\n==", "QQ==\u0131", "-_=="]


@pytest.mark.parametrize("text", NO_BASE64)
def test_base64_is_strict(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        verifier.unbase64(text)


def test_base64_gives_back_what_was_encoded() -> None:
    assert verifier.unbase64(b64(bytes(range(256)))) == bytes(range(256))
