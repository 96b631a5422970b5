"""Who is behind a socket now: asked again at every bid, for a session may have ended since the handshake."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from auction.models import Bidder, Person
from auction.queries.bidders import bidder_of


def person_of(session_key: str | None) -> Person | None:
    """Return the person signed in by this session, if it still holds and he is still active."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, Person) and user.is_active else None


def bidder_behind(session_key: str | None, round_id: int) -> Bidder | None:
    """Return the registration in this round of whoever is signed in by this session."""
    person = person_of(session_key)
    return bidder_of(round_id, person) if person else None
