"""Transactional tests empty every table at their end, which the triggers of the record rightly refuse.

Imported by the conftest of every folder that touches the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase


@pytest.fixture(scope="session", autouse=True)
def _tables_may_be_emptied() -> Iterator[None]:
    """Lift the triggers while a transactional test's tables are emptied."""
    emptying = TransactionTestCase._fixture_teardown

    def teardown(case: Any) -> None:
        with lifted_triggers():
            emptying(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@contextmanager
def lifted_triggers() -> Iterator[None]:
    """Run without the triggers of this database."""
    with _lifted_on_sqlite() if connection.vendor == "sqlite" else _lifted_on_postgresql():
        yield


@contextmanager
def _lifted_on_postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def _lifted_on_sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
    yield
    with connection.cursor() as cursor:
        for _, creating in triggers:
            cursor.execute(creating)
