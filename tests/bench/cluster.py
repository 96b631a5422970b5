"""The cluster as what a benchmark runs against: `make bench NAME=bids SITE=cluster`.

nginx listens without TLS too, since the lean clients speak none; all else is as `make cluster` runs it. Its
parts may use every core, as in production, and so share the clients': its figures are lower bounds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from tests.support.cluster import our_keys, running_cluster

PORTS: dict[str, int] = {}
"""nginx's port of each running cluster, by the URL of its database."""


@contextmanager
def running(**environment: str) -> Iterator[str]:
    """Run a cluster with this process's keys and yield the URL of its database."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    with running_cluster(demo=False, bench=True, environment={**our_keys(), **environment}) as cluster:
        os.sched_setaffinity(0, mine)
        PORTS[cluster.database_url] = cluster.plain_port
        settings.SIGNER_SOCKET = cluster.environment["SIGNER_SOCKET"]  # whose vault seals what we register
        try:
            yield cluster.database_url
        finally:
            settings.SIGNER_SOCKET = ""
            del PORTS[cluster.database_url]
