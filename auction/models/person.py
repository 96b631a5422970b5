"""The people who sign in, and the real names they prove."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Person(AbstractUser):
    """Whoever signs in: bidder, officer or judge; what he may do is said elsewhere."""

    phone = models.CharField(_("phone"), max_length=20, blank=True)


class RealName(models.Model):
    """A person's real name and number, sealed; `number_hash` alone is compared (art. 17¶2, 24, 34).

    `sealed` holds name and number encrypted under IDENTITY_KEY; `number_hash` is a keyed hash of the number.
    """

    class Kind(models.TextChoices):
        """Natural person (GB 11643 number) or organisation (GB 32100 code)."""

        NATURAL = "natural", _("Natural person")
        ORGANISATION = "organisation", _("Organisation")

    person = models.OneToOneField("auction.Person", models.CASCADE, related_name="real_name")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    sealed = models.BinaryField()
    number_hash = models.CharField(max_length=64, unique=True)
    adult_on = models.DateField(null=True)
    at = models.DateTimeField()
