"""Databases brought up to date once and copied from then on: migrating takes seconds, copying hardly any.

What is kept lies in the folder `MIGRATED_DIR`, which all stages of `make test` share, or in one of our own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from tests.support.servers import postgresql_client

SQLITE = "migrated.sqlite3"
LOADING = ("--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null")


def bring_up_to_date(url: str, migrate: Callable[[], object]) -> None:
    """Give an empty database every table: by migrating it, or by copying one migrated before.

    One that is not empty is migrated as it is.
    """
    if url.startswith("sqlite"):
        _sqlite(Path(url.removeprefix("sqlite:///")), migrate)
    else:
        _postgresql(url, migrate)


def copying(call_command: Callable[..., object]) -> Callable[..., object]:
    """Return Django's `call_command` so that the tests' own new database is copied where that is possible."""

    def call(name: str, *words: Any, **options: Any) -> object:
        migrate = partial(call_command, name, *words, **options)
        if name != "migrate" or not options.get("run_syncdb"):
            return migrate()
        return _fresh(options["database"], migrate)

    return call


def _fresh(alias: str, migrate: Callable[[], object]) -> None:
    from django.db import connections

    connections[alias].ensure_connection()
    about = connections[alias].get_connection_params()
    if connections[alias].vendor == "postgresql":
        words = {name: about.get(name) for name in ("host", "port", "user", "password", "dbname")}
        _postgresql(make_conninfo(**words), migrate)
    elif connections[alias].is_in_memory_db():
        fill(connections[alias].connection, migrate)
    else:
        migrate()


def fill(memory: sqlite3.Connection, migrate: Callable[[], object]) -> None:
    """Give an empty database in memory every table."""
    kept = _folder() / SQLITE
    if kept.exists():
        with closing(sqlite3.connect(kept)) as source:
            source.backup(memory)
    else:
        migrate()
        _keep(kept, lambda place: _backed_up(memory, place))


def _backed_up(memory: sqlite3.Connection, place: Path) -> None:
    with closing(sqlite3.connect(place)) as target:
        memory.backup(target)


def _sqlite(path: Path, migrate: Callable[[], object]) -> None:
    kept = _folder() / SQLITE
    if path.exists() or not kept.exists():
        fresh = not path.exists()
        migrate()
        if fresh and not path.with_name(f"{path.name}-wal").exists():
            _keep(kept, lambda place: shutil.copyfile(path, place))
    else:
        shutil.copyfile(kept, path)


def _postgresql(url: str, migrate: Callable[[], object]) -> None:
    kept = _folder() / "migrated.sql"
    if not _is_empty(url):
        migrate()
    elif kept.exists():
        _run("psql", *LOADING, f"--file={kept}", url)
    else:
        migrate()
        if postgresql_client("psql") and postgresql_client("pg_dump"):
            _keep(kept, lambda place: _run("pg_dump", "--no-owner", f"--file={place}", url))


def _keep(kept: Path, write: Callable[[Path], object]) -> None:
    """Write beside and put in place at once: others may do the same, or look."""
    place = kept.with_suffix(f".{os.getpid()}")
    write(place)
    place.replace(kept)


@cache
def _folder() -> Path:
    if given := os.environ.get("MIGRATED_DIR"):
        return Path(given)
    folder = Path(tempfile.mkdtemp(prefix="judicial-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone() is None


def _run(name: str, *words: str) -> None:
    done = subprocess.run(
        [str(postgresql_client(name)), *words], capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        raise AssertionError(f"{name} failed:\n{done.stdout}\n{done.stderr}")
