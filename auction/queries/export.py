"""A round's record with all that is needed to check it, as one file: docs/record-format.md §1.

The same record under the same checkpoint gives the same bytes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import rfc8785

from auction.models import Event, Round
from auction.queries.proofs import keys, policy, proven
from viewing.queries import sealed_bytes

EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can state: its time says nothing


def record_zip(round: Round) -> bytes:
    """Return the zip of a round."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, text in _files(round):
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, text)
    return file.getvalue()


def record_lines(round: Round | None) -> str:
    """Return the exact leaves, one a line."""
    leaves = Event.objects.filter(round=round).order_by("seq").values_list("leaf", flat=True)
    return "".join(f"{leaf}\n" for leaf in leaves)


def _files(round: Round) -> Iterator[tuple[str, str | bytes]]:
    yield "record.jsonl", record_lines(round)
    if (found := proven(round)) is not None:
        yield "checkpoint", found.checkpoint
        for seq, text in found.proofs.items():
            yield f"proofs/{seq}.tlog-proof", text
        yield "policy", policy()
    yield "keys.json", _json(keys())
    notices = round.lot.notices.values("kind", "number", "text")
    yield "notices.json", _json(list(notices))
    if round.lot.tour is not None:
        yield "tour.json", sealed_bytes(round.lot.tour)


def _json(value: object) -> bytes:
    return rfc8785.dumps(json.loads(json.dumps(value)))
