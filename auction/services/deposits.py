"""All that is done with deposits, by one name."""

from __future__ import annotations

from auction.services.deposit_capture import apply, capture
from auction.services.deposit_forfeit import forfeit
from auction.services.deposit_payment import Urls, start_payment
from auction.services.deposit_refresh import refresh
from auction.services.deposit_release import lapse, release, release_due
from auction.services.deposit_secured import secure_by_card

__all__ = [
    "Urls",
    "apply",
    "capture",
    "forfeit",
    "lapse",
    "refresh",
    "release",
    "release_due",
    "secure_by_card",
    "start_payment",
]
