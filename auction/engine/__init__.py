"""The bidding engine: the waiting bids of all rounds are decided together under their row locks."""

from __future__ import annotations

from auction.engine.batch import decide
from auction.engine.book import opened
from auction.engine.bucket import Bucket
from auction.engine.drain import give_up, submit, submit_now
from auction.engine.patience import WORD_WITHIN
from auction.engine.values import Decision, Offer, Seat

__all__ = [
    "WORD_WITHIN",
    "Bucket",
    "Decision",
    "Offer",
    "Seat",
    "decide",
    "give_up",
    "opened",
    "submit",
    "submit_now",
]
