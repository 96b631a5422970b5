"""What the benchmarks run against: a server on a core of its own, and rounds whose bidders are signed in."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from tests.bench import cluster
from tests.bench.lines import remark
from tests.support import servers
from tests.support.servers import free_port
from tests.support.site import ROOT

SERVER_CORE, CLIENT_CORE = 0, 1
SITE = "config.asgi:application"
PLENTY = "1000000"  # bids a second and person: the limit is not what is measured


@dataclass(frozen=True)
class Bidders:
    """A round and the sessions of people who may bid in it."""

    round_id: int
    sessions: list[str]


def set_up() -> None:
    """Load Django in this process, on the clients' core; `standing_on` leads it to a benchmark's database."""
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    stay_on_the_clients_core()
    django.setup()


def stay_on_the_clients_core() -> None:
    """Keep this process and all it starts, such as PostgreSQL, off the server's core, if there are two."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {CLIENT_CORE})
    else:
        remark("There is one core only: server, clients and database share it.")


def migrate(url: str) -> None:
    """Bring a database up to date."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment(url), check=True)


def environment(url: str, **more: str) -> dict[str, str]:
    """Return the environment of a server on this database."""
    told = {
        "DATABASE_URL": url,
        "REDIS_URL": "",
        "DEBUG": "1",
        "LOG_LEVEL": "WARNING",
        "BIDS_A_SECOND": PLENTY,
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",  # without the log of queries
    }
    return {**os.environ, **told, **more}


def is_cluster() -> bool:
    """Return whether the cluster is to be measured (`SITE=cluster`)."""
    return os.environ.get("BENCH_SITE") == "cluster"


@contextmanager
def database() -> Iterator[str]:
    """Run a PostgreSQL that waits for its disk, or the whole cluster (`SITE=cluster`), and yield its URL."""
    if is_cluster():
        with cluster.running(BIDS_A_SECOND=PLENTY, LOG_LEVEL="WARNING") as url:
            yield url
    else:
        with servers.postgresql(durable=True) as url:
            yield url


@contextmanager
def serving(url: str, application: str = SITE, **more: str) -> Iterator[tuple[int, int]]:
    """Serve an application on its core, and yield its port and process id.

    On a cluster's database the site is served already: its port is nginx's, and there is no one process.
    """
    if application == SITE and url in cluster.PORTS:
        yield cluster.PORTS[url], 0
    else:
        with _process(url, application, more) as started:
            yield started


@contextmanager
def _process(url: str, application: str, more: dict[str, str]) -> Iterator[tuple[int, int]]:
    port = free_port()
    with TemporaryDirectory(prefix="judicial-bench-") as folder, (Path(folder) / "log").open("w+b") as log:
        server = subprocess.Popen(
            _command(application, port), cwd=ROOT, env=environment(url, **more), stdout=log, stderr=log
        )
        try:
            _wait_for(server, port)
            yield port, server.pid
        finally:
            _stop(server)
            log.seek(0)
            if said := log.read().decode(errors="replace").strip():
                remark(f"{application} said:\n{said[-2000:]}")


def on_core(core: int) -> list[str]:
    """Return the words before a command that keep it on a core, where there are two."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


def some_rounds(many: int, bidders: int) -> list[Bidders]:
    """Make open rounds in which the same people may bid, and sign them in."""
    from django.db import transaction

    from auction import clock
    from auction.models import Bidder
    from auction.models.sealing import holder_hash
    from tests.support.bidding import a_recorded_round
    from tests.support.people import a_lot

    at = clock.now()
    people, sessions = some_people(bidders)
    with transaction.atomic():
        lot = a_lot()
        rounds = [a_recorded_round(at=at, closes_at=at + timedelta(days=2), lot=lot) for _ in range(many)]
    rows = [
        Bidder(
            round=round,
            number=number,
            code=f"B{number:04d}",
            holder=holder_hash(round.pk, person.pk),
            consented_at=at,
            qualified_at=at,
        )
        for round in rounds
        for number, person in enumerate(people, 1)
    ]
    Bidder.objects.bulk_create(rows, batch_size=500)
    return [Bidders(round.pk, sessions) for round in rounds]


def some_people(many: int):  # type: ignore[no-untyped-def]
    """Return new people and the keys of their sessions."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    from auction.models import Person

    backend = django.conf.settings.AUTHENTICATION_BACKENDS[0]
    first = Person.objects.count()
    people = Person.objects.bulk_create(
        Person(username=f"bench{first + number}", password=f"!{number}") for number in range(many)
    )
    store, rows = SessionStore(), []
    for person in people:
        data = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: backend,
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        rows.append(
            Session(
                session_key=f"bench{person.pk:027d}",
                session_data=store.encode(data),
                expire_date=store.get_expiry_date(),
            )
        )
    Session.objects.bulk_create(rows)
    return people, [row.session_key for row in rows]


def _command(application: str, port: int) -> list[str]:
    """Return how to serve: the site with its own protocol class, a peer with the stock one."""
    protocols = ["--http", "config.entrance:Entrance", "--ws", "config.server:Sockets"]
    manner = [*protocols, "--lifespan", "on"] if application.startswith("config.") else ["--lifespan", "off"]
    where = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    frames = ["--ws-max-size", "4096", "--ws-per-message-deflate", "false"]
    end = ["--timeout-graceful-shutdown", "1"]
    uvicorn = [sys.executable, "-m", "uvicorn", application]
    return [*on_core(SERVER_CORE), *uvicorn, *where, *frames, *end, *manner]


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The server did not start.")
