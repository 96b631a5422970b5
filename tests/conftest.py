"""What every test stands on; importing this needs no Django, so the rules' tests run without it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import servers

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Acts and pages are tested at hours set by hand, of which no probe can know; running sites say it for
# themselves.
os.environ.setdefault("FAIR_CLOSE_GATE", "0")


def pytest_configure(config: pytest.Config) -> None:
    """Load the settings, unless Django is switched off (`-p no:django`, as `make test` runs the rules).

    Whoever stops us, fixtures end what they started.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if config.pluginmanager.hasplugin("django"):
        from django.conf import settings

        settings.DATABASES  # noqa: B018


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Let the tests' database be copied from one that was migrated before, if there is one."""
    from django.core import management

    from tests.support.migrated import copying

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(management, "call_command", copying(management.call_command))
        yield


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Yield a database of PostgreSQL: the one `make test` started, else one of our own."""
    if given := os.environ.get("TEST_POSTGRESQL_URL"):
        yield given
        return
    with servers.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Yield a Redis: the one `make test` started, else one of our own."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Return the browser's program."""
    return servers.chromium()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data; without it the test is skipped and says so."""
    beside = Path(__file__).resolve().parent.parent.parent / "shared"
    folder = Path(os.environ.get("SHARED_DIR", beside)) / "data"
    if not folder.is_dir():
        pytest.skip(f"the real data is not at {folder} (SHARED_DIR)")
    return folder
