"""How a process of the site starts under test: the product, with short times and what the run plants in it.

Nothing of this is in the product. Before it is loaded the extension is made short, so that many rounds end
within minutes; afterwards its clock gets a screw, and named functions get a bug or an end at the n-th call.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta
from types import FrameType, ModuleType
from typing import Any, Final

EXTENSION_MS: Final = 4_000
RESTORED_S: Final = 4  # instead of a minute: after an outage rounds still end within the run
JUMP_S: Final = 10.0


def shorten() -> None:
    """Make the extension short, and what follows from it; must come before anything else is imported."""
    from auction.rules import window

    window.EXTENSION = timedelta(milliseconds=int(os.environ.get("EXTENSION_MS", EXTENSION_MS)))
    from auction.rules import fairness

    fairness.RESTORED = timedelta(seconds=RESTORED_S)


def equip() -> None:
    """Load the product, and plant what the environment asks for."""
    import django

    django.setup()
    import auction.consumers  # noqa: F401 (all of the product is here when it is changed)
    from tests.faults import bugs, failpoints

    _screw()
    bugs.plant(os.environ.get("BUG", ""))
    failpoints.arm(os.environ.get("FAILPOINT", ""))


class Time:
    """The module `time`, shifted: a clock that jumped, or a machine that slept."""

    shift = 0.0

    def monotonic(self) -> float:
        """Return the ticks."""
        return time.monotonic() + self.shift

    def time(self) -> float:
        """Return the epoch."""
        return time.time() + self.shift

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


def _screw() -> None:
    """Let SIGUSR1 put this process's clock forward and SIGUSR2 back."""
    shifted = Time()
    for name, module in list(sys.modules.items()):
        if name.startswith("auction.") and getattr(module, "time", None) is time:
            _replace(module, shifted)

    def turn(number: int, frame: FrameType | None) -> None:
        shifted.shift += JUMP_S if number == signal.SIGUSR1 else -JUMP_S

    signal.signal(signal.SIGUSR1, turn)
    signal.signal(signal.SIGUSR2, turn)


def _replace(module: ModuleType, shifted: Time) -> None:
    setattr(module, "time", shifted)
