"""After the sale: ruling, handover, case funds and their distribution."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ruling(models.Model):
    """The ruling on the sale (成交裁定): title passes when it is served on the purchaser (art. 22¶2)."""

    listing = models.OneToOneField("enforcement.Listing", models.PROTECT, related_name="ruling")
    number = models.CharField(max_length=80)
    purchaser = models.CharField(max_length=100)
    price_fen = models.BigIntegerField()
    pdf = models.BinaryField()
    digest = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    served_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    handover_note = models.CharField(max_length=300, blank=True)


class Cost(models.Model):
    """A cost of the sale, borne first out of the proceeds (执行工作规定 34, 网拍 7)."""

    listing = models.ForeignKey("enforcement.Listing", models.PROTECT, related_name="costs")
    name = models.CharField(max_length=100)
    receipt = models.CharField(max_length=100, blank=True)
    amount_fen = models.BigIntegerField()


class Distribution(models.Model):
    """A distribution plan of a case's funds from one sale: drafted, then paid out; sums to the fen."""

    class State(models.TextChoices):
        """draft → paid."""

        DRAFT = "draft", _("Draft")
        PAID = "paid", _("Paid out")

    listing = models.OneToOneField("enforcement.Listing", models.PROTECT, related_name="distribution")
    proceeds_fen = models.BigIntegerField()
    state = models.CharField(max_length=5, choices=State.choices, default=State.DRAFT)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("enforcement.Officer", models.PROTECT, related_name="+")
    paid_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("enforcement.Officer", models.PROTECT, null=True, related_name="+")


class Share(models.Model):
    """One line of a distribution: step of the order, what was asked, what is given, and the article."""

    distribution = models.ForeignKey(Distribution, models.PROTECT, related_name="shares")
    order = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=16)
    payee = models.CharField(max_length=100)
    claim = models.ForeignKey("enforcement.Claim", models.PROTECT, null=True, related_name="shares")
    asked_fen = models.BigIntegerField()
    given_fen = models.BigIntegerField()
    article = models.CharField(max_length=80)

    class Meta:
        ordering = ["order"]
