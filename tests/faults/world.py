"""The site under test: PostgreSQL, Redis, two web processes, two clerks, proxies; each may be killed."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import redis as redis_client
from django.conf import settings

from tests.faults import bugs
from tests.faults.postgres import Postgres
from tests.faults.process import Process
from tests.faults.proxy import Proxy
from tests.support import servers
from tests.support.migrated import bring_up_to_date
from tests.support.site import _answers

START_S: Final = 60
LOG_WITHIN_S: Final = 5  # what every receipt promises here, instead of a minute
REST_S: Final = 0.3  # between the end of a process and its next start, as a supervisor's


class World:
    """All parts of a site; those in `kept` are started again when they end."""

    def __init__(self, **more: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="judicial-faults-"))
        self.more = more
        self.postgres = Postgres()
        self.proxies = [Proxy(self.postgres.port), Proxy(self.postgres.port)]
        self.redis_port = servers.free_port()
        self.redis = Process("redis", _redis_command(self.redis_port, self.folder), self.folder)
        self.web_ports = [servers.free_port(), servers.free_port()]
        self.webs = [self._web(0, self.postgres.port), self._web(1, self.proxies[0].port)]
        self.clerks = [self._clerk(0, self.postgres.port), self._clerk(1, self.proxies[1].port)]
        self.signer = self._signer()
        self.kept: set[Process] = set()
        self.crashes = 0
        self._over = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    @property
    def urls(self) -> list[str]:
        """Return the addresses of the web processes."""
        return [f"http://127.0.0.1:{port}" for port in self.web_ports]

    @property
    def redis_url(self) -> str:
        """Return Redis's address."""
        return f"redis://127.0.0.1:{self.redis_port}/0"

    def start_servers(self) -> None:
        """Start what the site stands on, and bring the database up to date."""
        self.postgres.create()
        self.redis.start()
        for proxy in self.proxies:
            proxy.start()
        bring_up_to_date(self.postgres.url, self._migrate)
        self.signer.start()  # before anything is seeded: it keeps the vault that identities are sealed to
        self._wait_for_signer()

    def _wait_for_signer(self) -> None:
        deadline = time.monotonic() + START_S
        while not self.socket.exists():
            if time.monotonic() > deadline:
                raise AssertionError(f"the signer did not start:\n{self.signer.said()}")
            time.sleep(0.05)

    @property
    def socket(self) -> Path:
        """Return where the signer answers."""
        return self.folder / "signer.sock"

    def _migrate(self) -> None:
        migrate = Process(
            "migrate", [sys.executable, "manage.py", "migrate", "--verbosity", "0"], self.folder
        )
        migrate.environment = self._environment(self.postgres.port, self.web_ports[0])
        migrate.start()
        assert migrate.reap(120) == 0, migrate.said()

    def start_site(self) -> None:
        """Start the processes of the site and see that they are kept alive."""
        if bug := self.more.get("BUG"):
            for statement in bugs.BUGS[bug].statements:
                self.postgres.command(statement)
        for part in (*self.webs, *self.clerks):
            part.start()
        for place in (0, 1):
            self.wait_for_web(place)
        self.kept = {self.postgres.process, self.redis, *self.webs, *self.clerks, self.signer}
        self._supervisor.start()

    def wait_for_web(self, place: int) -> None:
        """Wait until a web process answers."""
        deadline = time.monotonic() + START_S
        while not _answers(self.web_ports[place]):
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.webs[place].name} did not start:\n{self.webs[place].said()}")
            time.sleep(0.05)

    def listens(self, part: Process) -> bool:
        """Return whether a process has come so far as to catch our signals."""
        with suppress(OSError):
            status = Path(f"/proc/{part.pid}/status").read_text(encoding="ascii")
            caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
            return part.alive and bool(int(caught.split()[1], 16) >> (signal.SIGUSR1 - 1) & 1)
        return False

    def redis_client(self) -> redis_client.Redis:
        """Return a connection to Redis."""
        return redis_client.Redis.from_url(self.redis_url, socket_timeout=3)

    def close(self) -> None:
        """End everything and leave nothing behind."""
        self._over.set()
        if self._supervisor.is_alive():
            self._supervisor.join(5)
        for part in (*self.webs, *self.clerks, self.signer, self.redis):
            part.kill()
        for proxy in self.proxies:
            with suppress(Exception):
                proxy.stop()
        self.postgres.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _supervise(self) -> None:
        while not self._over.wait(REST_S):
            for part in list(self.kept):
                if not part.alive:
                    self.crashes += 1
                    part.start()

    def _environment(self, database_port: int, web_port: int) -> dict[str, str]:
        direct = f":{self.postgres.port}/"
        given = {
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.postgres.url.replace(direct, f":{database_port}/"),
            "REDIS_URL": self.redis_url,
            "PLATFORM_CLOCK": "",
            "MEDIA_ROOT": str(self.folder / "media"),
            "SITE_URL": f"http://127.0.0.1:{web_port}",
            "PROBE_URL": self.urls[0],
            "FAIR_CLOSE_GATE": "1",
            "STRIPE_API_BASE": "http://127.0.0.1:1",
            "LOG_ORIGIN": "faults.example/log",
            "LOG_DIR": str(self.folder / "public"),
            "LOG_WITHIN_S": str(LOG_WITHIN_S),
            "SIGNER_DIR": str(self.folder / "keys"),
            "SIGNER_SOCKET": str(self.socket),
            "PYTHONUNBUFFERED": "1",
            **self.more,
        }
        return {**os.environ, **given}

    def _web(self, place: int, database_port: int) -> Process:
        port = self.web_ports[place]
        protocols = ["--http", "config.entrance:Entrance", "--ws", "config.server:Sockets"]
        where = [*protocols, "--host", "127.0.0.1", "--port", str(port)]
        frames = ["--ws-max-size", "4096", "--ws-per-message-deflate", "false"]
        end = ["--lifespan", "on", "--timeout-graceful-shutdown", "1", "--no-access-log"]
        command = [sys.executable, "-m", "tests.faults.web", *where, *frames, *end]
        return Process(
            f"web{place}", command, self.folder, environment=self._environment(database_port, port)
        )

    def _signer(self) -> Process:
        environment = self._environment(self.postgres.port, self.web_ports[0])
        command = [sys.executable, "manage.py", "signer"]
        return Process("signer", command, self.folder, environment=environment)

    def _clerk(self, place: int, database_port: int) -> Process:
        environment = self._environment(database_port, self.web_ports[0])
        command = [sys.executable, "-m", "tests.faults.clerk"]
        return Process(f"clerk{place}", command, self.folder, environment=environment)


@contextmanager
def running_world(**more: str) -> Iterator[World]:
    """Run PostgreSQL, Redis and the proxies with an empty database; the site itself is not started yet."""
    world = World(**more)
    ours = settings.SIGNER_SOCKET
    try:
        world.start_servers()
        settings.SIGNER_SOCKET = str(world.socket)  # who seeds asks the same vault
        yield world
    finally:
        settings.SIGNER_SOCKET = ours
        world.close()


def _redis_command(port: int, folder: Path) -> list[str]:
    program = servers._redis_program()
    return [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]


def port_of(url: str) -> int:
    """Return the port in a URL."""
    return urlsplit(url).port or 0
