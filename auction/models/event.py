"""The record: what happened is a row that never changes."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One leaf of a round's record: canonical JSON (RFC 8785), chained by SHA-256; triggers refuse change."""

    # The unique constraint's index serves the key: one of its own would only cost.
    round = models.ForeignKey("auction.Round", models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)
    leaf = models.TextField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "seq"]
        constraints = [models.UniqueConstraint(fields=["round", "seq"], name="one_event_a_seq")]
