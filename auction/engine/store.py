"""What a batch reads and writes, each in one statement, on PostgreSQL and SQLite alike.

Rows travel as one JSON parameter a statement: binding them one by one costs more than deciding them. On
PostgreSQL statements are prepared and pipelined: a batch takes two round trips, one that begins and reads and
one that writes and commits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from auction import clock
from auction.engine import lines, pipeline, statements
from auction.rules.window import DECIDE_WITHIN

PATIENCE_MS: Final = DECIDE_WITHIN // timedelta(milliseconds=1)
# A batch asks for a few rows by their keys. No plan made while a table was small may read it whole when it is
# large: only loops over indexes are left.
LOOPS_ONLY: Final = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_material")
SETTINGS: Final = "SELECT set_config('lock_timeout', %s, true), " + ", ".join(
    f"set_config('{name}', 'off', true)" for name in LOOPS_ONLY
)
Row = tuple[Any, ...]
Answer = Callable[[], list[Row]]
Fields = Mapping[str, object]

_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


@contextmanager
def batch(patience_ms: int) -> Iterator[None]:
    """Begin, and at the end commit; a lock is waited for so long and no longer.

    Inside a caller's transaction (tests) it is a part of that one. Errors are Django's.
    """
    if connection.in_atomic_block:
        with transaction.atomic(durable=True), connection.wrap_database_errors, _together():
            yield
        return
    connection.ensure_connection()
    with lines.watched(), connection.wrap_database_errors:
        try:
            with _together():
                begin(patience_ms)
                yield
                commit()
        except BaseException:
            with suppress(Exception):  # a broken connection; whoever asked us will drop it
                connection.connection.rollback()
            raise


def begin(patience_ms: int) -> None:
    """Begin, on PostgreSQL without a round trip of its own."""
    if connection.vendor == "sqlite":
        _send(f"PRAGMA busy_timeout = {patience_ms}")
        _send("BEGIN IMMEDIATE")
    else:
        _send("BEGIN")
        _send(SETTINGS, f"{patience_ms}ms")


def commit() -> None:
    """Commit; when this returns, it is on the disk."""
    if connection.vendor == "sqlite":
        connection.connection.commit()
    else:
        _send("COMMIT")()


def locked(round_ids: Sequence[int], *, wait: bool) -> Answer:
    """Lock rounds and read each one's `statements.LOCKED`; without waiting, of those nobody else holds."""
    return _ask(statements.locking(wait=wait), round_ids)


def leading(round_ids: Sequence[int]) -> Answer:
    """Read (round, number, rank) of the bidders who lead; to be asked after the lock."""
    return _ask(statements.leading(), round_ids)


def known(asked: Sequence[Fields]) -> Answer:
    """Read, for each offer asked about, `statements.KNOWN`."""
    return _ask(statements.knowing(), asked)


def told() -> Callable[[], datetime]:
    """Ask the database what time it is, after the lock: no process's own clock decides what is late.

    SQLite has no clock but the machine's, which the process follows; one set by hand is asked as it is.

    :raises Refused: if the clock that is followed is unknown or jumping
    """
    if settings.PLATFORM_CLOCK or connection.vendor == "sqlite":
        followed = clock.now()
        return lambda: followed
    answer = _send("SELECT clock_timestamp()")
    return lambda: clock.whole_ms(answer()[0][0])


def insert_events(rows: Sequence[Fields]) -> None:
    """Write entries of records."""
    _tell(statements.inserting(statements.EVENTS, statements.EVENT), rows)


def insert_bids(rows: Sequence[Fields]) -> None:
    """Write decided bids."""
    _tell(statements.inserting(statements.BIDS, statements.BID), rows)


def save_rounds(rows: Sequence[Fields]) -> None:
    """Write what now stands in rounds."""
    _tell(statements.saving(), rows)


@lru_cache(4096)
def text(at: datetime | None) -> str | None:
    """Return an instant, which is in UTC, as SQLite keeps it and PostgreSQL reads it: without its zone."""
    return None if at is None else at.isoformat(" ")[:-6]


def aware(at: datetime | None) -> datetime | None:
    """Return an instant with its zone, which SQLite does not keep."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _together() -> AbstractContextManager[None]:
    """Let this thread's statements travel together, where the database can."""
    return nullcontext() if connection.vendor == "sqlite" else pipeline.of(connection.connection).open()


def _send(query: str, *bound: str) -> Answer:
    """Send a statement; its answer is waited for when it is called for, so several may be on their way."""
    here = connections[DEFAULT_DB_ALIAS]
    if here.vendor == "postgresql":
        return pipeline.of(here.connection).send(query, *bound)
    cursor = here.create_cursor()
    cursor.execute(query, bound)
    answer: Answer = cursor.fetchall
    return answer


def _ask(query: str, parameter: Sequence[object]) -> Answer:
    return _send(query, _json(parameter))


def _tell(command: str, rows: Sequence[Fields]) -> None:
    if rows:
        _send(command, _json(rows))
