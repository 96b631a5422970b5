"""The fake's own SQLite file: objects, events to deliver, kept answers, recorded calls, clock and faults."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
create table if not exists object (
    seq integer primary key, id text unique not null, kind text not null, body text not null);
create table if not exists delivery (
    seq integer primary key, event_id text not null, due real not null, rank integer not null,
    attempts integer not null default 0, state text not null default 'waiting');
create table if not exists answer (
    key text primary key, fingerprint text not null, status integer not null, body text not null,
    at integer not null);
create table if not exists call (
    seq integer primary key, at integer, method text, path text, params text, idempotency_key text,
    status integer, replayed integer);
create table if not exists setting (name text primary key, value text not null);
"""
TABLES = ("object", "delivery", "answer", "call", "setting")
KEPT_SECONDS = 24 * 3600
"""Stripe prunes idempotency keys after at least 24 hours; this one prunes at once then."""


class Store:
    """One connection behind one lock: requests are decided one after another."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        # Safe against a killed process, and quick; a power cut may lose test data.
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = off")
        self._db.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of it or none of it."""
        with self.lock:
            self._db.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Run one statement and return its rows."""
        with self.lock:
            return self._db.execute(sql, values).fetchall()

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._db.close()

    # objects

    def put(self, body: dict[str, Any]) -> dict[str, Any]:
        """Store an object under its id."""
        changed = "on conflict (id) do update set body = excluded.body"
        sql = f"insert into object (id, kind, body) values (?, ?, ?) {changed}"
        self.rows(sql, body["id"], body["object"], json.dumps(body))
        return body

    def get(self, identifier: str) -> dict[str, Any] | None:
        """Return the object, or None."""
        found = self.rows("select body from object where id = ?", identifier)
        return json.loads(found[0]["body"]) if found else None

    def every(self, kind: str) -> list[dict[str, Any]]:
        """Return all objects of a kind, newest first as Stripe lists them."""
        found = self.rows("select body from object where kind = ? order by seq desc", kind)
        return [json.loads(row["body"]) for row in found]

    # kept answers and recorded calls

    def kept(self, key: str, at: int) -> sqlite3.Row | None:
        """Return the answer kept for an idempotency key, unless it is pruned."""
        self.rows("delete from answer where at <= ?", at - KEPT_SECONDS)
        found = self.rows("select * from answer where key = ?", key)
        return found[0] if found else None

    def keep(self, key: str, fingerprint: str, status: int, body: str, at: int) -> None:
        """Keep an answer for an idempotency key."""
        self.rows("insert into answer values (?, ?, ?, ?, ?)", key, fingerprint, status, body, at)

    def record(self, call: tuple[Any, ...]) -> None:
        """Record a call: at, method, path, params, key, status, replayed."""
        columns = "at, method, path, params, idempotency_key, status, replayed"
        self.rows(f"insert into call ({columns}) values (?, ?, ?, ?, ?, ?, ?)", *call)

    def calls(self) -> list[dict[str, Any]]:
        """Return the recorded calls in order."""
        found = [dict(row) for row in self.rows("select * from call order by seq")]
        return [
            row | {"params": json.loads(row["params"]), "replayed": bool(row["replayed"])} for row in found
        ]

    # settings: clock and faults

    def setting(self, name: str, default: Any) -> Any:
        """Return a setting."""
        found = self.rows("select value from setting where name = ?", name)
        return json.loads(found[0]["value"]) if found else default

    def set(self, name: str, value: Any) -> None:
        """Change a setting."""
        self.rows("insert or replace into setting values (?, ?)", name, json.dumps(value))

    def count_down(self, name: str) -> bool:
        """Return True and take one off while the named counter is above zero."""
        left = int(self.setting(name, 0))
        if left > 0:
            self.set(name, left - 1)
        return left > 0

    def now(self) -> int:
        """Return the fake's time: the set one, else the real one."""
        return int(self.setting("now", None) or time.time())

    def reset(self) -> None:
        """Forget everything."""
        for table in TABLES:
            self.rows(f"delete from {table}")
