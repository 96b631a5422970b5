"""Bids keep their receipts; indexes that others already serve are gone."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from auction.models.append_only import allow_changes, forbid_changes

TABLES = ("auction_event", "auction_bid")  # SQLite makes a changed table anew, and loses its triggers


def forbid(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    forbid_changes(editor, *TABLES)


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    allow_changes(editor, *TABLES)


class Migration(migrations.Migration):
    dependencies = [("auction", "0002_append_only")]
    operations = [
        migrations.RunPython(allow, forbid),
        migrations.AddField("bid", "receipt", models.TextField(blank=True, default="")),
        migrations.AlterField(
            "bid",
            "round",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bids",
                to="auction.round",
            ),
        ),
        migrations.AlterField(
            "bid",
            "bidder",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bids",
                to="auction.bidder",
            ),
        ),
        migrations.AlterField(
            "event",
            "round",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="auction.round",
            ),
        ),
        migrations.RunPython(forbid, allow),
    ]
