"""The product in this process: SQLite in memory, a clock set by hand, and steps that can be cut short."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.support.migrated import fill

T0: Final = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
ENVIRONMENT: Final = {
    "DEBUG": "1",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "DATABASE_URL": "sqlite:///:memory:",
    "REDIS_URL": "",
    "PLATFORM_CLOCK": "",
    "FAIR_CLOSE_GATE": "1",
    "RECEIPT_KEY": "the simulation's own",
}
BATCH: Final = ("lock", "read", "judge", "sign", "insert_events", "insert_bids", "save_rounds", "publish")
WAVE: Final = ("lock", "write_events", "write_rounds", "publish")
UNCHANGING: Final = ("auction_event", "auction_bid")


class Crash(BaseException):
    """The process is gone: nothing after this instant happens in it."""


class Hand:
    """What the simulation holds in its hand: the virtual time, the armed point, and who hears of news."""

    at: datetime = T0
    armed: str = ""
    error: type[BaseException] = Crash
    hear: Callable[[int, Any], None] = staticmethod(lambda round_id, entries: None)  # type: ignore[assignment]


def start() -> None:
    """Start Django with an empty database in memory, and take clock, steps and publishing into the hand."""
    os.environ.update(ENVIRONMENT)
    import django
    from django.conf import settings

    django.setup()
    _fill_memory()
    settings.DEBUG = False  # else Django keeps every statement
    _loosen()
    _take_clock()
    _take_steps()
    _take_news()
    gc.freeze()
    gc.set_threshold(50_000)  # the collector took a tenth of the time and finds next to nothing


def _fill_memory() -> None:
    from django.core.management import call_command
    from django.db import connection

    connection.ensure_connection()
    fill(connection.connection, lambda: call_command("migrate", verbosity=0))


def instant(ms: int) -> datetime:
    """Return the instant so many milliseconds after the simulation's first."""
    return T0 + timedelta(milliseconds=ms)


def trip(point: str) -> None:
    """End here if this point is armed."""
    if Hand.armed == point:
        Hand.armed = ""
        raise Hand.error(point)


@contextmanager
def at(ms: int, point: str = "", error: type[BaseException] = Crash) -> Iterator[None]:
    """Let it be this time inside, with a point armed."""
    Hand.at, Hand.armed, Hand.error = instant(ms), point, error
    try:
        yield
    finally:
        Hand.armed = ""


def _loosen() -> None:
    """Let the tables be emptied between two worlds; inside one nothing changes a row of theirs."""
    from django.db import connection

    from auction.models.append_only import allow_changes

    with connection.schema_editor() as editor:
        allow_changes(editor, *UNCHANGING)


def _take_clock() -> None:
    from auction import clock

    for name in ("now", "asked"):
        setattr(clock, name, lambda: Hand.at)
    for name in ("instant", "told"):
        setattr(clock, name, lambda tick: Hand.at)


def _take_steps() -> None:
    from auction.engine import batch, store
    from auction.services import closing, wave

    for name in BATCH:
        cut(batch, name, f"web {name}")
    cut(store, "commit", "web commit")
    for name in WAVE:
        cut(wave, name, f"clerk {name}")
    cut(closing, "release_losers", "clerk release_losers")


def cut(module: Any, name: str, label: str) -> None:
    """Let a step be cut short before and after it."""
    whole = getattr(module, name)

    def step(*words: Any, **named: Any) -> Any:
        trip(f"before {label}")
        result = whole(*words, **named)
        trip(f"after {label}")
        return result

    setattr(module, name, step)


def _take_news() -> None:
    """Hear what is published, in the place of the live hubs, which have tests of their own."""
    from auction import live

    def publish(round_id: int, entries: Any) -> None:
        Hand.hear(round_id, entries)

    def publish_all(news: Any) -> None:
        trip("before clerk news")
        for round_id, entries in news.items():
            Hand.hear(round_id, entries)

    live.publish = publish  # type: ignore[assignment]
    live.publish_all = publish_all  # type: ignore[assignment]


def web_points() -> list[str]:
    """Return where a web process can die in a batch: about every step, and about its answers."""
    steps = [f"{side} web {name}" for name in (*BATCH[:-1], "commit") for side in ("before", "after")]
    return [*steps, "before web answer", "after web answer", "before web publish"]


def clerk_points() -> list[str]:
    """Return where a clerk can die in a wave of closings."""
    steps = [f"{side} clerk {name}" for name in (*WAVE, "release_losers") for side in ("before", "after")]
    return [*steps, "before clerk news"]
