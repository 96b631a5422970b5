"""The enforcement case: number, parties, claims and the line of what happened."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Case(models.Model):
    """An enforcement case (执行案件); `number` is the canonical form (2021)京0105执1234号."""

    court = models.ForeignKey("enforcement.Court", models.PROTECT, related_name="cases")
    number = models.CharField(max_length=60, unique=True)
    cause = models.CharField(max_length=100, blank=True)
    title_document = models.CharField(max_length=200, blank=True)
    filed_on = models.DateField()
    officer = models.ForeignKey("enforcement.Officer", models.PROTECT, related_name="cases")
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number


class Party(models.Model):
    """A party of a case: a person with a checked identity number or an organisation with its USCC."""

    class Side(models.TextChoices):
        """Which side of the case, or a priority purchaser to be notified."""

        APPLICANT = "applicant", _("Applicant")
        DEBTOR = "debtor", _("Judgment debtor")
        CREDITOR = "creditor", _("Other creditor")
        PRIORITY = "priority", _("Priority purchaser")

    class Kind(models.TextChoices):
        """Natural person or organisation."""

        NATURAL = "natural", _("Natural person")
        ORGANISATION = "organisation", _("Organisation")

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    side = models.CharField(max_length=10, choices=Side.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=100)
    number = models.CharField(max_length=18)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """A claim against the debtor, in fen; `priority` orders secured claims (1 first), null is ordinary."""

    class Kind(models.TextChoices):
        """What secures or explains it (law.md 1.11)."""

        CONSTRUCTION = "construction", _("Construction price")
        MORTGAGE = "mortgage", _("Mortgage")
        PLEDGE = "pledge", _("Pledge")
        ORDINARY = "ordinary", _("Ordinary claim")
        INTEREST = "interest", _("Doubled delay interest")

    case = models.ForeignKey(Case, models.PROTECT, related_name="claims")
    creditor = models.ForeignKey(Party, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ORDINARY)
    amount_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True)


class CaseEvent(models.Model):
    """One thing that happened in a case; the case page is the list of them. Never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=32)
    facts = models.JSONField(default=dict)
    article = models.CharField(max_length=80, blank=True)
    actor = models.ForeignKey("enforcement.Officer", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
