"""A tour: the scenes of one property, open to change until it is frozen."""

from __future__ import annotations

from django.db import models


class Tour(models.Model):
    """A VR tour of one property; `digest` seals its scenes once frozen, and a frozen tour is public.

    `keepers` is the group (a court's officers) that may change it; without one, whoever may change tours.
    """

    title = models.CharField(max_length=200)
    start = models.ForeignKey("viewing.Scene", models.SET_NULL, null=True, blank=True, related_name="+")
    keepers = models.ForeignKey("auth.Group", models.PROTECT, null=True, blank=True, related_name="tours")
    frozen_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.title
