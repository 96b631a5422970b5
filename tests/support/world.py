"""Standing on another database than pytest's: the one a running site works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client

from auction.models import Person
from config import env
from tests.support.servers import fresh_database
from tests.support.site import sqlite_url


@dataclass(frozen=True)
class Servers:
    """What a site stands on: nothing but a file, or PostgreSQL and Redis as in production."""

    database_url: str
    redis_url: str


@contextmanager
def servers_of(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Give an empty database of this kind."""
    if kind == "sqlite":
        yield Servers(sqlite_url(folder), "")
        return
    with fresh_database(request.getfixturevalue("postgresql_url")) as url:
        yield Servers(url, request.getfixturevalue("redis_url"))


@contextmanager
def standing_on(url: str) -> Iterator[None]:
    """Let this process's models live in the database of this URL."""
    databases, before = connections.settings, connections["default"]
    settings = databases["default"]
    given = env.database(url, pool=2)
    options = {name: value for name, value in given["OPTIONS"].items() if name != "pool"}  # type: ignore[attr-defined]
    databases["default"] = connections.configure_settings({"default": given | {"OPTIONS": options}})[
        "default"
    ]
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        databases["default"], connections["default"] = settings, before


def signed_in(person: Person) -> str:
    """Return the key of a session in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value
