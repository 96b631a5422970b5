"""The site runs as its own processes, comes back after a kill, and leaves nothing behind."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import httpx
import psutil
import pytest

from tests.support.servers import fresh_database
from tests.support.site import Part, running_site

PATIENCE_S = 30  # for one answer: the machine may be busy


def test_a_killed_web_process_comes_back_at_the_same_address(postgresql_url: str, redis_url: str) -> None:
    with (
        fresh_database(postgresql_url) as database,
        running_site(database_url=database, redis_url=redis_url) as site,
    ):
        assert httpx.get(site.base_url, timeout=PATIENCE_S).status_code == 200

        site.kill("web")
        with pytest.raises(httpx.TransportError):
            httpx.get(site.base_url, timeout=PATIENCE_S)
        site.start_web()

        assert httpx.get(site.base_url, timeout=PATIENCE_S).status_code == 200


@pytest.mark.parametrize("forked", [True, False], ids=["forked", "begun"])
def test_a_stopped_site_leaves_no_process_and_no_file(
    postgresql_url: str, redis_url: str, forked: bool
) -> None:
    with fresh_database(postgresql_url) as database:
        with running_site(database_url=database, redis_url=redis_url, forked=forked) as site:
            parts = dict(site.parts)
            until(lambda: len(alive(parts)) > len(parts))  # the clerk is two processes

        assert set(parts) == {"web", "clerk", "stripe"}
        assert all(part.poll() is not None for part in parts.values())
        assert alive(parts) == []
        assert not site.folder.exists()
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", site.port)) != 0


def alive(parts: Mapping[str, Part]) -> list[int]:
    """Return the processes that live in the groups of these parts."""
    groups, found = {part.pid for part in parts.values()}, []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getpgid(process.pid) in groups and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found


def until(so: Callable[[], bool], within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
