"""The role the site works as on PostgreSQL: it may add to the record, and change nothing of it.

The triggers refuse changes to whoever asks, but the owner of a table can take them away. Whoever takes over a
web or clerk process has only this role: it cannot, and was never given the right to change what they guard.
"""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction
from psycopg import sql

SCHEMA: Final = sql.Identifier("public")
GUARD: Final = "refuse_change"  # the function of the triggers, by which append-only tables are known
NEVER_DELETED: Final = ("auction_log", "auction_loggedround", "auction_witnessed", "django_migrations")
GUARDED: Final = """
SELECT DISTINCT relname FROM pg_trigger
JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE proname = %s ORDER BY relname
"""
TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


class NotPostgreSQL(Exception):
    """The database has no roles."""


@transaction.atomic
def grant(*, role: str, password: str) -> list[str]:
    """Make the role if there is none, and give it what it may do, no more; return the append-only tables.

    The owner of the tables does this, again after each migration: a new table is nobody's before.

    :raises NotPostgreSQL: if there are no roles
    """
    if connection.vendor != "postgresql":
        raise NotPostgreSQL
    name, kept = sql.Identifier(role), _column(GUARDED, GUARD)
    _make(role, password)
    _do("REVOKE CREATE ON SCHEMA {} FROM PUBLIC", SCHEMA)
    _do("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}", SCHEMA, name)
    _do("GRANT USAGE ON SCHEMA {} TO {}", SCHEMA, name)
    _do("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}", SCHEMA, name)
    for table in _column(TABLES):
        rights = sql.SQL(_rights(table, kept))
        _do("GRANT {} ON {}.{} TO {}", rights, SCHEMA, sql.Identifier(table), name)
    return kept


def _rights(table: str, kept: list[str]) -> str:
    if table == "django_migrations":
        return "SELECT"
    if table in kept:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if table in NEVER_DELETED else "SELECT, INSERT, UPDATE, DELETE"


def _make(role: str, password: str) -> None:
    """Make the role, or give it the password anew; it owns nothing and rules nobody.

    The password is hashed here, so that it is in no log of the server's.
    """
    there = _column("SELECT rolname FROM pg_roles WHERE rolname = %s", role)
    act = "ALTER ROLE {} " if there else "CREATE ROLE {} "
    powers = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
    with connection.cursor() as cursor:
        server = cursor.connection.pgconn
    hashed = server.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    _do(act + powers, sql.Identifier(role), sql.Literal(hashed))


def _do(statement: str, *parts: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*parts).as_string(cursor.connection))


def _column(query: str, *given: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(given))
        return [value for (value,) in cursor.fetchall()]
