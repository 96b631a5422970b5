"""Tables whose rows never change: triggers refuse it on both databases, whoever asks."""

from __future__ import annotations

from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def forbid_changes(editor: BaseDatabaseSchemaEditor, *tables: str) -> None:
    """Let triggers refuse every update and delete on these tables (and, on PostgreSQL, truncation)."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL_FUNCTION, None)
    for table in tables:
        for statement in _creating(editor.connection.vendor, table):
            editor.execute(statement)


def allow_changes(editor: BaseDatabaseSchemaEditor, *tables: str) -> None:
    """Take the triggers away: for going back a migration, and for tests that empty their tables."""
    on = {"postgresql": " ON {table}", "sqlite": ""}[editor.connection.vendor]
    for table in tables:
        for act in ("update", "delete", "truncate"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on.format(table=table)}")


def _creating(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        return [
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} {refuse}"
            for act in ("update", "delete")
        ]
    return [
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
        f"FOR EACH {'STATEMENT' if act == 'truncate' else 'ROW'} EXECUTE FUNCTION refuse_change()"
        for act in ("update", "delete", "truncate")
    ]
