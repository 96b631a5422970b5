"""Who sits behind many handshakes at once, in three queries: sessions, people, registrations."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from importlib import import_module
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from auction import clock
from auction.engine import Seat
from auction.models import Bidder, Person
from auction.queries.sessions import seat

AT_ONCE: Final = 400  # parameters of one query; SQLite's older limit is 999

Asked = tuple[str, int]


class Place(NamedTuple):
    """Whoever is signed in by a session, and his registration in a round if he has one."""

    seat: Seat
    bidder_id: int | None
    code: str
    rank: int | None


def places(asked: Collection[Asked]) -> dict[Asked, Place]:
    """Return who is behind each session key in each round; a session that does not hold is left out."""
    people = signed_in({key for key, _ in asked})
    seats = {(key, round_id): seat(people[key], key, round_id) for key, round_id in asked if key in people}
    registered = _registered({taken.holder for taken in seats.values()})
    nobody = (None, "", None)
    return {each: Place(taken, *registered.get(taken.holder, nobody)) for each, taken in seats.items()}


def signed_in(keys: Collection[str]) -> dict[str, Person]:
    """Return by session key who is signed in: his session holds, he is active, his password is the same."""
    said = _sessions(keys)
    ids = {int(data[SESSION_KEY]) for data in said.values() if SESSION_KEY in data}
    people = {person.pk: person for some in _slices(ids) for person in Person.objects.filter(pk__in=some)}
    found: dict[str, Person] = {}
    for key, data in said.items():
        person = people.get(int(data.get(SESSION_KEY, 0)))
        if person is not None and _holds(person, data):
            found[key] = person
    return found


def _holds(person: Person, data: dict[str, Any]) -> bool:
    marks = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    given = data.get(HASH_SESSION_KEY, "")
    return person.is_active and any(constant_time_compare(given, mark) for mark in marks)


def _sessions(keys: Collection[str]) -> dict[str, dict[str, Any]]:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    found: dict[str, dict[str, Any]] = {}
    for some in _slices(keys):
        rows = Session.objects.filter(session_key__in=some, expire_date__gt=clock.now())
        found.update(
            (key, store.decode(text)) for key, text in rows.values_list("session_key", "session_data")
        )
    return found


def _registered(holders: Collection[str]) -> dict[str, tuple[int, str, int | None]]:
    found: dict[str, tuple[int, str, int | None]] = {}
    for some in _slices(holders):
        for bidder in Bidder.objects.filter(holder__in=some).only("holder", "code", "rank"):
            found[bidder.holder] = bidder.pk, bidder.code, bidder.rank
    return found


def _slices(values: Collection[Any]) -> Iterable[list[Any]]:
    every = list(values)
    return [every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE)]
