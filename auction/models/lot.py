"""What is sold together, as it was announced."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """Kind of property; it drives lead times and required facts (arts. 12, 13)."""

    HOUSE = "house", _("House")
    VEHICLE = "vehicle", _("Vehicle")
    LAND = "land", _("Land")
    MOVABLE = "movable", _("Movable")
    EQUITY = "equity", _("Equity")
    OTHER = "other", _("Other property")


class Lot(models.Model):
    """A lot: the frozen copy of what the court announced; nothing here changes after publication.

    `facts` is {"rows": [{"label", "text", "article"}]}; `applicants` are the applicants' keyed number hashes
    with their claims in fen, [{"number_hash", "claim_fen"}], for the deposit they need not pay (art. 17¶2).
    Of a `practice` lot nothing is sold: it is bid for with play money, and no court knows of it.
    """

    title = models.CharField(max_length=200)
    category = models.CharField(max_length=8, choices=Category.choices)
    province = models.CharField(max_length=30)
    city = models.CharField(max_length=30, blank=True)
    court_name = models.CharField(max_length=100)
    case_number = models.CharField(max_length=60)
    contact = models.JSONField(default=dict)  # as auction.services.announce.Described says
    facts = models.JSONField(default=dict)
    applicants = models.JSONField(default=list)
    appraised_fen = models.BigIntegerField()
    tour = models.ForeignKey("viewing.Tour", models.PROTECT, null=True, related_name="lots")
    tour_digest = models.CharField(max_length=64, blank=True)
    practice = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class PriorityRight(models.Model):
    """A right of first refusal the panel confirmed, with its rank (arts. 19, 27); 1 is the best."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="priority_rights")
    nature = models.CharField(max_length=60)
    holder = models.CharField(max_length=100)
    number_hash = models.CharField(max_length=64)
    rank = models.PositiveSmallIntegerField()


class Notice(models.Model):
    """One of the texts published with a lot: an art. 13 item or an art. 14 warning, with its digest."""

    class Kind(models.TextChoices):
        """Which list the text belongs to."""

        ITEM = "item", _("Published item (art. 13)")
        WARNING = "warning", _("Special warning (art. 14)")

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "kind", "number"], name="one_notice_a_slot"),
        ]
