"""The bidding engine: the waiting bids of all rounds are decided together under their row locks."""

from __future__ import annotations

from auction.engine.batch import decide
from auction.engine.book import opened
from auction.engine.bucket import Bucket
from auction.engine.drain import submit, submit_now
from auction.engine.values import Decision, Offer, Seat

__all__ = ["Bucket", "Decision", "Offer", "Seat", "decide", "opened", "submit", "submit_now"]
