"""A standpoint of a tour and the points marked in it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scene(models.Model):
    """One standpoint of a tour: a panorama, its start view in degrees, and its text twin.

    `slug` is its public name, unique in the tour; `still` names the picture of the start view once drawn.
    """

    tour = models.ForeignKey("viewing.Tour", models.CASCADE, related_name="scenes")
    panorama = models.ForeignKey("viewing.Panorama", models.PROTECT, related_name="scenes")
    slug = models.SlugField(max_length=60, allow_unicode=True)
    name = models.CharField(max_length=60)
    description = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    yaw = models.FloatField(default=0)
    pitch = models.FloatField(default=0)
    fov = models.FloatField(default=75)
    still = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["tour", "slug"], name="one_scene_a_slug")]

    def __str__(self) -> str:
        return self.name


class Hotspot(models.Model):
    """A point in a scene, yaw and pitch in degrees: a link to another scene, a defect, or a remark."""

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

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text or self.get_kind_display()
