"""What the benchmarks of live sockets stand on: one open round, bidders with their sessions, servers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import django

from tests.bench import site
from tests.bench.site import Bidders
from tests.support.servers import Missing, postgresql, redis
from tests.support.site import sqlite_url


@dataclass
class World:
    """A database with one open round, and who may bid on it."""

    environment: dict[str, str]
    redis_url: str
    round_id: int
    sessions: list[str] = field(default_factory=list)

    @property
    def cookie(self) -> str:
        """Return the first bidder's cookie."""
        return f"sessionid={self.sessions[0]}"

    def cookies(self, folder: Path) -> str:
        """Return how a crowd is told a cookie for each of its sockets, all bidders' in turn."""
        kept = folder / "cookies"
        kept.write_text("".join(f"sessionid={session}\n" for session in self.sessions))
        return f"@{kept}"

    @property
    def with_redis(self) -> dict[str, str]:
        """Return the environment of a server that has Redis."""
        return {**self.environment, "REDIS_URL": self.redis_url}


@contextmanager
def a_world(folder: Path, *, bidders: int = 1, durable: bool = False) -> Iterator[World]:
    """Fill a database: SQLite, or PostgreSQL that waits for its disk."""
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with ExitStack() as stack:
        url = stack.enter_context(postgresql(durable=True)) if durable else sqlite_url(folder)
        try:
            redis_url = stack.enter_context(redis())
        except Missing:
            redis_url = ""
        from tests.support.world import standing_on

        environment = {
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "DATABASE_URL": url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "BIDS_A_SECOND": "1000000",
            "FAIR_CLOSE_GATE": "0",
        }
        with standing_on(url):
            made = _filled(bidders)
        yield World(environment, redis_url, made.round_id, made.sessions)


def _filled(bidders: int) -> Bidders:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return site.some_rounds(1, bidders)[0]
