"""Publishing the log: files first, then the signature over them, then the checkpoint that tells of both.

All of it follows from the places in the database, so that it may be done again, and by two clerks at once.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from auction.log import note, signer, tree
from auction.log.checkpoint import Checkpoint
from auction.log.files import tiles
from auction.log.tiles import WIDTH, Tiles
from auction.models import Log, Logged
from auction.services.sequence import sequence

AT_ONCE: Final = 64 * WIDTH  # leaves written between two looks at the database

log = logging.getLogger(__name__)


class Stale(Exception):
    """The signer has signed a larger log than the database knows: the database is older than the world.

    Nothing may go on from it (reliability.md 2.7, I9): the log is frozen and succeeded, as the handbook says.
    """

    def __init__(self, signed: int, known: int) -> None:
        super().__init__(f"the signer has signed {signed} leaves, the database knows {known}")
        self.signed, self.known = signed, known


def grow(*, at: datetime) -> None:
    """Let the log grow by what the records grew by, and publish it if somebody is there to sign it."""
    grown = sequence(at=at)
    if settings.SIGNER_SOCKET:
        publish(grown, at=at)


def publish(grown: Log, *, at: datetime) -> str:
    """Sign and publish what the log has grown by; return the checkpoint that is published now.

    :raises Stale: if the signer knows of more than the database
    :raises signer.Unreachable: if there is no signer; what is in the database is published later
    :raises signer.Refused: if what is in the database does not begin with what was signed
    """
    if grown.size == grown.signed_size and grown.checkpoint:
        return _shown(grown.checkpoint)
    last = signer.last(Path(settings.SIGNER_SOCKET))
    if last.size > grown.size:
        raise Stale(last.size, grown.size)
    write(grown, tiles())
    return _shown(_signed(grown, last, at))


def write(grown: Log, files: Tiles) -> None:
    """Write the tiles from the last that was signed to the log's size."""
    start = grown.signed_size - grown.signed_size % WIDTH
    while start < grown.size:
        end = min(start + AT_ONCE, grown.size)
        files.grow(start, leaves(grown, start, end))
        start = end


def leaves(grown: Log, start: int, end: int) -> list[bytes]:
    """Return the bytes of leaves of the log, from one index to before another."""
    rows = Logged.objects.filter(log=grown, index__gte=start, index__lt=end).order_by("index")
    return [(statement or leaf).encode() for statement, leaf in rows.values_list("statement", "event__leaf")]


def _signed(grown: Log, last: signer.Last, at: datetime) -> str:
    """Have the new size signed; the row moves forward only, whoever is last."""
    read_from = tiles().read(grown.size)
    new = Checkpoint(grown.origin, grown.size, tree.root(grown.size, read_from))
    steps = tree.consistency(last.size, grown.size, read_from)
    text = signer.signed(Path(settings.SIGNER_SOCKET), last.size, new, steps)
    note.verified(note.parse(text), [note.vkey(last.vkey)])
    kept = {"signed_size": new.size, "signed_at": at, "checkpoint": text, "vkey": last.vkey}
    Log.objects.filter(pk=grown.pk, signed_size__lt=new.size).update(**kept)
    return text


def _shown(text: str) -> str:
    """Put a checkpoint in its file, unless a larger one is there; of the same size it has cosignatures."""
    tiles().publish(text)
    return text


def demand_whole() -> None:
    """See that the signer knows of no more than the database, before anything is done on it.

    :raises Stale: if it does; where no signer answers nothing is known
    """
    if not settings.SIGNER_SOCKET:
        return
    try:
        last = signer.last(Path(settings.SIGNER_SOCKET))
    except signer.Unreachable:
        log.warning("The log's signer does not answer: nothing is signed until it does.")
        return
    known = Log.objects.filter(frozen="").order_by("-pk").values_list("size", flat=True).first() or 0
    if last.size > known:
        raise Stale(last.size, known)
