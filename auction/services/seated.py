"""Signing somebody in for as long as it takes to bid for him, as in the demonstration and in practice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from auction.engine import Seat
from auction.models import Person
from auction.queries.sessions import seat


@contextmanager
def seated(person: Person, round_id: int) -> Iterator[Seat]:
    """Give the person's seat in a round, and sign him out again."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    yield seat(person, session.session_key or "", round_id)
    session.delete()
