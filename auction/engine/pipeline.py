"""Statements that travel to PostgreSQL together and are answered in order (libpq's pipeline, by psycopg.pq).

psycopg's own pipeline goes to the socket after each statement: ten times a batch another thread may take the
interpreter, and the server wakes for every statement alone. Here what was sent leaves in one piece when
somebody waits for an answer.
"""

from __future__ import annotations

import itertools
import select
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

Rows = list[tuple[Any, ...]]
Answer = Callable[[], Rows]

FAILED: Final = frozenset({ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED})


class Pipeline:
    """The statements of one connection; each is prepared when first sent, and binds one text at most."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._line = connection.pgconn
        self._names: dict[str, bytes] = {}
        self._numbers = itertools.count()
        self._awaited: deque[Rows] = deque()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Let statements be sent; at the end all are answered, or the first error is raised."""
        self._line.enter_pipeline_mode()
        try:
            yield
            self.finish()
        except BaseException:
            with suppress(psycopg.Error):  # the line is broken
                self._forget()
            raise
        self._line.exit_pipeline_mode()

    def send(self, query: str, *bound: str) -> Answer:
        """Send a statement; its rows are waited for when they are called for."""
        name = self._names.get(query) or self._prepared(query)
        self._line.send_query_prepared(name, [text.encode() for text in bound], result_format=Format.BINARY)
        rows = self._expect()

        def answer() -> Rows:
            if any(rows is each for each in self._awaited):
                self._line.send_flush_request()
                self._receive(until=rows)
            return rows

        return answer

    def finish(self) -> None:
        """Wait until all that was sent is answered."""
        self._line.pipeline_sync()
        self._receive()
        self._next()

    def _prepared(self, query: str) -> bytes:
        name = self._names[query] = f"engine_{next(self._numbers)}".encode()
        self._line.send_prepare(name, query.replace("%s", "$1").encode())
        self._expect()
        return name

    def _expect(self) -> Rows:
        rows: Rows = []
        self._awaited.append(rows)
        return rows

    def _receive(self, until: Rows | None = None) -> None:
        """Take the answers that come, up to one or to the last."""
        while self._awaited:
            result = self._next()
            assert result is not None
            if result.status in FAILED:
                raise error_from_result(result)
            rows = self._awaited.popleft()
            rows += _read(result)
            self._next()
            if rows is until:
                return

    def _next(self) -> PGresult | None:
        """Return the next result; what waits to be sent leaves meanwhile."""
        while self._line.flush():
            self._wait(select.POLLIN | select.POLLOUT)
        while self._line.is_busy():
            self._wait(select.POLLIN)
        return self._line.get_result()

    def _wait(self, events: int) -> None:
        poll = select.poll()
        poll.register(self._line.socket, events)
        poll.poll()
        self._line.consume_input()

    def _forget(self) -> None:
        """Take what comes after an error, and prepare all anew: what was to be may not be."""
        self._awaited.clear()
        self._names.clear()
        self._line.pipeline_sync()
        while (result := self._next()) is None or result.status != ExecStatus.PIPELINE_SYNC:
            pass
        self._line.exit_pipeline_mode()


_pipelines: WeakKeyDictionary[psycopg.Connection[Any], Pipeline] = WeakKeyDictionary()


def of(connection: psycopg.Connection[Any]) -> Pipeline:
    """Return a connection's pipeline."""
    if connection not in _pipelines:
        _pipelines[connection] = Pipeline(connection)
    return _pipelines[connection]


def _read(result: PGresult) -> Sequence[tuple[Any, ...]]:
    """Return the rows of an answer."""
    if not result.ntuples:
        return ()
    reader = Transformer()
    reader.set_pgresult(result)
    return reader.load_rows(0, result.ntuples, tuple)
