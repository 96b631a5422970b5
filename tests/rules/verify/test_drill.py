"""The tampering drill: what someone with all rights to the database changes, and who notices.

Each edit is made as well as it can be: numbered, chained and written anew. `record` is what a stranger finds
in the record alone; all but the genuine are caught by the log where its key was not at hand (the proofs no
longer fit), and where it was, by one bidder's receipt or one kept checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.publishing import Publication, published, receipt, sealed, zipped
from tests.support.records import CHEN, END, HOUR, LIN, PRICE, START, START_T, STEP, ZHAO, Book, sold

from .conftest import Verifier

GENUINE = published()
TWO_O_CLOCK = START_T + 2 * HOUR
MINE = tuple(sealed(receipt(sold(), seq)) for seq in (6, 7, 8, 9, 12))


def without(seq: int) -> Book:
    book = sold()
    del book.entries[seq - 1]
    return book


def swapped(one: int, other: int) -> Book:
    book = sold()
    entries = book.entries
    entries[one - 1], entries[other - 1] = entries[other - 1], entries[one - 1]
    return book


def ghost() -> Book:
    """Return the record with a bid nobody made, the ghost qualified beforehand."""
    book = sold()
    later = book.entries[8:]
    del book.entries[8:]
    book.bid(ZHAO, START + STEP + STEP, START_T + 4 * HOUR)
    book.entries += later
    return book.edit(10, amount=START + 3 * STEP).edit(13, amount=PRICE + STEP).edit(14, price=PRICE + STEP)


def truncated() -> Book:
    book = sold()
    del book.entries[12:]
    return book


def last_bid(amount: int) -> Book:
    return sold().edit(12, amount=amount).edit(13, price=amount)


def given_to_lin() -> Book:
    return sold().edit(12, code=LIN).edit(13, winner=LIN)


DRILL: dict[str, tuple[Callable[[], Book], bool]] = {  # the edit, and whether the record alone shows it
    "the last bid lowered, and the price": (lambda: last_bid(PRICE - 1), True),
    "the last bid raised, and the price": (lambda: last_bid(PRICE + 7), False),
    "a bid dropped": (lambda: without(8), False),
    "the last bid dropped": (lambda: without(12), True),
    "two bids in another order": (lambda: swapped(6, 8), True),
    "the end cut off": (truncated, True),
    "the last bid given to another": (given_to_lin, False),
    "the winner renamed": (lambda: sold().edit(13, winner=LIN), True),
    "codes swapped in two bids": (lambda: sold().edit(6, code=CHEN).edit(8, code=CHEN), False),
    "a bid back-dated": (lambda: sold().edit(8, in_t=TWO_O_CLOCK + 30, t=TWO_O_CLOCK + 40), False),
    "a bid back-dated before the one before": (lambda: sold().edit(8, in_t=START_T, t=START_T + 20), True),
    "a bid nobody made": (ghost, False),
    "the client's id of a bid changed": (lambda: sold().edit(9, cid="mine"), False),
    "a suspension taken out": (lambda: without(10), True),
    "the reason of a suspension changed": (lambda: sold().edit(10, reason="maintenance"), False),
    "a qualification taken out": (lambda: without(2), True),
    "a commitment exchanged": (lambda: sold().edit(4, commit="0" * 64), False),
    "the start changed": (lambda: sold().edit(1, start=START + 1), True),
    "the step changed": (lambda: sold().edit(1, step=STEP - 1), False),
    "closed a minute earlier": (lambda: sold().edit(13, t=END - 60_000), True),
    "a second end": (lambda: sold().add("void", END + 2 * HOUR, reason="x"), True),
    "a bid after the end": (lambda: sold().bid(LIN, PRICE + STEP, END + 2 * HOUR), True),
}


@pytest.mark.parametrize("name", DRILL)
def test_the_record_alone_shows_what_breaks_a_rule_and_only_that(broken: Verifier, name: str) -> None:
    edit, is_shown = DRILL[name]

    assert bool(broken(edit())) is is_shown


@pytest.mark.parametrize("name", DRILL)
def test_without_the_logs_key_every_edit_is_caught(broken: Verifier, name: str) -> None:
    edited = DRILL[name][0]()
    found = broken(zipped({**GENUINE.contents(), "record.jsonl": edited.data()}))

    assert {each for each in found if each.startswith(("L2", "C1"))}


@pytest.mark.parametrize("name", DRILL)
def test_with_the_logs_key_every_edit_but_one_at_the_very_end_is_caught_by_a_kept_checkpoint(
    broken: Verifier, name: str
) -> None:
    fork = Publication(DRILL[name][0]().lines())
    size = min(len(fork.leaves), len(GENUINE.leaves)) - 2
    kept, proof = GENUINE.checkpoint(size), fork.consistency(size)
    added_only = {"a second end", "a bid after the end", "the end cut off"}

    assert ("L5 0" in broken(fork.zip(), since=kept, growths=(proof,))) is (name not in added_only)


@pytest.mark.parametrize("name", DRILL)
def test_with_the_logs_key_every_edit_before_a_bid_is_caught_by_its_receipt(
    broken: Verifier, name: str
) -> None:
    """A receipt names the hash of the line before, so it holds all that came before the bid."""
    edited = DRILL[name][0]()
    is_before_a_bid = edited.lines()[:12] != sold().lines()[:12]

    assert ("R2 0" in broken(Publication(edited.lines()).zip(), receipts=MINE)) is is_before_a_bid
