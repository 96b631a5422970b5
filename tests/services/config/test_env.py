"""A wrong value in the environment refuses to start the site, and says which."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "s" * 60,
    "IDENTITY_KEY": "i" * 60,
    "RECEIPT_KEY": "r" * 60,
    "ALLOWED_HOSTS": "auction.example",
    "SITE_URL": "https://auction.example",
    "FAIR_CLOSE_GATE": "1",
    "SIGNER_SOCKET": "/run/signer",
    "STRIPE_SECRET_KEY": "sk_test_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
}


def started(asked: str = "print('started')", **changes: str) -> str:
    """Return the last line a process says that loads the settings in this environment and does as asked."""
    given = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    command = [sys.executable, "-c", f"from config import settings; {asked}"]
    done = subprocess.run(
        command, cwd=ROOT, env={**given, **PRODUCTION, **changes}, capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1]


def test_a_flag_is_yes_or_no_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCH", "on")
    assert env.flag("SWITCH", default=False)

    monkeypatch.setenv("SWITCH", "maybe")
    with pytest.raises(ImproperlyConfigured, match="SWITCH must be 1 or 0"):
        env.flag("SWITCH", default=False)


@pytest.mark.parametrize("wrong", ["many", "-3", "1", "2.5"])
def test_a_number_below_its_least_or_none_at_all_is_refused(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("COUNT", wrong)

    with pytest.raises(ImproperlyConfigured, match="COUNT must be a whole number of at least 2"):
        env.number("COUNT", 12, least=2)


def test_a_secret_is_read_from_the_file_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("hidden\n")
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "key"))

    assert env.secret("KEY", keep_in=None) == "hidden"


def test_a_development_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = env.secret("NO_SUCH_KEY", keep_in=tmp_path)
    again = env.secret("NO_SUCH_KEY", keep_in=tmp_path)

    assert first == again
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "no_such_key.secret").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["no_such_key.secret"]


def test_without_a_secret_production_does_not_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="NO_SUCH_KEY or NO_SUCH_KEY_FILE must be set"):
        env.secret("NO_SUCH_KEY", keep_in=None)


def test_a_database_is_sqlite_or_postgresql() -> None:
    assert env.database("sqlite:////data/a.db", pool=4)["NAME"] == "/data/a.db"
    assert env.database("postgresql://lin:p%40ss@db:5433/court", pool=4)["PASSWORD"] == "p@ss"

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must begin with"):
        env.database("mysql://db/court", pool=4)


def test_sqlite_waits_for_the_disk_before_it_acknowledges() -> None:
    options = env.database("sqlite:///a.db", pool=4)["OPTIONS"]

    assert isinstance(options, dict)
    assert "synchronous=FULL" in options["init_command"]
    assert options["transaction_mode"] == "IMMEDIATE"


def test_a_dotenv_gives_way_to_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# a note\nGIVEN=file\nONLY_HERE=file\n")
    monkeypatch.setenv("GIVEN", "environment")
    monkeypatch.delenv("ONLY_HERE", raising=False)

    env.read_dotenv(tmp_path / ".env")

    assert os.environ["GIVEN"] == "environment"
    assert os.environ.pop("ONLY_HERE") == "file"


def test_production_starts_when_everything_is_given() -> None:
    assert started() == "started"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY or SECRET_KEY_FILE must be set."),
        ({"STRIPE_SECRET_KEY": "fake_key"}, "STRIPE_SECRET_KEY must begin with sk_test_ or sk_live_."),
        (
            {"STRIPE_API_BASE": "http://127.0.0.1:1"},
            "STRIPE_API_BASE must not be set with a key of Stripe's own.",
        ),
        (
            {"PLATFORM_CLOCK": "/clock"},
            "PLATFORM_CLOCK sets the clock by hand and is for development and tests only.",
        ),
        (
            {"FAIR_CLOSE_GATE": "0"},
            "FAIR_CLOSE_GATE=0 closes rounds nobody could reach: development and tests only.",
        ),
        (
            {"TRIAL": "1"},
            "TRIAL=1 is for a site only this machine reaches: SITE_URL must be on 127.0.0.1.",
        ),
        (
            {"SIGNER_SOCKET": ""},
            "SIGNER_SOCKET must be set: without the signer's vault IDENTITY_KEY opens every identity.",
        ),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'."),
    ],
)
def test_production_refuses_to_start_and_says_why(changes: dict[str, str], said: str) -> None:
    assert started(**changes).endswith(said)


def test_a_trial_of_production_takes_the_local_payment_server() -> None:
    here = {"TRIAL": "1", "SITE_URL": "https://127.0.0.1:8443", "STRIPE_SECRET_KEY": "fake_key"}

    assert started(**here) == "started"


def test_rounds_are_spread_over_several_servers_of_redis() -> None:
    asked = "print(settings.CHANNEL_LAYERS['default']['CONFIG'], settings.CACHES['default']['LOCATION'])"

    told = started(asked, REDIS_URL="redis://a/0, redis://b/0")

    assert told == "{'hosts': ['redis://a/0', 'redis://b/0']} redis://a/0"
