"""A signer of the test's own, in a thread, and a log in a folder of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from auction.log.signer import Signer, serve
from tests.support.clock import HandClock


@pytest.fixture(autouse=True)
def _noon(tmp_path: Path, settings: Settings) -> None:
    """Stop the platform clock at noon, and let nobody have bid before."""
    settings.PLATFORM_CLOCK = str(tmp_path / "clock")
    HandClock(tmp_path / "clock")
    from auction.engine import drain

    drain.allowance.cache_clear()


@pytest.fixture
def signer(tmp_path: Path, settings: Settings) -> Iterator[Signer]:
    """Yield a signer that answers at the site's socket."""
    settings.LOG_DIR, settings.SIGNER_SOCKET = str(tmp_path / "log"), str(tmp_path / "sock")
    settings.LOG_ORIGIN = "auction.example/log"
    made = Signer(tmp_path / "signer", "auction.example/log")
    server = serve(made, tmp_path / "sock")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
