"""`python -m tests.faults.run --minutes 5 --seed 1`: a site under load and faults, its history checked.

Rounds open and end all the time; people bid until the last moment, twice, too low, with priority, by socket
and by HTTP; one fault follows another. Afterwards the faults stop, every round must come to its end, and no
invariant may be broken. The exit code is not zero if one is, or if the run did not meet the hard cases often
enough to prove anything.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.play import Run
    from tests.faults.world import World


def main() -> int:
    """Run as told, and say how it went."""
    given = _told()
    _load()
    from tests.faults.nemesis import Nemesis
    from tests.faults.play import Run
    from tests.faults.verdict import verdict
    from tests.faults.world import running_world

    run = Run(given.minutes * 60, given.seed, breaking=Nemesis.rest if given.quiet else Nemesis.run)
    with running_world(BUG=given.bug) as world:
        run.play(world)
        if given.history:
            _keep(run, world, given.history)
    found = verdict(run)
    print(json.dumps(found.summary, ensure_ascii=False, indent=1))
    print("\n".join((*found.violations[:40], *found.unmet)))
    return int(bool(found.violations or found.unmet))


def _load() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever stops us, nothing is left behind
    environment = {"DEBUG": "1", "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "config.settings"}
    for name, value in environment.items():
        os.environ.setdefault(name, value)
    import django

    django.setup()


def _told() -> argparse.Namespace:
    told = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    told.add_argument("--minutes", type=float, default=5.0)
    told.add_argument("--seed", default="1")
    told.add_argument("--history", type=Path, help="where to keep the history and what the processes said")
    told.add_argument("--bug", default="", help="plant a bug; the run should fail")
    told.add_argument("--quiet", action="store_true", help="let nothing break")
    return told.parse_args()


def _keep(run: Run, world: World, path: Path) -> None:
    run.history.write(path)
    for part in (*world.webs, *world.clerks, world.postgres.process):
        path.with_suffix(f".{part.name}.log").write_bytes(part.log.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
