"""Documents the platform generates, stored with their digest."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A generated document: the facts it was made from, its HTML and its PDF with SHA-256; never changed."""

    class Kind(models.TextChoices):
        """What it is."""

        CONFIRMATION = "confirmation", _("Confirmation of sale")

    round = models.ForeignKey("auction.Round", models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    facts = models.JSONField()
    pdf = models.BinaryField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "kind"], name="one_document_a_kind")]
