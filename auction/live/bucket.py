"""How often someone may be heard: a token bucket."""

from __future__ import annotations


class Bucket:
    """Holds up to `burst` tokens and gains `rate` a second; time is any clock that only goes forward."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._at: float | None = None

    def take(self, at: float) -> bool:
        """Take one token, if there is one."""
        gained = 0.0 if self._at is None else (at - self._at) * self._rate
        self._at = at
        self._tokens = min(self._burst, self._tokens + gained)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
