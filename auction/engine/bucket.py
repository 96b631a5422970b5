"""How often a bidder may be heard: the bucket that counts a socket's frames too."""

from __future__ import annotations

from auction.live.bucket import Bucket

__all__ = ["Bucket"]
