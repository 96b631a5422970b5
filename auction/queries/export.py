"""A round's record with all that is needed to check it, as one file: docs/record-format.md §1.

The same record under the same checkpoint gives the same bytes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import rfc8785

from auction.models import Event, Round, Stamp
from auction.queries.proofs import policy, proven
from auction.queries.receipt_keys import receipt_keys
from viewing.queries import sealed_bytes

PROOFS: Final = "proofs/"
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can state: its time says nothing


def record_zip(round: Round) -> bytes:
    """Return the zip of a round."""
    return archive(record_files(round))


def archive(files: Iterable[tuple[str, str | bytes]]) -> bytes:
    """Return a zip of these files that tells nothing of when it was made."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as zipped:
        for name, text in files:
            entry = ZipInfo(name, EPOCH)
            # Hashes do not shrink, and to unpack ten thousand of them costs a browser seconds.
            entry.compress_type = ZIP_STORED if name.startswith(PROOFS) else ZIP_DEFLATED
            zipped.writestr(entry, text)
    return made.getvalue()


def plain(value: object) -> bytes:
    """Return data as RFC 8785 has it."""
    return rfc8785.dumps(json.loads(json.dumps(value)))


def record_lines(round: Round | None) -> str:
    """Return the exact leaves, one a line."""
    leaves = Event.objects.filter(round=round).order_by("seq").values_list("leaf", flat=True)
    return "".join(f"{leaf}\n" for leaf in leaves)


def record_files(round: Round) -> Iterator[tuple[str, str | bytes]]:
    """Yield the names and contents that docs/record-format.md §1 lists."""
    yield "record.jsonl", record_lines(round)
    if (found := proven(round)) is not None:
        yield "checkpoint", found.checkpoint
        for seq, text in found.proofs.items():
            yield f"{PROOFS}{seq}.tlog-proof", text
        yield "policy", policy()
    if (stamp := Stamp.objects.filter(round=round).first()) is not None:
        yield "close.tsr", bytes(stamp.answer)
    yield "keys.json", plain({"receipt": receipt_keys()})
    notices = round.lot.notices.values("kind", "number", "text")
    yield "notices.json", plain(list(notices))
    if round.lot.tour is not None:
        yield "tour.json", sealed_bytes(round.lot.tour)
