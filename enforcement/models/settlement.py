"""After the sale: ruling, handover, case funds and their distribution."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ruling(models.Model):
    """The ruling on the sale (成交裁定): title passes when it is served on the purchaser (art. 22¶2).

    `facts` is all the document says; `digest` is the SHA-256 of `pdf`, which is made from them.
    """

    listing = models.OneToOneField("enforcement.Listing", models.PROTECT, related_name="ruling")
    number = models.CharField(max_length=80, unique=True)
    purchaser = models.CharField(max_length=100)
    price_fen = models.BigIntegerField()
    facts = models.JSONField()
    pdf = models.BinaryField()
    digest = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("enforcement.Officer", models.PROTECT, related_name="+")
    served_on = models.DateField(null=True)
    service_proof = models.CharField(max_length=200, blank=True)
    handed_over_on = models.DateField(null=True)
    handover_note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.number


class Cost(models.Model):
    """What leaves the proceeds before any claim: a cost, the dwelling's rent, or a tax, with its receipt."""

    class Step(models.TextChoices):
        """Its turn in the order, by the names of `enforcement.rules.distribution.Step`."""

        COST = "cost", _("Cost of the sale or of keeping the property")
        RESERVE = "reserve", _("Rent reserved for the debtor's only dwelling")
        TAX = "tax", _("Tax of the debtor, as the court decided")

    listing = models.ForeignKey("enforcement.Listing", models.PROTECT, related_name="costs")
    step = models.CharField(max_length=8, choices=Step.choices, default=Step.COST)
    name = models.CharField(max_length=100)
    payee = models.CharField(max_length=100)
    receipt = models.CharField(max_length=100, blank=True)
    amount_fen = models.BigIntegerField()
    added_by = models.ForeignKey("enforcement.Officer", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="cost_is_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class Distribution(models.Model):
    """A plan for the proceeds of one sale: drafted, served, paid out by a second person; exact to the fen."""

    class State(models.TextChoices):
        """draft → served → paid."""

        DRAFT = "draft", _("Drawn up")
        SERVED = "served", _("Served")
        PAID = "paid", _("Paid out")

    class Among(models.TextChoices):
        """How ordinary claims stand among themselves, by the names of the rules of distribution."""

        PRO_RATA = "pro_rata", _("In proportion to the claims")
        BY_SEIZURE = "by_seizure", _("In the order of seizure")

    listing = models.OneToOneField("enforcement.Listing", models.PROTECT, related_name="distribution")
    proceeds_fen = models.BigIntegerField()
    among = models.CharField(max_length=10, choices=Among.choices)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("enforcement.Officer", models.PROTECT, related_name="+")
    served_on = models.DateField(null=True)
    statements = models.CharField(max_length=200, blank=True)  # written statements that nobody objects
    paid_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("enforcement.Officer", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_by__isnull=True) | ~models.Q(released_by=models.F("drafted_by")),
                name="released_by_a_second_person",
            ),
        ]


class Share(models.Model):
    """One line of a distribution: its step, what was asked, what is given, the article and where it goes."""

    distribution = models.ForeignKey(Distribution, models.CASCADE, related_name="shares")
    order = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=16)
    rank = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=200)
    payee = models.CharField(max_length=100)
    account = models.CharField(max_length=80)
    claim = models.ForeignKey("enforcement.Claim", models.PROTECT, null=True, related_name="shares")
    asked_fen = models.BigIntegerField()
    given_fen = models.BigIntegerField()
    article = models.CharField(max_length=80)

    class Meta:
        ordering = ["order"]
