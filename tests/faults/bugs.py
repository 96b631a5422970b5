"""Bugs planted on purpose, by name: a run that does not find them proves nothing.

Each takes away one thing the product does. Where a constraint of the database would stand in for it, that
run's database does without the constraint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tests.faults import failpoints


@dataclass(frozen=True)
class Bug:
    """What is done in the processes of the site, and to the database before they start."""

    plant: Callable[[], None]
    statements: tuple[str, ...] = ()


def plant(name: str) -> None:
    """Plant the bug of this name in this process; none if it is empty."""
    if name:
        BUGS[name].plant()


def _nothing() -> None:
    pass


def _no_extension() -> None:
    """A late bid moves no end."""
    from auction.rules.window import Window

    Window.after_bid = lambda window, at: window  # type: ignore[method-assign]


def _early_close() -> None:
    """A round is closed up to three seconds before its end."""
    from auction.queries import due
    from auction.rules.window import Window

    early = timedelta(seconds=3)

    def may_close(window: Window, at: datetime) -> bool:
        return at >= window.closes_at - early

    Window.may_close = may_close  # type: ignore[method-assign]
    due.CLOSE_DELAY = -early


def _no_idempotency() -> None:
    """A key that was decided before is decided again."""
    from auction.engine import book

    book.Book.judge = book.Book._judge  # type: ignore[method-assign]


def _no_lock() -> None:
    """The rows of rounds are read without a lock."""
    from auction.engine import statements

    locking = statements.locking
    failpoints.replace(statements, "locking", lambda *, wait: locking(wait=wait).partition(" FOR ")[0])


def _late_accepted() -> None:
    """A bid is in time until the round is closed."""
    from auction.rules import bidding

    failpoints.replace(bidding, "_in_time", lambda standing, bid: None)


def _left_out() -> None:
    """One leaf in ten is passed over as the public log grows."""
    from auction.services import sequence

    unlogged = sequence._unlogged
    failpoints.replace(sequence, "_unlogged", lambda log: [event for event in unlogged(log) if event.pk % 10])


def _dropped(table: str, *names: str) -> tuple[str, ...]:
    return tuple(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for name in names)


BUGS: Final[dict[str, Bug]] = {
    "asynchronous commit": Bug(
        _nothing,
        (
            "ALTER ROLE judicial SET synchronous_commit = off",
            "ALTER SYSTEM SET wal_writer_delay = '10s'",
            "SELECT pg_reload_conf()",
        ),
    ),
    "no extension": Bug(_no_extension),
    "early close": Bug(_early_close),
    "no idempotency": Bug(_no_idempotency, _dropped("auction_bid", "one_bid_a_key")),
    "no lock": Bug(
        _no_lock,
        (
            *_dropped("auction_event", "one_event_a_seq"),
            *_dropped("auction_bid", "one_bid_a_seq"),
        ),
    ),
    "late accepted": Bug(_late_accepted),
    "left out of the log": Bug(_left_out),
}
