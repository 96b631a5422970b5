"""An uploaded original and what became of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Panorama(models.Model):
    """An original by its SHA-256; the row is the cutter's queue.

    `why` is the code of the fault of an unfit one; `tiles` is the tree hash of its published files.
    `claimed_at` and `attempts` let another cutter take up what a killed one left.
    """

    class State(models.TextChoices):
        """received → cutting → ready | unfit."""

        RECEIVED = "received", _("Received")
        CUTTING = "cutting", _("Being cut")
        READY = "ready", _("Ready")
        UNFIT = "unfit", _("Unfit")

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECEIVED, db_index=True)
    why = models.CharField(max_length=40, blank=True)
    levels = models.JSONField(default=list)
    tiles = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} ({self.digest[:12]})"
