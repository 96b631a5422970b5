"""The bidding engine: a round's waiting bids are decided together under one row lock."""

from __future__ import annotations

from auction.engine.batch import decide, open_round
from auction.engine.bucket import Bucket
from auction.engine.desk import submit, submit_now
from auction.engine.values import Decision, Offer

__all__ = ["Bucket", "Decision", "Offer", "decide", "open_round", "submit", "submit_now"]
