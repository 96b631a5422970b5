"""Asking a time-stamping authority for a token over each close, so that not only our clock says when it was.

Nobody waits for it: not the close, not its signature, not the confirmation. A token is asked for until there
is one, and then no more.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from auction.log import authority
from auction.models import Event, Stamp
from auction.queries import due


def stamp_closes(at: datetime) -> None:
    """Ask for a token over the close of every round that has none, one after another.

    :raises NoToken: if the authority gives none: the rest is asked for later
    """
    for round_id in due.to_stamp(at):
        close = Event.objects.filter(round=round_id, kind="close").first()
        if close is not None:
            token = authority.ask(settings.TIMESTAMP_URL, close.leaf.encode())
            stamp = Stamp(round_id=round_id, at=token.at, answer=token.answer)
            Stamp.objects.bulk_create([stamp], ignore_conflicts=True)  # another clerk may have been quicker
