"""No index on who leads: a bid then changes no index of its round, which PostgreSQL updates in place (HOT)."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("auction", "0006_keys_first")]
    operations = [
        migrations.AlterField(
            "round",
            "leading",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="auction.bidder",
            ),
        ),
    ]
