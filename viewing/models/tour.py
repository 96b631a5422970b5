"""Tours, their scenes and the hotspots in them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tour(models.Model):
    """A VR tour of one property; `digest` is the tree hash of its scenes once frozen."""

    title = models.CharField(max_length=200)
    start = models.ForeignKey("viewing.Scene", models.SET_NULL, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.title


class Panorama(models.Model):
    """An uploaded original and what became of it; the row is the cutter's queue."""

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
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECEIVED)
    why = models.CharField(max_length=40, blank=True)
    levels = models.JSONField(default=list)
    tiles = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)


class Scene(models.Model):
    """One standpoint of a tour: a panorama, its start view in degrees, and its text twin."""

    tour = models.ForeignKey(Tour, models.CASCADE, related_name="scenes")
    panorama = models.ForeignKey(Panorama, models.PROTECT, related_name="scenes")
    name = models.CharField(max_length=60)
    description = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    yaw = models.FloatField(default=0)
    pitch = models.FloatField(default=0)
    fov = models.FloatField(default=75)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Hotspot(models.Model):
    """A point in a scene, yaw and pitch in degrees: a link to another scene, or a defect with its text."""

    class Kind(models.TextChoices):
        """What the point is for."""

        LINK = "link", _("Way to another scene")
        DEFECT = "defect", _("Known defect")
        INFO = "info", _("Remark")

    scene = models.ForeignKey(Scene, models.CASCADE, related_name="hotspots")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LINK)
    yaw = models.FloatField()
    pitch = models.FloatField()
    target = models.ForeignKey(Scene, models.CASCADE, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=300, blank=True)
