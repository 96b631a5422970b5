"""Databases brought up to date once and copied from then on: migrating takes seconds, copying hardly any."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import psycopg


def bring_up_to_date(url: str, migrate: Callable[[], object]) -> None:
    """Give an empty database every table: by migrating it, or by copying one migrated before.

    One that is not empty is migrated as it is.
    """
    if url.startswith("sqlite"):
        _sqlite(Path(url.removeprefix("sqlite:///")), migrate)
    else:
        _postgresql(url, migrate)


def _sqlite(path: Path, migrate: Callable[[], object]) -> None:
    kept = _folder() / "migrated.sqlite3"
    if path.exists() or not kept.exists():
        fresh = not path.exists()
        migrate()
        if fresh and not path.with_name(f"{path.name}-wal").exists():
            shutil.copyfile(path, kept)
    else:
        shutil.copyfile(kept, path)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="judicial-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _postgresql(url: str, migrate: Callable[[], object]) -> None:
    server, _, name = url.rpartition("/")
    kept = f"migrated_{os.getpid()}"
    if not _is_empty(url):
        migrate()
    elif _exists(server, kept):
        _copy(server, kept, name)
    else:
        migrate()
        _copy(server, name, kept)
        atexit.register(_drop, server, kept)


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone() is None


def _exists(server: str, name: str) -> bool:
    with psycopg.connect(f"{server}/postgres") as connection:
        return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _copy(server: str, kept: str, name: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{kept}"'.encode())


def _drop(server: str, name: str) -> None:
    gone = suppress(psycopg.OperationalError)  # the tests' own server, and all with it
    with gone, psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
