"""What happened or was published is a row that never changes: record, bids, ledger, documents, notices."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from auction.models.append_only import allow_changes, forbid_changes

TABLES = (
    "auction_event",
    "auction_bid",
    "auction_transfer",
    "auction_posting",
    "auction_document",
    "auction_notice",
    "auction_priorityright",
)


def forbid(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    forbid_changes(editor, *TABLES)


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    allow_changes(editor, *TABLES)


class Migration(migrations.Migration):
    dependencies = [("auction", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
