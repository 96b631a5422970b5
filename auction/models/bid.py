"""Every decided bid, accepted or refused."""

from __future__ import annotations

from django.db import models


class Bid(models.Model):
    """One decision on one bid; never changed. `key` is the client's idempotency key.

    `ground` is empty for an accepted bid, else the code of `auction.rules.grounds.Ground`; `seq` is the
    accepted bid's place in the record; `receipt` is the signed text the bidder got (auction.receipts).
    """

    # Nothing looks a bid up by its bidder alone, and the round leads a constraint below.
    round = models.ForeignKey("auction.Round", models.PROTECT, related_name="bids", db_index=False)
    bidder = models.ForeignKey("auction.Bidder", models.PROTECT, related_name="bids", db_index=False)
    key = models.CharField(max_length=36)
    amount_fen = models.BigIntegerField()
    arrived_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    ground = models.CharField(max_length=24, blank=True)
    seq = models.PositiveIntegerField(null=True)
    closes_at = models.DateTimeField(null=True)
    receipt = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "bidder"], name="one_bid_a_key"),
            models.UniqueConstraint(fields=["round", "seq"], name="one_bid_a_seq"),
        ]
