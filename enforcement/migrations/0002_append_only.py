"""The line of a case never changes: triggers refuse it."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from auction.models.append_only import allow_changes, forbid_changes

TABLES = ("enforcement_caseevent",)


def forbid(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    forbid_changes(editor, *TABLES)


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    allow_changes(editor, *TABLES)


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
