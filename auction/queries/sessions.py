"""Who is behind a socket: found at its handshake, and checked by the engine again at every bid."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from auction.engine import Seat
from auction.models import Bidder, Person
from auction.models.sealing import holder_hash
from auction.queries.bidders import bidder_of


def person_of(session_key: str | None) -> Person | None:
    """Return the person signed in by this session, if it still holds and he is still active."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, Person) and user.is_active else None


def seat_of(session_key: str | None, round_id: int) -> Seat | None:
    """Return the seat in this round of whoever this session signs in; he need not be registered yet."""
    person = person_of(session_key)
    return seat(person, session_key or "", round_id) if person else None


def seat(person: Person, session_key: str, round_id: int) -> Seat:
    """Return the seat of a person whose session was just found to hold."""
    return Seat(holder_hash(round_id, person.pk), person.pk, session_key, person.get_session_auth_hash())


def bidder_behind(session_key: str | None, round_id: int) -> Bidder | None:
    """Return the registration in this round of whoever is signed in by this session."""
    person = person_of(session_key)
    return bidder_of(round_id, person) if person else None
