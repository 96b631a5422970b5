"""Bugs planted on purpose: a simulation that does not find them proves nothing.

Each takes away one thing the product does and names the invariant that then breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from auction.engine import batch, book, statements, store
from auction.queries import due
from auction.rules import bidding
from auction.rules.bidding import Standing
from auction.rules.window import Window
from auction.services import closing
from tests.faults.sim.run import Task, judged

WORLDS = 20  # in which a bug must be found
SIZE = 50
EARLY = timedelta(seconds=3)
Bug = Callable[[], AbstractContextManager[Any]]


def nothing() -> AbstractContextManager[Any]:
    """Plant nothing: what is found then is no bug of ours."""
    return ExitStack()


def no_extension() -> AbstractContextManager[Any]:
    """Let a late bid move no end."""
    return patch.object(Window, "after_bid", lambda window, at: window)


def short_resumption() -> AbstractContextManager[Any]:
    """Give back only the time that was left, however little."""

    def resumed(window: Window, suspended_at: Any, at: Any) -> Window:
        return replace(window, closes_at=at + (window.closes_at - suspended_at))

    return patch.object(Window, "resumed", resumed)


@contextmanager
def no_idempotency() -> Iterator[None]:
    """Decide a key again that was decided before, and let no constraint of the database stand in."""
    judge, inserting = book.Book._judge, statements.inserting

    def ignoring(table: str, columns: dict[str, str]) -> str:
        return inserting(table, columns).replace("INSERT INTO", "INSERT OR IGNORE INTO", 1)

    with patch.object(book.Book, "judge", judge), patch.object(statements, "inserting", ignoring):
        yield


def no_lock() -> AbstractContextManager[Any]:
    """Judge by the standing that the batch before read, as without a lock two batches at once would."""
    whole = batch.open_book
    read: dict[int, tuple[int, Standing, int | None]] = {}

    def stale(row: Any, leader: Any, now: Any) -> Any:
        found = whole(row, leader, now)
        count, standing, price = read.get(found.pk, (0, found.standing, found.price_fen))
        read[found.pk] = (count + 1, found.standing, found.price_fen)
        if count % 4 == 3:
            found.standing, found.price_fen = standing, price
        return found

    return patch.object(batch, "open_book", stale)


@contextmanager
def early_close() -> Iterator[None]:
    """Close a round up to three seconds before its end."""

    def may_close(window: Window, at: Any) -> bool:
        return bool(at >= window.closes_at - EARLY)

    with patch.object(Window, "may_close", may_close), patch.object(due, "CLOSE_DELAY", -EARLY):
        yield


def asynchronous_commit() -> AbstractContextManager[Any]:
    """Answer before it is committed: a crash in between takes back what was promised."""

    def told_first(offers: Any, answer: Any, *, patience_ms: int = store.PATIENCE_MS) -> None:
        with store.batch(patience_ms):
            books, known = batch.read(batch.lock(offers, wait=True), offers)
            made = batch.judge(books, known, offers, wait=True)
            outcome = batch.sign(made)
            answer(outcome)
            batch.insert_events(books)
            batch.insert_bids(made, outcome)
            batch.save_rounds(books)
        batch.publish(books)

    return patch.object(batch, "decide_and_tell", told_first)


def told_uncommitted() -> AbstractContextManager[Any]:
    """Tell watchers what is not yet committed."""
    whole = batch.save_rounds

    def save_and_tell(books: Any) -> None:
        batch.publish(books)
        whole(books)

    return patch.object(batch, "save_rounds", save_and_tell)


def equal_without_rank() -> AbstractContextManager[Any]:
    """Let anyone match the price."""
    return patch.object(bidding, "outranks", lambda rank, other: True)


def equal_at_the_same_rank() -> AbstractContextManager[Any]:
    """Let a priority purchaser match another of the same rank."""

    def outranks(rank: int | None, other: int | None) -> bool:
        return rank is not None and (other is None or rank <= other)

    return patch.object(bidding, "outranks", outranks)


def less_than_a_step() -> AbstractContextManager[Any]:
    """Let a priority purchaser offer anything from the price up, as the product itself once did."""

    def enough(standing: Standing, bid: bidding.Bid) -> None:
        if bid.amount < bidding.least(standing, bid.rank):
            raise bidding.Refused(bidding.Ground.TOO_LOW)

    return patch.object(bidding, "_enough", enough)


def late_accepted() -> AbstractContextManager[Any]:
    """Take a bid as in time until the round is closed."""
    return patch.object(bidding, "_in_time", lambda standing, bid: None)


def late_at_the_end() -> AbstractContextManager[Any]:
    """Call a bid late that came in the last second before the end."""
    second = timedelta(seconds=1)
    return patch.object(
        Window, "admits", lambda window, at: window.opens_at <= at < window.closes_at - second
    )


def swapped_winner() -> AbstractContextManager[Any]:
    """Name another winner now and then."""
    whole = closing._result

    def result(round: Any) -> Any:
        told = dict(whole(round))
        return told | {"winner": "T0"} if told["winner"] else told

    return patch.object(closing, "_result", result)


BUGS: dict[str, tuple[Bug, str]] = {
    "nothing": (nothing, ""),
    "no extension": (no_extension, "E1"),
    "short resumption": (short_resumption, "E3"),
    "no idempotency": (no_idempotency, "A6"),
    "no lock": (no_lock, "B1"),
    "early close": (early_close, "C3"),
    "asynchronous commit": (asynchronous_commit, "A1"),
    "told before it is committed": (told_uncommitted, "W3"),
    "equal without a rank": (equal_without_rank, "B5"),
    "equal at the same rank": (equal_at_the_same_rank, "B5"),
    "less than a step": (less_than_a_step, "B1"),
    "late accepted": (late_accepted, "B2"),
    "late before the end": (late_at_the_end, "C8"),
    "swapped winner": (swapped_winner, "C6"),
}


def hunt() -> dict[str, dict[str, Any]]:
    """Plant each bug in turn and return after how many auctions which invariants broke."""
    return {name: _hunted(*bug) for name, bug in BUGS.items()}


def _hunted(bug: Bug, invariant: str) -> dict[str, Any]:
    counts: dict[str, int] = {}
    world = 0
    with bug():
        for world in range(WORLDS if invariant else 3):
            _, summary = judged(Task("bugs", world, SIZE))
            counts = dict(summary.counts)
            if invariant in counts:
                break
    found = invariant in counts if invariant else not counts
    return {"found": found, "auctions": (world + 1) * SIZE, "invariants": counts}
