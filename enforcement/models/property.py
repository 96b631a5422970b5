"""Seized property, its seizures and its reference price."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from auction.models import Category


class Property(models.Model):
    """Seized property with what arts. 13(5) and 14 ask for: the announcement is written from it."""

    case = models.ForeignKey("enforcement.Case", models.PROTECT, related_name="properties")
    category = models.CharField(max_length=8, choices=Category.choices)
    name = models.CharField(max_length=200)
    location = models.CharField(max_length=200, blank=True)
    province = models.CharField(max_length=30)
    city = models.CharField(max_length=30, blank=True)
    title = models.TextField(blank=True)
    possession = models.TextField(blank=True)
    burdens = models.TextField(blank=True)
    defects = models.TextField(blank=True)
    qualification = models.TextField(blank=True)  # what the law asks of a purchaser beyond full capacity
    visits = models.CharField(max_length=200, blank=True)  # when and how it can be seen on site
    tour = models.ForeignKey(
        "viewing.Tour", models.SET_NULL, null=True, blank=True, related_name="properties"
    )

    def __str__(self) -> str:
        return self.name


class Tax(models.Model):
    """A tax or fee of the transfer and who bears it (arts. 6(3), 30): never "the buyer bears all"."""

    class Bearer(models.TextChoices):
        """By law buyer or debtor; else the court decides."""

        BUYER_BY_LAW = "buyer_by_law", _("Buyer, by law")
        DEBTOR_BY_LAW = "debtor_by_law", _("Judgment debtor, by law")
        COURT_DECIDED = "court_decided", _("As the court decided")

    property = models.ForeignKey(Property, models.CASCADE, related_name="taxes")
    name = models.CharField(max_length=60)
    rate = models.CharField(max_length=60, blank=True)
    bearer = models.CharField(max_length=16, choices=Bearer.choices)


class Seizure(models.Model):
    """A seizure with its order and expiry (民诉法解释 485)."""

    property = models.ForeignKey(Property, models.PROTECT, related_name="seizures")
    order = models.PositiveSmallIntegerField(default=1)
    document = models.CharField(max_length=100)
    seized_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        ordering = ["order", "pk"]


class ReferencePrice(models.Model):
    """A reference price (法释〔2018〕15号): way, amount in fen, date and validity."""

    class Way(models.TextChoices):
        """Party agreement (议价) or appraisal (委托评估); the other ways come with a later issue."""

        AGREEMENT = "agreement", _("Party agreement")
        APPRAISAL = "appraisal", _("Appraisal")

    property = models.ForeignKey(Property, models.PROTECT, related_name="reference_prices")
    way = models.CharField(max_length=10, choices=Way.choices)
    amount_fen = models.BigIntegerField()
    by = models.CharField(max_length=100)
    document = models.CharField(max_length=100, blank=True)
    dated_on = models.DateField()
    valid_until = models.DateField()
