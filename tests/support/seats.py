"""Seats for bidders: each person of a test signed in by a session of his own."""

from __future__ import annotations

from django.test import Client

from auction.engine import Seat
from auction.models import Bidder, Person
from auction.models.sealing import holder_hash
from auction.queries.sessions import seat_of


def seat(bidder: Bidder) -> Seat:
    """Return a seat for a bidder, found among all people by his keyed hash, with a fresh session."""
    person = next(
        each for each in Person.objects.all() if holder_hash(bidder.round_id, each.pk) == bidder.holder
    )
    return person_seat(person, bidder.round_id)


def person_seat(person: Person, round_id: int) -> Seat:
    """Return a seat in a round for a person, with a fresh session."""
    client = Client()
    client.force_login(person)
    found = seat_of(client.session.session_key, round_id)
    assert found is not None
    return found
