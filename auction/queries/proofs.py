"""What anyone needs to find a leaf in the log and to trust what he finds."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from auction.log import note, proof, tree
from auction.log.checkpoint import read
from auction.log.files import tiles
from auction.log.policy import Party
from auction.models import Log, Logged, Round
from auction.queries import witnesses


class Proven(NamedTuple):
    """The signed checkpoint and, by a leaf's `seq`, its proof under it; leaves too new for it have none."""

    checkpoint: str
    proofs: dict[int, str]


class Covered(NamedTuple):
    """Where in the log a round's close is, from 0, and the checkpoint signed over it; `root` in base64."""

    place: int
    origin: str
    size: int
    root: str
    at: datetime


def published() -> Log | None:
    """Return the log that is published, if one is."""
    return Log.objects.exclude(checkpoint="").order_by("-pk").first()


def proven(round: Round) -> Proven | None:
    """Return the proofs of a round's leaves under the last checkpoint that suffices by the policy.

    As long as that has not all of them, under the newest that is published.
    """
    log = published()
    if log is None:
        return None
    known = Logged.objects.filter(log=log, event__round=round).order_by("index")
    last = known.last()
    checkpoint, size = _head(log, last.index if last else 0)
    rows = known.filter(index__lt=size)
    subtrees = tiles().read(size)
    return Proven(
        checkpoint,
        {
            seq: proof.inclusion(index, tree.inclusion(index, size, subtrees), checkpoint)
            for seq, index in rows.values_list("event__seq", "index")
        },
    )


def covered(round: Round) -> Covered | None:
    """Return under which signed checkpoint, the newest, a round's close is; None if it is under none yet."""
    log = published()
    close = Logged.objects.filter(log=log, event__round=round, event__kind="close").first()
    if log is None or close is None or log.signed_at is None or close.index >= log.signed_size:
        return None
    head = read(note.parse(log.checkpoint).text)
    return Covered(close.index, head.origin, head.size, b64encode(head.root).decode(), log.signed_at)


def proof_of(round: Round, seq: int) -> str | None:
    """Return a leaf with its proof, under a checkpoint as above; None if it is under none yet."""
    log = published()
    known = Logged.objects.filter(log=log, event__round=round, event__seq=seq)
    place = known.values_list("index", "event__leaf").first()
    if log is None or place is None:
        return None
    index, leaf = place
    checkpoint, size = _head(log, index)
    if index >= size:
        return None
    return proof.inclusion(index, tree.inclusion(index, size, tiles().read(size)), checkpoint, leaf=leaf)


def grown(old: int, size: int) -> str:
    """Return the hashes, one a line, that show that the log of one size begins with that of another.

    :raises IndexError: if it never was signed at such a size
    """
    log = published()
    if log is None or size > log.signed_size:
        raise IndexError(size)
    try:
        return proof.lines(tree.consistency(old, size, tiles().read(size)))
    except FileNotFoundError as error:
        raise IndexError(size) from error


def policy() -> str:
    """Return whose signatures count, in the words of c2sp.org/tlog-policy."""
    log = published()
    key = note.vkey(log.vkey) if log else None
    named = [Party(key.name, key, f"{settings.SITE_URL}/log")] if key else []
    return str(witnesses.policy().of_log(named))


def _head(log: Log, index: int) -> tuple[str, int]:
    """Return the checkpoint with enough cosignatures if it has this leaf, else the newest; and its size."""
    if log.witnessed_size > index:
        return log.witnessed, log.witnessed_size
    checkpoint = tiles().checkpoint() or log.checkpoint
    return checkpoint, read(note.parse(checkpoint).text).size
