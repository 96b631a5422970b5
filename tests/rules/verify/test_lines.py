"""Every line by itself (section 3 of docs/record-format.md, S0 to S7, P1, B0), each rule broken once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.records import NOON, START_T, Book, announced, hexed, sold

from .conftest import Verifier

DEEPEST = b"[" * 3 + b"]" * 3


def swap(old: str, new: str, seq: int = 6) -> Callable[[Book], Book]:
    """Return a change of the bytes of a line, which is the last but for a later one that breaks its chain."""
    return lambda book: book.reraw(seq, lambda line: line.replace(old.encode(), new.encode(), 1))


def member(text: bytes, seq: int = 14) -> Callable[[Book], Book]:
    """Return a change that adds a member at the end of a line's object."""
    return lambda book: book.reraw(seq, lambda line: line[:-1] + b"," + text + b"}")


def edit(seq: int, /, **changes: Any) -> Callable[[Book], Book]:
    return lambda book: book.edit(seq, **changes)


def raw(line: bytes, seq: int = 14) -> Callable[[Book], Book]:
    return lambda book: book.raw(seq, line)


def test_a_genuine_record_breaks_no_rule(broken: Verifier) -> None:
    told = broken.told(sold())

    assert told["ok"]
    assert told["summary"]["bids"] == 5
    assert told["summary"]["winner"] == "T9WB"
    assert {row["rule"] for row in told["remarks"]} == {"L1"}


SECOND_OPEN = edit(
    14, kind="open", drop=["about", "digest"], start=1, step=1, ext_ms=1, start_t=2, deadline=1
)
LAST = {  # the last line, a note after the end, is written otherwise: what then is broken
    "no JSON": (raw(b"{"), {"S0"}),
    "an empty line": (raw(b""), {"S0"}),
    "an array": (raw(b"[]"), {"S0"}),
    "a number": (raw(b"7"), {"S0"}),
    "no UTF-8": (swap("refunds", b"refu\\ud800nds".decode(), 14), {"S1"}),
    "a byte that is no UTF-8": (raw(b'{"a":"\xff"}'), {"S0"}),
    "a surrogate in UTF-8": (raw(b'{"a":"\xed\xa0\x80"}'), {"S0"}),
    "a byte order mark": (lambda book: book.reraw(14, lambda line: b"\xef\xbb\xbf" + line), {"S0"}),
    "NaN": (member(b'"x":NaN'), {"S0"}),
    "Infinity": (member(b'"x":-Infinity'), {"S0"}),
    "a control character": (member(b'"x":"\x01"'), {"S0"}),
    "two objects": (lambda book: book.reraw(14, lambda line: line * 2), {"S0"}),
    "five levels": (member(b'"x":[' + DEEPEST + b"]"), {"S0"}),
    "four levels": (member(b'"x":' + DEEPEST), {"P1"}),
    "brackets in a string": (edit(14, reason='[[[[[[{\\"[[[['), set()),
    "too long": (edit(14, reason="x" * 65_536), {"S0"}),
    "just not too long": (lambda book: pad(book, 65_535), set()),
    "one byte too long": (lambda book: pad(book, 65_536), {"S0"}),
    "spaces": (lambda book: book.reraw(14, lambda line: line + b" "), {"S1"}),
    "a carriage return": (lambda book: book.reraw(14, lambda line: line + b"\r"), {"S1"}),
    "a name twice": (member(b'"v":1'), {"S1"}),
    "names in another order": (member(b'"reason":1'), {"S1"}),
    "a fraction": (edit(14, reason=1.5), {"S1"}),
    "a whole number as a fraction": (swap('"v":1', '"v":1.0', 14), {"S1", "P1"}),
    "an exponent": (swap('"v":1', '"v":1e0', 14), {"S1", "P1"}),
    "minus nought": (lambda book: swap(":-1", ":-0", 14)(book.edit(14, reason=-1)), {"S1"}),
    "an escape not needed": (swap("refunds", "refund\\u0073", 14), {"S1"}),
    "the largest number": (edit(14, reason=2**53 - 1), set()),
    "a larger number": (lambda book: swap(":7", f":{2**53}", 14)(book.edit(14, reason=7)), {"S1"}),
    "5,000 digits": (lambda book: swap(":7", ":" + "7" * 5_000, 14)(book.edit(14, reason=7)), {"S1"}),
    "5,000 digits for seq": (swap('"seq":14', '"seq":' + "9" * 5_000, 14), {"S1", "S2", "P1"}),
    "another seq": (edit(14, seq=15), {"S2"}),
    "true for a seq of 1": (edit(14, seq=True), {"S2", "P1"}),
    "no seq": (lambda book: rewritten(book, "seq"), {"S2", "P1"}),
    "another prev": (edit(14, prev="0" * 64), {"S3"}),
    "a prev in capitals": (lambda book: book.edit(14, prev=hexed(book.lines()[12]).upper()), {"S3"}),
    "another lot": (edit(14, lot=18), {"S4"}),
    "a lot as text": (edit(14, lot="17"), {"S4", "P1"}),
    "a lot that is true": (edit(14, lot=True), {"S4", "P1"}),
    "written before the line before": (edit(14, t=START_T), {"S5"}),
    "a time as text": (edit(14, t="1795000000000"), {"P1"}),
    "a second open": (SECOND_OPEN, {"S6", "C2"}),
    "an unknown kind": (edit(14, kind="memo"), {"S7"}),
    "a kind that is a list": (edit(14, kind=["note"]), {"S7"}),
    "a field missing": (edit(14, drop=["about"]), {"P1"}),
    "a field that may not be": (edit(14, name="Chen Ping"), {"P1"}),
    "an amount that may not be": (edit(14, amount="much"), {"P1"}),
    "another version": (edit(14, v=2), {"P1"}),
    "true for version 1": (edit(14, v=True), {"P1"}),
    "a type that is wrong": (edit(14, deadline="noon"), {"P1"}),
    "a code of any type in a note": (edit(14, code=7), set()),
}


