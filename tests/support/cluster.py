"""The production shape on this machine: nginx, two web processes, two clerks, PostgreSQL and Redis.

It is production in all but payments and mail (`TRIAL=1`): no DEBUG, secrets made for it, TLS before it
with a certificate it signed itself, PostgreSQL waiting for the disk. Its parts work as a role that may change
nothing of the record; only migrations are the owner's. What it keeps goes away with it.
"""

from __future__ import annotations

import os
import resource
import secrets
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit

from config.serving import web
from tests.support import certificate, servers
from tests.support.migrated import bring_up_to_date
from tests.support.servers import free_port
from tests.support.site import ROOT
from tests.support.supervise import Broken, Say, Supervisor

WEB = ("web1", "web2")
CLERKS = ("clerk1", "clerk2")
POOL = 12
ROLE = "judicial_site"
CONNECTIONS = (
    len(WEB) + 2 * len(CLERKS)
) * POOL + 20  # a clerk is two processes; 20 for migrations and a person
KEYS = ("SECRET_KEY", "IDENTITY_KEY", "RECEIPT_KEY")
START_S = 60
FILES = 65_536


@dataclass(eq=False)
class Cluster:
    """A running cluster; `folder` holds its certificate, secrets and media and goes away with it."""

    folder: Path
    environment: dict[str, str]
    database_url: str  # as its owner; the parts have another role's
    port: int
    plain_port: int
    web_ports: dict[str, int]
    supervisor: Supervisor

    @property
    def base_url(self) -> str:
        """Return the address of the pages, which is nginx's."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        """Return the address of the websockets, which is nginx's."""
        return f"wss://127.0.0.1:{self.port}"

    @property
    def tls(self) -> ssl.SSLContext:
        """Return what a client needs to believe the certificate."""
        return ssl.create_default_context(cafile=self.folder / "certificate.pem")

    def manage(self, *words: str, **environment: str) -> str:
        """Run a management command on the cluster and return what it printed."""
        command = [sys.executable, "manage.py", *words]
        told = {**self.environment, **environment}
        done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Broken(f"manage.py {' '.join(words)} failed: {done.stderr.strip()[-600:]}")
        return done.stdout

    def tend(self) -> None:
        """Start again what died.

        :raises Broken: if a part died too often, or a server is gone
        """
        self.supervisor.tend()
        for name in ("DATABASE_URL", "REDIS_URL", "SITE_URL"):
            place = urlsplit(self.environment[name])
            if not _answers(place.port or 0):
                raise Broken(f"{SERVERS[name]} stopped by itself.")

    def wait(self) -> None:
        """Wait until every web process answers.

        :raises Broken: if one does not
        """
        deadline = time.monotonic() + START_S
        while not all(map(_answers, self.web_ports.values())):
            if time.monotonic() > deadline:
                raise Broken("The web processes did not start within a minute.")
            self.supervisor.tend()
            time.sleep(0.1)


SERVERS = {"DATABASE_URL": "PostgreSQL", "REDIS_URL": "Redis", "SITE_URL": "nginx"}


@contextmanager
def running_cluster(
    *,
    port: int = 0,
    demo: bool = True,
    bench: bool = False,
    say: Say | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Cluster]:
    """Run the cluster and yield it once it answers; `demo` fills it as `make run` does.

    `environment` says otherwise than usual, such as `our_keys()` for a test that makes its rows itself. For a
    `bench`, whose lean client speaks no TLS, nginx listens at `plain_port` too.
    """
    port, plain, ports = port or free_port(), free_port() if bench else 0, {name: free_port() for name in WEB}
    with (
        servers.postgresql(durable=True, connections=CONNECTIONS) as database_url,
        servers.redis() as redis_url,
        servers.nginx(partial(_nginx_settings, (port, plain), list(ports.values()))) as folder,
    ):
        given = _environment(folder, port) | {"DATABASE_URL": _as_role(database_url), "REDIS_URL": redis_url}
        told = {**os.environ, **given, **(environment or {})}
        supervisor = Supervisor(told, say or (lambda name, line: None))
        cluster = Cluster(folder, told, database_url, port, plain, ports, supervisor)
        try:
            _start(cluster, demo=demo)
            yield cluster
        finally:
            supervisor.stop()


def our_keys() -> dict[str, str]:
    """Return the environment that gives a cluster this process's keys, which so can sign and seal for it."""
    from django.conf import settings  # the script that starts a cluster has no Django

    return {
        key: value for name in KEYS for key, value in ((name, getattr(settings, name)), (f"{name}_FILE", ""))
    }


