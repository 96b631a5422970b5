"""Proofs that entries of a record are in the log, under the last checkpoint the signer signed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from auction.log import signer, tree
from auction.log.files import tiles
from auction.models import Event, Log, Logged
from auction.services.log_publish import Stale


class NotSigned(Exception):
    """An entry is not under a signed checkpoint yet: it will be within moments, if the signer is there."""


class Proved(NamedTuple):
    """An entry, its place in the log counted from 0, and its audit path there."""

    leaf: str
    place: int
    path: list[bytes]


class Under(NamedTuple):
    """Entries proved under one checkpoint, the signer's last, of this size."""

    size: int
    entries: list[Proved]


def under_last(events: Sequence[Event]) -> Under:
    """Return the proofs of entries, in the order given.

    :raises NotSigned: if one of them is not signed yet
    :raises Stale: if the signer knows of more than the database
    :raises signer.Unreachable: if nobody answers
    """
    size = signer.last(Path(settings.SIGNER_SOCKET)).size
    log = Log.objects.filter(frozen="").order_by("-pk").first()
    if size > (log.size if log else 0):
        raise Stale(size, log.size if log else 0)
    places = dict(Logged.objects.filter(log=log, event__in=events).values_list("event", "index"))
    if any(places.get(event.pk, size) >= size for event in events):
        raise NotSigned
    read = tiles().read(size)
    found = [(event.leaf, places[event.pk]) for event in events]
    return Under(size, [Proved(leaf, index, tree.inclusion(index, size, read)) for leaf, index in found])
