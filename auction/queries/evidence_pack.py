"""All that speaks for and against a sale in a dispute (art. 31), in one file that anyone can open offline.

The record with its proofs, whose signatures count, what is known of the platform and its clocks while bidding
went on, which software ran, and the program that checks it. Five minutes after the end of a round nothing of
that changes any more: under the same checkpoint the same bytes are made each time.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import django
from django.conf import settings
from django.db.models import Model, QuerySet

from auction.models import ClockOffset, Incident, Pause, Process, Round, Stall, Uptime
from auction.queries import incidents
from auction.queries.export import archive, plain, record_files
from auction.queries.proofs import policy, published
from auction.record import ms
from auction.rules.fairness import FINAL, Span

PROGRAM: Final = "verify_record.py"
SOFTWARE: Final = ("auction", "config", "enforcement", "static/js", "templates", "viewing")


def evidence_pack(round: Round) -> bytes:
    """Return the zip of a round."""
    return archive((*record_files(round), *_circumstances(round)))


def _circumstances(round: Round) -> Iterator[tuple[str, str | bytes]]:
    if published() is None:
        yield "policy", policy()  # else it is with the record
    yield "platform.json", plain(_platform(round))
    yield "software.json", plain(software())
    if (program := Path(settings.BASE_DIR) / PROGRAM).is_file():
        yield PROGRAM, program.read_bytes()


def _platform(round: Round) -> dict[str, Any]:
    """Return what is known of the platform from before the beginning to after the end, in UTC ms.

    What had not ended by then has no end here, whatever became of it later.
    """
    since, until = round.opens_at - FINAL, (round.closed_at or round.closes_at) + FINAL
    meets = {"from_at__lte": until, "until_at__gte": since}
    beating = Process.objects.filter(started_at__lte=until, beat_at__gte=since)
    spans = {
        "reached": (Uptime.objects.filter(**meets), "from_at", "until_at"),
        "stalls": (Stall.objects.filter(**meets), "from_at", "until_at"),
        "processes": (beating, "started_at", "ended_at"),
        "pauses": (Pause.objects.filter(round=round), "at", "until_at"),
    }
    return {
        "since": ms(since),
        "until": ms(until),
        **{name: _times(*given, until) for name, given in spans.items()},
        "clocks": _clocks(beating, Span(since, until)),
        "incidents": _incidents(round, until),
    }


def _times(rows: QuerySet[Model], start: str, end: str, until: datetime) -> list[list[int | None]]:
    return [
        [ms(start_at), ms(end_at) if end_at and end_at <= until else None]
        for start_at, end_at in rows.order_by("pk").values_list(start, end)
    ]


def _clocks(processes: QuerySet[Process], span: Span) -> list[list[list[int]]]:
    """Return for each process, in the order of `processes`, when its clock was measured and how it was.

    In microseconds: by how much the platform's clock was ahead of the machine's, and how far that may be off.
    """
    rows = ClockOffset.objects.filter(at__gte=span.from_at, at__lte=span.until_at).order_by("pk")
    found: dict[int, list[list[int]]] = {
        pk: [] for pk in processes.order_by("pk").values_list("pk", flat=True)
    }
    for offset in rows.filter(process__in=list(found)):
        found[offset.process_id].append([ms(offset.at), offset.ahead_us, offset.slack_us])
    return list(found.values())


def _incidents(round: Round, until: datetime) -> list[dict[str, Any]]:
    """Return what stopped the round, as it stood then, without what it did to others."""
    found = Incident.objects.filter(from_at__lte=until, pauses__round=round).distinct()
    entries = incidents.shown(found.order_by("pk"))
    return [replace(entry, **_as_of(entry, round, until)).plain() for entry in entries]


def _as_of(entry: incidents.Entry, round: Round, until: datetime) -> dict[str, Any]:
    ended = entry.until_at is not None and entry.until_at <= until
    own = [pause for pause in entry.pauses if pause.round_id == round.pk]
    return {"until_at": entry.until_at if ended else None, "pauses": own}


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
