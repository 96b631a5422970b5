"""An ordinary photograph beside the panoramas of a tour."""

from __future__ import annotations

from django.db import models


class Photo(models.Model):
    """A published photograph: `digest` names its file among the stills, width and height are in pixels."""

    tour = models.ForeignKey("viewing.Tour", models.CASCADE, related_name="photos")
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["tour", "digest"], name="one_photo_once_a_tour")]

    def __str__(self) -> str:
        return self.caption or self.digest[:12]