def _start(cluster: Cluster, *, demo: bool) -> None:
    owner = {"DATABASE_URL": cluster.database_url}
    bring_up_to_date(cluster.database_url, lambda: cluster.manage("migrate", "--verbosity", "0", **owner))
    _make_role(cluster, owner)
    cluster.manage("collectstatic", "--no-input", "--verbosity", "0")
    _sign(cluster)
    if demo:
        cluster.manage("demo", DEBUG="1", FAIR_CLOSE_GATE="0")  # it plays days of which no probe can know
    stripe = urlsplit(cluster.environment["STRIPE_API_BASE"]).port
    hook = ["--webhook-url", f"{cluster.base_url}/webhooks/stripe"]
    told = [*hook, "--webhook-secret", cluster.environment["STRIPE_WEBHOOK_SECRET"]]
    kept = ["--port", str(stripe), "--database", str(cluster.folder / "stripe.sqlite3")]
    cluster.supervisor.start("stripe", "-m", "tests.support.fake_stripe", *kept, *told)
    for name, port in cluster.web_ports.items():
        cluster.supervisor.start(name, *web("127.0.0.1", port))
    cluster.wait()
    for name in CLERKS:
        cluster.supervisor.start(name, "manage.py", "clerk")


def _as_role(database_url: str) -> str:
    """Return the address of the database for the role the parts work as, with a password of its own."""
    return (
        urlsplit(database_url)
        ._replace(netloc=f"{ROLE}:{secrets.token_hex(16)}@{_place(database_url)}")
        .geturl()
    )


def _place(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _make_role(cluster: Cluster, owner: dict[str, str]) -> None:
    """Make the role the parts work as, as its owner would."""
    path = cluster.folder / "role.secret"
    path.touch(mode=0o600)
    path.write_text(urlsplit(cluster.environment["DATABASE_URL"]).password or "", encoding="utf-8")
    cluster.manage("application_role", ROLE, "--password-file", str(path), **owner)


def _sign(cluster: Cluster) -> None:
    """Start the signer, which also keeps the vault of identities, and wait until it answers."""
    cluster.supervisor.start("signer", "manage.py", "signer")
    deadline = time.monotonic() + START_S
    while not Path(cluster.environment["SIGNER_SOCKET"]).exists():
        if time.monotonic() > deadline:
            raise Broken("The signer did not start within a minute.")
        cluster.supervisor.tend()
        time.sleep(0.05)


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Return the settings of production, with secrets of this cluster's own."""
    return _secrets(folder) | {
        "DEBUG": "0",
        "TRIAL": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"https://127.0.0.1:{port}",
        "PROBE_URL": f"https://127.0.0.1:{port}",
        "BEHIND_PROXY": "1",
        "DATABASE_POOL": str(POOL),
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "STRIPE_SECRET_KEY": "fake_key",
        "STRIPE_WEBHOOK_SECRET": secrets.token_hex(16),
        "STRIPE_API_BASE": f"http://127.0.0.1:{free_port()}",
        "OFFICERS_NEED_TOTP": "0",  # the demo's officers have no second factor
        "FAIR_CLOSE_GATE": "1",
        "PLATFORM_CLOCK": "",
        "LOG_DIR": str(folder / "public_log"),  # nginx's own words are in `log`
        "SIGNER_DIR": str(folder / "signer"),
        "SIGNER_SOCKET": str(folder / "signer.sock"),
        "SSL_CERT_FILE": str(folder / "certificate.pem"),  # probe and webhooks believe our certificate
        "PYTHONUNBUFFERED": "1",
    }


def _secrets(folder: Path) -> dict[str, str]:
    made = {}
    for name in KEYS:
        path = folder / f"{name.lower()}.secret"
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        made[f"{name}_FILE"] = str(path)
    return made


def _nginx_settings(doors: tuple[int, int], web_ports: list[int], folder: Path) -> str:
    """Return nginx's settings, its certificate beside them."""
    certificate.make(folder / "certificate.pem", folder / "key.pem")
    servers.give(folder / "key.pem")
    files = min(FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    ups = "\n    ".join(f"server 127.0.0.1:{each} max_fails=1 fail_timeout=1s;" for each in web_ports)
    port, plain = doors
    # A watched socket is two connections; where a worker has none left it hangs up without a word.
    given = {"folder": folder, "port": port, "servers": ups, "files": files, "connections": files}
    given["plain"] = f"listen 127.0.0.1:{plain} reuseport backlog=4096;" if plain else ""
    text = (ROOT / ".ci" / "nginx.conf").read_text(encoding="utf-8")
    for name, value in given.items():
        text = text.replace(f"{{{{{name}}}}}", str(value))
    return text


def _answers(port: int) -> bool:
    with suppress(OSError), create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False
