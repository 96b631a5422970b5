"""The way of a property to its announcement: panel decision, notices, the eleven items."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from auction.models import RoundKind


class Listing(models.Model):
    """One attempt to bring a property to sale: the wizard's draft, then the frozen announcement.

    `items` maps art. 13 item numbers ("1".."11") to {"text": what the officer adds to the text made from the
    facts} or {"waived": reason}; `follows` is the attempt before; `round` is set on publication.
    """

    property = models.ForeignKey("enforcement.Property", models.PROTECT, related_name="listings")
    reference_price = models.ForeignKey(
        "enforcement.ReferencePrice", models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=RoundKind.choices, default=RoundKind.FIRST_AUCTION)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    title = models.CharField(max_length=200, blank=True)
    items = models.JSONField(default=dict)
    disclaimer = models.BooleanField(default=False)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    round = models.OneToOneField("auction.Round", models.PROTECT, null=True, related_name="listing")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("enforcement.Officer", models.PROTECT, null=True, related_name="+")
    cursor = models.PositiveIntegerField(default=0)  # record entries of the round already followed

    def __str__(self) -> str:
        return self.title or str(self.property)


class PanelDecision(models.Model):
    """The panel's decision on the five matters of art. 27; replaced by another decision, never edited."""

    listing = models.OneToOneField(Listing, models.PROTECT, related_name="decision")
    starting_price_fen = models.BigIntegerField()
    increment_fen = models.BigIntegerField()
    deposit_fen = models.BigIntegerField()
    balance_days = models.PositiveSmallIntegerField(default=10)
    priority = models.JSONField(default=list)  # [{"party": id, "nature": "承租人", "rank": 1}]
    members = models.ManyToManyField("enforcement.Officer", related_name="+")
    document = models.CharField(max_length=100)
    decided_on = models.DateField()


class PartyNotice(models.Model):
    """Notice of the sale to one party or priority purchaser (art. 16)."""

    class Channel(models.TextChoices):
        """How it went out, or why it did not need to."""

        ELECTRONIC = "electronic", _("Electronic service")
        POST = "post", _("Post")
        IN_PERSON = "in_person", _("In person")
        WAIVED = "waived", _("Waived in writing")
        UNREACHABLE = "unreachable", _("Could not be reached; posted on the platform")

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="notices")
    party = models.ForeignKey("enforcement.Party", models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    proof = models.CharField(max_length=200)
    done_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "party"], name="one_notice_a_party")]
