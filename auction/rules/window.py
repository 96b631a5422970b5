"""When a bid counts: the bidding window and how a late bid moves its end (art. 20)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from auction.rules.law import cites, online_auction

LEAST_WINDOW: Final = timedelta(hours=24)
EXTENSION: Final = timedelta(minutes=5)

# The law is silent on how long a platform may take. A bid is decided within one second of its arrival or not
# at all, and nothing closes before two seconds after the end: so no bid in time meets a closed round.
DECIDE_WITHIN: Final = timedelta(seconds=1)
CLOSE_DELAY: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Window:
    """From the opening to the end that now stands; the end itself is too late."""

    opens_at: datetime
    closes_at: datetime

    @cites(online_auction(20, 2))
    def admits(self, at: datetime) -> bool:
        """Return whether a bid that entered the platform at this instant is in time."""
        return self.opens_at <= at < self.closes_at

    @cites(online_auction(20, 2))
    def after_bid(self, at: datetime) -> Window:
        """Return the window once a bid stands: at least five minutes are left."""
        end = at + EXTENSION
        return self if end <= self.closes_at else replace(self, closes_at=end)

    @cites(online_auction(20, 2))
    def may_close(self, at: datetime) -> bool:
        """Return whether every bid that came in time has been decided by now."""
        return at >= self.closes_at + CLOSE_DELAY

    @cites(online_auction(28, 4))
    def resumed(self, suspended_at: datetime, at: datetime) -> Window:
        """Return the window after a suspension: the time that was left, and no less than one extension."""
        left = max(self.closes_at - suspended_at, EXTENSION)
        return replace(self, closes_at=at + left)
