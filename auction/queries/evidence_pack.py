"""All that speaks for and against a sale in a dispute (art. 31), in one file that anyone can open offline.

The record with its proofs, what is known of the platform while bidding went on, which software ran, and the
program that checks it. Of a round that is over the same bytes are made each time.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import django
from django.conf import settings
from django.db.models import Model, QuerySet

from auction.models import Incident, Pause, Process, Round, Stall, Uptime
from auction.queries import incidents
from auction.queries.export import archive, plain, record_files
from auction.record import ms
from auction.rules.fairness import FINAL

PROGRAM: Final = "verify_record.py"
SOFTWARE: Final = ("auction", "config", "enforcement", "static/js", "templates", "viewing")


def evidence_pack(round: Round) -> bytes:
    """Return the zip of a round."""
    return archive((*record_files(round), *_circumstances(round)))


def _circumstances(round: Round) -> Iterator[tuple[str, str | bytes]]:
    yield "platform.json", plain(_platform(round))
    yield "software.json", plain(software())
    if (program := Path(settings.BASE_DIR) / PROGRAM).is_file():
        yield PROGRAM, program.read_bytes()


def _platform(round: Round) -> dict[str, Any]:
    """Return what is known of the platform from before the beginning to after the end, in UTC ms."""
    since, until = round.opens_at - FINAL, (round.closed_at or round.closes_at) + FINAL
    meets = {"from_at__lte": until, "until_at__gte": since}
    beating = Process.objects.filter(started_at__lte=until, beat_at__gte=since)
    found = Incident.objects.filter(from_at__lte=until).filter(pauses__round=round).distinct()
    return {
        "reached": _times(Uptime.objects.filter(**meets), "from_at", "until_at"),
        "stalls": _times(Stall.objects.filter(**meets), "from_at", "until_at"),
        "processes": _times(beating, "started_at", "ended_at"),
        "pauses": _times(Pause.objects.filter(round=round), "at", "until_at"),
        "incidents": [entry.plain() for entry in incidents.shown(found.order_by("pk"))],
    }


def _times(rows: QuerySet[Model], start: str, end: str) -> list[list[int | None]]:
    return [
        [ms(start_at), ms(end_at) if end_at else None]
        for start_at, end_at in rows.order_by("pk").values_list(start, end)
    ]


@cache
def software() -> dict[str, Any]:
    """Return what runs: SHA-256 over the names and digests of all sources, and the versions of languages."""
    base, whole = Path(settings.BASE_DIR), hashlib.sha256()
    files = sorted(path for part in SOFTWARE for path in (base / part).rglob("*") if _is_source(path))
    for path in files:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{digest}  {path.relative_to(base).as_posix()}\n".encode())
    versions = {"python": platform.python_version(), "django": django.__version__}
    return {"files": len(files), "sha256": whole.hexdigest(), **versions}


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts
