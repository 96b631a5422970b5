"""What a time-stamping authority said of how a round ended."""

from __future__ import annotations

from django.db import models


class Stamp(models.Model):
    """An authority's answer (RFC 3161, DER) over the bytes of a round's close; `at` is when by its clock."""

    round = models.OneToOneField("auction.Round", models.PROTECT, related_name="stamp")
    at = models.DateTimeField()
    answer = models.BinaryField()
