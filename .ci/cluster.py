"""Start the production shape on this machine and keep it up: `make cluster`, on PORT=8443 if not told.

What dies is started again after a rest, as systemd would; what cannot be kept alive ends it all with one
sentence. Ctrl-C stops all of it, and nothing of it is kept: it begins anew each time.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType

from tools import ROOT, Failed, ended, say

sys.path.insert(0, str(ROOT))

from tests.support.cluster import Cluster, running_cluster
from tests.support.servers import Missing
from tests.support.supervise import Broken


def main() -> int:
    """Serve until something asks or forces it to stop; return the exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    say("Starting PostgreSQL, Redis, nginx, two web processes and two clerks, with the demo …")
    try:
        with running_cluster(port=_port(), say=lambda name, line: say(f"{name:>6} | {line}")) as cluster:
            _welcome(cluster)
            while True:
                cluster.tend()
                time.sleep(0.5)
    except (Missing, Broken) as broken:
        raise Failed(str(broken)) from broken
    except KeyboardInterrupt:
        say("All of it has stopped.")
        return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _port() -> int:
    asked = os.environ.get("PORT", "8443")
    if not asked.isdecimal() or not 0 < int(asked) < 65_536:
        raise Failed(f"PORT must be a number from 1 to 65535, not {asked!r}.")
    return int(asked)


def _welcome(cluster: Cluster) -> None:
    say(f"\nThe cluster is at {cluster.base_url}/  (Ctrl-C stops it)")
    say("Its certificate signed itself: the browser will ask whether to go on.\n")
    say(cluster.manage("demo", "--logins", DEBUG="1"))


if __name__ == "__main__":
    sys.exit(ended(main))
