"""Whether he who bids is still signed in: his session, his account and his password, at every bid."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from auction.engine.values import Seat
from auction.models import Person

REMEMBERED: Final = 10_000


class Now(Protocol):
    """What the database says now of a seat's session and person; None where it has no such row."""

    @property
    def session_data(self) -> str | None:
        """Return the session's data, if it has not expired."""

    @property
    def password(self) -> str | None:
        """Return the hash of the password."""

    @property
    def is_active(self) -> bool:
        """Return whether the account may sign in."""


def is_present(seat: Seat | None, now: Now) -> bool:
    """Return whether the session is still his, he may still sign in, and has not changed his password."""
    if seat is None or now.session_data is None or now.password is None or not now.is_active:
        return False
    return signed_in(now.session_data) == str(seat.person_id) and mark(now.password) == seat.mark


@lru_cache(REMEMBERED)
def signed_in(session_data: str) -> str | None:
    """Return the primary key, as text, of whoever is signed in by a session with these data."""
    found = SessionStore().decode(session_data).get(SESSION_KEY)
    return None if found is None else str(found)


@lru_cache(REMEMBERED)
def mark(password: str) -> str:
    """Return Django's session-auth hash of a stored password."""
    return Person(password=password).get_session_auth_hash()
