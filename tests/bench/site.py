"""What the benchmarks run against: a server on a core of its own, and rounds whose bidders are signed in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from tests.bench.lines import remark
from tests.support.servers import free_port
from tests.support.site import ROOT

SERVER_CORE, CLIENT_CORE = 0, 1
PLENTY = "1000000"  # bids a second and person: the limit is not what is measured


@dataclass(frozen=True)
class Bidders:
    """A round and the sessions of people who may bid in it."""

    round_id: int
    sessions: list[str]


def set_up() -> None:
    """Load Django in this process, on the clients' core; it reaches a benchmark's database by `standing_on`."""
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


@contextmanager
def serving(url: str, application: str = "config.asgi:application", **more: str) -> Iterator[tuple[int, int]]:
    """Serve an application on its core, and yield its port and process id."""
    port = free_port()
    words = ["--host", "127.0.0.1", "--port", str(port), "--ws-max-size", "4096", "--log-level", "warning"]
    words += ["--ws-per-message-deflate", "false", "--timeout-graceful-shutdown", "1", *_manner(application)]
    command = [*on_core(SERVER_CORE), sys.executable, "-m", "uvicorn", application, *words]
    with TemporaryDirectory(prefix="judicial-bench-") as folder, (Path(folder) / "log").open("w+b") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment(url, **more), stdout=log, stderr=log)
        try:
            _wait_for(server, port)
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            log.seek(0)
            if said := log.read().decode(errors="replace").strip():
                remark(f"{application} said:\n{said[-2000:]}")


def on_core(core: int) -> list[str]:
    """Return the words before a command that keep it on a core, where there are two."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


def some_rounds(many: int, bidders: int) -> list[Bidders]:
    """Make open rounds in which the same people may bid, and sign them in."""
    from auction import clock
    from auction.models import Bidder
    from auction.models.sealing import holder_hash
    from tests.support.bidding import a_recorded_round

    at = clock.now()
    people, sessions = some_people(bidders)
    rounds = [a_recorded_round(at=at, closes_at=at + timedelta(days=2)) for _ in range(many)]
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


def _manner(application: str) -> list[str]:
    """Return how the server speaks websockets: the site by its own protocol class, a peer by the stock one."""
    own = application.startswith("config.") and (ROOT / "config" / "server.py").exists()
    return ["--ws", "config.server:Sockets", "--lifespan", "on"] if own else ["--lifespan", "off"]


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    import socket
    import time

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The server did not start.")
