"""A PostgreSQL that waits for its disk, can be killed and started again on its data, and whose disk can fill.

Its disk is a small tmpfs where we may mount one (root on Linux). A killed process loses nothing the kernel
has, so this shows what processes lose, not what a power cut does.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psycopg

from tests.faults.process import Process
from tests.support import servers

DISK_MIB: Final = 320
START_S: Final = 40
BACKENDS: Final = (
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class Postgres:
    """One server, its folder, and what can be done to it."""

    def __init__(self) -> None:
        self.user = servers._plain_user()
        self.folder = Path(tempfile.mkdtemp(prefix="judicial-faults-pg-"))
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        self.may_fill = _mounted(self.disk)
        for path in (self.folder, self.disk):
            if self.user:
                os.chown(path, *_ids(self.user))
        self.port = servers.free_port()
        self.password = secrets.token_hex(16)
        self.url = f"postgresql://judicial:{self.password}@127.0.0.1:{self.port}/judicial"
        self.process = self._process()

    def _process(self) -> Process:
        programs = servers._readable(servers._postgresql_programs(), self.folder)
        servers._initialise(programs, self.disk, self.password)
        command = servers._postgres_command(programs, self.disk, self.port, durable=True)
        told = {"max_wal_size": "96MB", "min_wal_size": "32MB", "restart_after_crash": "on"}
        options = [word for name, value in told.items() for word in ("-c", f"{name}={value}")]
        return Process("postgres", [*command, *options], self.folder, user=self.user)

    def create(self) -> None:
        """Start for the first time and make the database."""
        self.start()
        servers._create_database(self.admin_url, "judicial")

    @property
    def admin_url(self) -> str:
        """Return the URL of the database that is always there."""
        return f"{self.url.rpartition('/')[0]}/postgres"

    def start(self) -> None:
        """Start, or start again, and wait until it answers."""
        deadline = time.monotonic() + START_S
        while not servers._can_query(self.admin_url):
            if time.monotonic() > deadline:
                raise AssertionError(f"PostgreSQL did not start:\n{self.process.said()}")
            if not self.process.alive:
                self.process.start()
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill the postmaster alone; its children see it and end."""
        if self.process.alive:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.reap(10)

    def stop_at_once(self) -> None:
        """Stop as `pg_ctl -m immediate` does: no checkpoint, recovery at the next start."""
        self.process.send(signal.SIGQUIT)
        self.process.reap(10)

    def query(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask on a connection of its own; nothing if it cannot be asked now."""
        with (
            suppress(psycopg.Error),
            psycopg.connect(self.url, autocommit=True, connect_timeout=2) as connection,
        ):
            cursor = connection.execute(text.encode(), values)
            return cursor.fetchall() if cursor.description else []
        return []

    def command(self, text: str) -> None:
        """Do something on a connection of its own.

        :raises psycopg.Error: if it cannot be done
        """
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(text.encode())

    def backends(self) -> list[int]:
        """Return the processes that serve a client now."""
        return [pid for (pid,) in self.query(BACKENDS)]

    def slow_commits(self, ms: int) -> None:
        """Let every flush of the log wait so many ms (at most 100), as behind a slow disk; 0 ends it."""
        self.query("ALTER SYSTEM SET commit_siblings = 0")
        self.query(f"ALTER SYSTEM SET commit_delay = {min(ms, 100) * 1000}")
        self.query("SELECT pg_reload_conf()")

    def fill_disk(self) -> int:
        """Leave no free byte; return how many were taken."""
        ballast = self.disk / "ballast"
        taken = 0
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            for size in (2**20, 4096, 64):
                with suppress(OSError):
                    while written := file.write(b"\0" * size):
                        taken += written
        return taken

    def free_disk(self) -> None:
        """Give the space back."""
        (self.disk / "ballast").unlink(missing_ok=True)

    def close(self) -> None:
        """Stop and leave nothing behind."""
        for pid in self.backends():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.process.stop(signal.SIGINT, within=10)
        if self.may_fill:
            subprocess.run(["umount", "--lazy", str(self.disk)], check=False)
        subprocess.run(["rm", "-rf", "--one-file-system", str(self.folder)], check=False)


def _mounted(folder: Path) -> bool:
    """Return whether a small file system of its own could be put there."""
    if os.geteuid() != 0:
        return False
    options = f"size={DISK_MIB}m,mode=700"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    return done.returncode == 0


def _ids(user: str) -> tuple[int, int]:
    import pwd

    found = pwd.getpwnam(user)
    return found.pw_uid, found.pw_gid
