"""Who bids, by code; the person behind it is sealed until the end (arts. 8, 18)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Bidder(models.Model):
    """A registration for one round. There is deliberately no foreign key to a person.

    `holder` is a keyed hash of round and person, so only the person himself finds his row; `payer` one of
    round and name, to know whose money came; `sealed` is the identity with the nonce of its commitment, which
    only the vault opens, and only of who bought; `number` counts bidders inside the round.
    """

    round = models.ForeignKey("auction.Round", models.PROTECT, related_name="bidders")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=8, blank=True)
    holder = models.CharField(max_length=64)
    payer = models.CharField(max_length=64)
    sealed = models.BinaryField()
    commitment = models.CharField(max_length=64)
    rank = models.PositiveSmallIntegerField(null=True)
    warnings_digest = models.CharField(max_length=64)
    consented_at = models.DateTimeField()
    qualified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "round"], name="one_registration_a_person"),
            models.UniqueConstraint(fields=["round", "number"], name="one_number_a_bidder"),
            models.UniqueConstraint(
                fields=["round", "code"], condition=~models.Q(code=""), name="one_code_a_bidder"
            ),
        ]

    def __str__(self) -> str:
        return self.code or f"#{self.number}"


class Barred(models.Model):
    """A person or organisation that may not bid: everywhere (art. 34) or on one lot (art. 24)."""

    class Why(models.TextChoices):
        """The reason, which names its article in the rules."""

        OFFICE = "office", _("Court, provider or auxiliary staff, or close relative")
        DEFAULTER = "defaulter", _("Defaulting purchaser")
        HOUSE = "house", _("Consumption restriction or dishonest list: houses")

    number_hash = models.CharField(max_length=64, db_index=True)
    why = models.CharField(max_length=10, choices=Why.choices)
    lot = models.ForeignKey("auction.Lot", models.PROTECT, null=True, related_name="barred")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
