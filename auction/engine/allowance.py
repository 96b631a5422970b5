"""How often each person may bid in a round: nobody floods it, and no human notices."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Final

from auction.engine.bucket import Bucket

MOST: Final = (
    50_000  # buckets kept; whoever was silent longest is forgotten first, and so begins with a full one
)


class Allowance:
    """A bucket for each name, bounded in number; may be asked from any thread."""

    def __init__(self, rate: float, burst: int, most: int = MOST) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def takes(self, name: str) -> bool:
        """Return whether this one may be heard now."""
        with self._lock:
            bucket = self._buckets.get(name)
            if bucket is None:
                bucket = self._buckets[name] = Bucket(self._rate, self._burst)
                if len(self._buckets) > self._most:
                    self._buckets.popitem(last=False)
            else:
                self._buckets.move_to_end(name)
            return bucket.take(time.monotonic())
