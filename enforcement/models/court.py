"""Courts and the people who act for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Court(models.Model):
    """A people's court: its code as in case numbers (京0105) and its account for auctions (art. 6)."""

    name = models.CharField(max_length=100, unique=True)
    code = models.CharField(max_length=8, unique=True)
    province = models.CharField(max_length=30)
    city = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    supervision_phone = models.CharField(max_length=40, blank=True)
    account_name = models.CharField(max_length=100, blank=True)
    account_number = models.CharField(max_length=40, blank=True)
    account_bank = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


class Officer(models.Model):
    """A person acting for a court; an officer sees only his court's cases."""

    class Role(models.TextChoices):
        """Enforcement officer, presiding judge or panel member."""

        OFFICER = "officer", _("Enforcement officer")
        PRESIDING_JUDGE = "presiding_judge", _("Presiding judge")
        JUDGE = "judge", _("Judge")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="officer")
    court = models.ForeignKey(Court, models.PROTECT, related_name="officers")
    role = models.CharField(max_length=16, choices=Role.choices)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name