def pad(book: Book, size: int) -> Book:
    """Return the book with its last line just so long."""
    book.edit(14, reason="")
    return book.edit(14, reason="x" * (size - len(book.lines()[-1])))


def rewritten(book: Book, name: str) -> Book:
    """Return the book without a common field in its last line."""
    import rfc8785

    written = {**book[14], "v": 1, "lot": book.lot, "seq": 14, "prev": hexed(book.lines()[12])}
    return book.raw(14, rfc8785.dumps({key: value for key, value in written.items() if key != name}))


@pytest.mark.parametrize("name", LAST)
def test_a_line_written_otherwise_breaks_just_these_rules(broken: Verifier, name: str) -> None:
    change, rules = LAST[name]

    assert broken(change(sold())) == {f"{rule} 14" for rule in rules}


AMOUNTS = {
    "nought": 0,
    "negative": -5,
    "text": "70000000",
    "true": True,
    "null": None,
    "a fraction": 0.5,
}


@pytest.mark.parametrize("amount", AMOUNTS.values(), ids=AMOUNTS)
def test_an_amount_that_is_none_takes_no_part(broken: Verifier, amount: object) -> None:
    found = broken(sold().edit(8, amount=amount))

    assert found == {"B0 8"} | ({"S1 8"} if isinstance(amount, float) else set())


@pytest.mark.parametrize("field", ["start", "step"])
def test_a_wrong_start_or_step_takes_the_opening_away(broken: Verifier, field: str) -> None:
    """Then what nobody told is not asked about: the bids break nothing by it."""
    assert broken(sold().edit(1, **{field: 0})) == {"B0 1"}


def test_a_missing_amount_is_a_missing_field(broken: Verifier) -> None:
    assert broken(announced().bid("K7Q4", 1, START_T + 5).edit(6, drop=["amount"]), running=True) == {"P1 6"}


def test_both_an_amount_and_a_field_can_be_wrong(broken: Verifier) -> None:
    assert broken(sold().edit(8, amount=0, nickname="L")) == {"B0 8", "P1 8"}


def test_a_first_line_that_is_no_open_is_named(broken: Verifier) -> None:
    book = sold()
    del book.entries[0]

    assert "S6 1" in broken(book)


def test_a_broken_first_line_is_named_once_and_a_later_open_does_not_count(broken: Verifier) -> None:
    book = announced().raw(1, b"?")
    book.add("open", START_T + 1, start=1, step=1, ext_ms=5, start_t=2, deadline=1)

    assert broken(book, running=True) == {"S0 1", "S6 6"}


def test_true_is_not_the_number_of_the_first_line_nor_lot_1(broken: Verifier) -> None:
    assert broken(announced(seq=True), running=True) == {"S2 1", "P1 1"}

    first = announced()
    first.lot = 1
    assert broken(first.edit(5, lot=True), running=True) == {"S4 5", "P1 5"}


def test_two_lines_of_one_millisecond_are_in_order_and_one_less_is_not(broken: Verifier) -> None:
    close_t = sold()[13]["t"]

    assert broken(sold().edit(14, t=close_t)) == set()
    assert broken(sold().edit(14, t=close_t - 1)) == {"S5 14"}


def test_the_lot_is_that_of_the_first_line_that_can_be_read(broken: Verifier) -> None:
    told = broken.told(sold().raw(1, b"?").edit(7, lot=18))

    assert ("S4", 7) in {(row["rule"], row["line"]) for row in told["violations"]}
    assert told["summary"]["lot"] == 17


def test_a_lot_nobody_can_compare_differs_from_all(broken: Verifier) -> None:
    book = announced(lot=[17])

    assert {found for found in broken(book, running=True) if "S4" in found} == {
        f"S4 {n}" for n in range(2, 6)
    }


def test_the_hash_of_a_line_nobody_can_read_is_held_against_all_the_same(broken: Verifier) -> None:
    book = announced().raw(5, b"\xff")
    book.bid("K7Q4", 70_000_000, START_T + 5, NOON, prev="0" * 64)

    assert broken(book, running=True) == {"S0 5", "S3 6"}


def test_names_are_sorted_by_utf_16_units(broken: Verifier) -> None:
    """U+1F600 begins with the unit D83D and so stands before U+FF21, whose code point is smaller."""
    sorted_by_units = '{"\U0001f600":1,"\uff21":2}'
    by_points = '{"\uff21":2,"\U0001f600":1}'

    right = broken(member(b'"reason":0')(sold()).reraw(14, lambda _: with_reason(sorted_by_units)))
    wrong = broken(member(b'"reason":0')(sold()).reraw(14, lambda _: with_reason(by_points)))

    assert (right, wrong) == (set(), {"S1 14"})


def with_reason(value: str) -> bytes:
    """Return the last line of a genuine record with a reason of these very characters."""
    line = sold().edit(14, reason=7).lines()[13]
    return line.replace(b'"reason":7', f'"reason":{value}'.encode())


def test_what_every_line_can_break_is_asked_of_one_line_together(broken: Verifier) -> None:
    found = broken(sold().edit(14, seq=3, prev="", lot=1, t=5, kind="x"))

    assert found == {f"{rule} 14" for rule in ("S2", "S3", "S4", "S5", "S7")}
