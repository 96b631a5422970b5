"""One attempt to sell a lot, with what stands now."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from auction.rules.bidding import Bid, Standing
from auction.rules.money import Money
from auction.rules.window import Window


class RoundKind(models.TextChoices):
    """First, second, sell-off or resale (arts. 20, 24, 26)."""

    FIRST_AUCTION = "first_auction", _("First auction")
    SECOND_AUCTION = "second_auction", _("Second auction")
    SELL_OFF = "sell_off", _("Sell-off")
    RESALE = "resale", _("Resale")


class RoundState(models.TextChoices):
    """The states of `auction.rules.lifecycle`, by the same names."""

    ANNOUNCED = "announced", _("Announced")
    OPEN = "open", _("Bidding open")
    SUSPENDED = "suspended", _("Suspended")
    SOLD = "sold", _("Sold")
    CONFIRMED = "confirmed", _("Sale confirmed")
    UNSOLD = "unsold", _("Unsold")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DEFAULTED = "defaulted", _("Purchaser defaulted")
    SET_ASIDE = "set_aside", _("Set aside")


class Round(models.Model):
    """A round of a lot: its announced terms and its standing, which is the fold of its record.

    Fen and UTC instants; `seq`, `head` and `recorded_at` are the record's length, last hash and last time;
    `version` moves with every entry. `seal_key` is the vault's public key for this round, in hex.
    """

    lot = models.ForeignKey("auction.Lot", models.PROTECT, related_name="rounds")
    kind = models.CharField(max_length=16, choices=RoundKind.choices)
    state = models.CharField(max_length=12, choices=RoundState.choices, default=RoundState.ANNOUNCED)
    published_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    announced_closes_at = models.DateTimeField()
    closes_at = models.DateTimeField(db_index=True)
    starting_price_fen = models.BigIntegerField()
    increment_fen = models.BigIntegerField()
    deposit_fen = models.BigIntegerField()
    balance_days = models.PositiveSmallIntegerField(default=10)

    price_fen = models.BigIntegerField(null=True)
    # No index: nothing looks a round up by who leads, and every bid would move the row in all its indexes.
    leading = models.ForeignKey("auction.Bidder", models.PROTECT, null=True, related_name="+", db_index=False)
    leading_at = models.DateTimeField(null=True)
    bid_count = models.PositiveIntegerField(default=0)
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    suspended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    seal_key = models.CharField(max_length=64, blank=True)
    views = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["state", "closes_at"], name="round_due"),
            models.Index(fields=["state", "opens_at"], name="round_to_open"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("announced_closes_at")), name="round_window"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} · {self.kind}"

    def window(self) -> Window:
        """Return the bidding window as it now stands."""
        return Window(opens_at=self.opens_at, closes_at=self.closes_at)

    def standing(self) -> Standing:
        """Return what stands now, for the rules to judge by."""
        return Standing(
            starting_price=Money(self.starting_price_fen),
            increment=Money(self.increment_fen),
            window=self.window(),
            leading=self._leading(),
            count=self.bid_count,
        )

    def _leading(self) -> Bid | None:
        if self.leading is None or self.price_fen is None or self.leading_at is None:
            return None
        return Bid(self.leading.number, Money(self.price_fen), self.leading_at, self.leading.rank)
