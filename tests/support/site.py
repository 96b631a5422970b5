"""The whole site as its own processes: web, clerk and the local payment server, as in production."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config.serving import web
from tests.support import forks
from tests.support.forks import Forked
from tests.support.migrated import bring_up_to_date
from tests.support.servers import free_port

Part = Forked | subprocess.Popen[bytes]
ROOT = Path(__file__).resolve().parent.parent.parent
START_S = 30
STOP_S = 12
COMMAND_S = 300


@dataclass(eq=False)
class Site:
    """A running site; `folder` holds its media, payments and logs and goes away with it.

    Its parts are `forked` off a process that has loaded the libraries, or each is begun from nothing.
    """

    folder: Path
    environment: dict[str, str]
    port: int
    stripe_port: int
    forked: bool = True
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """Return the address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        """Return the address of the websockets."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def stripe_url(self) -> str:
        """Return the address of the local payment server."""
        return f"http://127.0.0.1:{self.stripe_port}"

    def start(self, *, migrate: bool, demo: bool) -> None:
        """Bring the database up to date and fill it if asked, then start every part."""
        if migrate:
            bring_up_to_date(
                self.environment["DATABASE_URL"], lambda: self.manage("migrate", "--verbosity", "0")
            )
        if self.environment["SIGNER_SOCKET"]:
            self.start_signer()
        if demo:
            self.manage("demo")
        self.start_stripe()
        self.start_web()
        self.start_clerk()

    def start_web(self) -> None:
        """Start the web server and wait until it answers; after a kill it takes the same port again."""
        self._start("web", *web("127.0.0.1", self.port, grace_s=1))
        self._wait_for("web", self.port)

    def start_clerk(self, name: str = "clerk") -> None:
        """Start a clerk; a second one needs a name of its own."""
        self._start(name, "manage.py", "clerk")

    def start_signer(self) -> None:
        """Start the log's signer, which keeps the vault too, and wait until it answers."""
        self._start("signer", "manage.py", "signer")
        deadline = time.monotonic() + START_S
        while not Path(self.environment["SIGNER_SOCKET"]).exists():
            if self.parts["signer"].poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the signer did not start:\n{self.log('signer')[-3000:]}")
            time.sleep(0.05)

    def start_stripe(self) -> None:
        """Start the local payment server and wait until it answers."""
        kept = str(self.folder / "fake_stripe.sqlite3")
        hook = f"{self.base_url}/webhooks/stripe"
        told = ["--webhook-url", hook, "--webhook-secret", self.environment["STRIPE_WEBHOOK_SECRET"]]
        port = str(self.stripe_port)
        self._start("stripe", "-m", "tests.support.fake_stripe", "--port", port, "--database", kept, *told)
        self._wait_for("stripe", self.stripe_port)

    def kill(self, name: str) -> None:
        """End a part at once, as a power cut would (SIGKILL)."""
        part = self.parts.pop(name)
        _signal(part, signal.SIGKILL)
        part.wait()

    def stop(self) -> None:
        """Ask every part to stop, and end what does not."""
        for part in self.parts.values():
            _signal(part, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        for name in list(self.parts):
            with suppress(subprocess.TimeoutExpired):
                self.parts[name].wait(max(0.1, deadline - time.monotonic()))
            self.kill(name)

    def manage(self, *words: str) -> str:
        """Run a management command on this site and return what it printed."""
        code, said, wrong = forks.run(["manage.py", *words], self.environment, COMMAND_S)
        if code:
            raise AssertionError(f"manage.py {' '.join(words)} failed:\n{said}\n{wrong}")
        return said

    def log(self, name: str) -> str:
        """Return what a part has said so far."""
        path = self.folder / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.parts[name] = (self._forked if self.forked else self._begun)(command, log)

    def _forked(self, command: Sequence[str], log: IO[bytes]) -> Part:
        return forks.fork(command, self.environment, log, log)

    def _begun(self, command: Sequence[str], log: IO[bytes]) -> Part:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def _wait_for(self, name: str, port: int) -> None:
        deadline = time.monotonic() + START_S
        while not _answers(port):
            if self.parts[name].poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{name} did not start:\n{self.log(name)[-3000:]}")
            time.sleep(0.05)


@contextmanager
def running_site(
    *,
    database_url: str,
    redis_url: str = "",
    clock_file: Path | None = None,
    migrate: bool = True,
    demo: bool = False,
    signer: bool = False,
    forked: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Site]:
    """Run web, clerk and payment server on a database and yield the site.

    `migrate=False` takes a database that is up to date, such as pytest-django's own (`test_database_url`);
    `demo` fills it as `make run` does; with a `signer` the log is signed and identities are in its vault;
    not `forked`, each part begins from nothing, under its own command line and with its own memory;
    `environment` says otherwise than usual.
    """
    with tempfile.TemporaryDirectory(prefix="judicial-site-") as name:
        site = _site(Path(name), database_url, redis_url, clock_file)
        site.forked = forked
        signed = {"SIGNER_SOCKET": str(site.folder / "signer.sock")} if signer else {}
        site.environment.update({**signed, **(environment or {})})
        try:
            site.start(migrate=migrate, demo=demo)
            yield site
        except BaseException:
            _show_logs(site)
            raise
        finally:
            site.stop()


def sqlite_url(folder: Path) -> str:
    """Return the URL of a SQLite database in a folder."""
    return f"sqlite:///{folder / 'db.sqlite3'}"


def test_database_url() -> str:
    """Return the URL of the database pytest-django gave this test (PostgreSQL only, `transactional_db`)."""
    from django.db import connection  # the rules' tests load this module's neighbours without Django

    given = connection.settings_dict
    place = f"{given['HOST']}:{given['PORT']}/{given['NAME']}"
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{place}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


def _site(folder: Path, database_url: str, redis_url: str, clock_file: Path | None) -> Site:
    port, stripe_port = free_port(), free_port()
    given = {
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PLATFORM_CLOCK": str(clock_file or ""),
        "MEDIA_ROOT": str(folder / "media"),
        "LOG_DIR": str(folder / "log"),
        "SIGNER_DIR": str(folder / "signer"),
        "SIGNER_SOCKET": "",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PROBE_URL": f"http://127.0.0.1:{port}",
        "FAIR_CLOSE_GATE": "0" if clock_file else "1",
        "STRIPE_SECRET_KEY": "fake_key",
        "STRIPE_WEBHOOK_SECRET": "whsec_local",
        "STRIPE_API_BASE": f"http://127.0.0.1:{stripe_port}",
        "PYTHONUNBUFFERED": "1",
    }
    return Site(folder, {**os.environ, **given}, port, stripe_port)


def _show_logs(site: Site) -> None:
    for name in ("signer", "stripe", "web", "clerk"):
        print(f"--- {name}\n{site.log(name)[-3000:]}", file=sys.stderr)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False


def _signal(part: Part, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(part.pid, number)
