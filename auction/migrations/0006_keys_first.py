"""Unique constraints lead with what finds one row: a bid's key, a registration's holder."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from auction.models.append_only import allow_changes, forbid_changes

TABLE = "auction_bid"  # SQLite makes a changed table anew, and loses its triggers


def forbid(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    forbid_changes(editor, TABLE)


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    allow_changes(editor, TABLE)


class Migration(migrations.Migration):
    dependencies = [("auction", "0005_practice")]
    operations = [
        migrations.RunPython(allow, forbid),
        migrations.RemoveConstraint("bid", "one_bid_a_key"),
        migrations.AddConstraint(
            "bid", models.UniqueConstraint(fields=["key", "bidder"], name="one_bid_a_key")
        ),
        migrations.RunPython(forbid, allow),
        migrations.RemoveConstraint("bidder", "one_registration_a_person"),
        migrations.AddConstraint(
            "bidder",
            models.UniqueConstraint(fields=["holder", "round"], name="one_registration_a_person"),
        ),
    ]
