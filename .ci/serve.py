"""Start the site for development: web, clerk, signer and local payment server, each line of log named.

Everything stops together: on Ctrl-C, on TERM, and when one part dies.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from types import FrameType

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tools import PYTHON, ROOT, Failed, run, say

sys.path.insert(0, str(ROOT))

from config.serving import web

GRACE_S = 12
START_S = 60
FAKE_STRIPE_PORT = 12111
TAKEN = 2


def main() -> int:
    """Serve until something asks or forces it to stop; return the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    host, port = os.environ.get("HOST", "127.0.0.1"), _port()
    if not _is_free(host, port):
        print(f"Port {port} is taken: choose another, as in `make run PORT={port + 1}`.", file=sys.stderr)
        return TAKEN
    settle(host, port)
    site = Site()
    try:
        start_signer(site)
        set_up()
        return site.watch(start_all(site, host, port))
    except KeyboardInterrupt:
        say("Stopping …")
        return 0
    finally:
        site.stop()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _port() -> int:
    """Return the asked port.

    :raises Failed: if PORT is no port
    """
    asked = os.environ.get("PORT", "8000")
    if not asked.isdecimal() or not 0 < int(asked) < 65_536:
        raise Failed(f"PORT must be a number from 1 to 65535, not {asked!r}.")
    return int(asked)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind((host, port))
            return True
    return False


def _any_free_port() -> int:
    """Return the fake Stripe's usual port, or any other if that is taken."""
    if _is_free("127.0.0.1", FAKE_STRIPE_PORT):
        return FAKE_STRIPE_PORT
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settle(host: str, port: int) -> None:
    """Settle where everything is, and load the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SITE_URL", f"http://{host}:{port}")
    os.environ.setdefault("SIGNER_SOCKET", str(ROOT / "var" / "signer.sock"))
    if not os.environ.get("STRIPE_SECRET_KEY", "").startswith("sk_"):
        os.environ.setdefault("STRIPE_API_BASE", f"http://127.0.0.1:{_any_free_port()}")
    django.setup()


def set_up() -> None:
    """Bring the database up to date, and fill an empty one with the demo."""
    if is_new():
        fill_new(Path(settings.DATABASES["default"]["NAME"]))
    elif is_behind():
        call_command("migrate", verbosity=0)
    if not get_user_model().objects.exists():
        call_command("demo")


def is_new() -> bool:
    """Return whether there is no database yet."""
    return connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists()


def fill_new(path: Path) -> None:
    """Fill a new database beside its place, so that a half-filled one is never found there."""
    say("Filling a new database with the demo …")
    draft = path.with_name(f"filling-{path.name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f"{draft.name}*"):
        left.unlink()
    for words in (["migrate", "--verbosity", "0"], ["demo"]):
        run(PYTHON, "manage.py", *words, env={"DATABASE_URL": f"sqlite:///{draft}"})
    with closing(sqlite3.connect(draft)) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    draft.rename(path)


def is_behind() -> bool:
    """Return whether the database misses a migration; asking is faster than migrating for nothing."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class Site:
    """The running parts."""

    def __init__(self) -> None:
        self.parts: dict[str, subprocess.Popen[str]] = {}

    def start(self, name: str, *command: str) -> None:
        """Start a part in a process group of its own and pass on what it says under its name."""
        words = [str(PYTHON), *command]
        part = subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.parts[name] = part
        threading.Thread(target=_pass_on, args=(name, part), daemon=True).start()

    def dead(self) -> str | None:
        """Return the name of a part that ended, if one did."""
        return next((name for name, part in self.parts.items() if part.poll() is not None), None)

    def watch(self, address: tuple[str, int]) -> int:
        """Say when the site can be used, then wait until a part dies; return the exit code."""
        deadline = time.monotonic() + START_S
        while not self.dead() and not _answers(address):
            if time.monotonic() > deadline:
                raise Failed("The site did not start within a minute.")
            time.sleep(0.05)
        if not self.dead():
            _welcome(address)
        while not (name := self.dead()):
            time.sleep(0.2)
        print(f"{name} stopped by itself (exit {self.parts[name].returncode}).", file=sys.stderr)
        return 1

    def stop(self) -> None:
        """Ask every part to stop, and end what does not."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for part in self.parts.values():
            _signal_group(part, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        for part in self.parts.values():
            with suppress(subprocess.TimeoutExpired):
                part.wait(max(0.1, deadline - time.monotonic()))
            _signal_group(part, signal.SIGKILL)


def _signal_group(part: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(part.pid, number)


def _pass_on(name: str, part: subprocess.Popen[str]) -> None:
    for line in part.stdout or ():
        say(f"{name:>6} | {line.rstrip()}")


def start_signer(site: Site) -> None:
    """Start the signer and wait until it answers; beside a new database it forgets the older one."""
    if is_new():
        for folder in (settings.SIGNER_DIR, settings.LOG_DIR):
            if (ROOT / "var") in Path(folder).parents:
                shutil.rmtree(folder, ignore_errors=True)
    Path(settings.SIGNER_SOCKET).unlink(missing_ok=True)
    site.start("signer", "manage.py", "signer")
    deadline = time.monotonic() + START_S
    while not Path(settings.SIGNER_SOCKET).exists() and not site.dead() and time.monotonic() < deadline:
        time.sleep(0.05)


def start_all(site: Site, host: str, port: int) -> tuple[str, int]:
    """Start the parts and return where the site will answer."""
    base = settings.STRIPE_API_BASE
    if base:
        hook = f"http://{host}:{port}/webhooks/stripe"
        site.start("stripe", *fake_stripe(base.rpartition(":")[2], hook))
    site.start("web", *web(host, port))
    site.start("clerk", "manage.py", "clerk")
    return host, port


def fake_stripe(port: str, hook: str) -> list[str]:
    """Return the command of the local payment server."""
    kept = ROOT / "var" / "fake_stripe.sqlite3"
    told = ["--webhook-url", hook, "--webhook-secret", settings.STRIPE_WEBHOOK_SECRET]
    return ["-m", "tests.support.fake_stripe", "--port", port, "--database", str(kept), *told]


def _answers(address: tuple[str, int]) -> bool:
    with suppress(OSError), socket.create_connection(address, timeout=0.5):
        return True
    return False


def _welcome(address: tuple[str, int]) -> None:
    say(f"\nThe site is at http://{address[0]}:{address[1]}/  (Ctrl-C stops it)\n")
    call_command("demo", logins=True)
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failed:
        print(failed, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
