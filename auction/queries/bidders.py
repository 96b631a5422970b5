"""A person's own registrations, found by keyed hash: nobody else can find them."""

from __future__ import annotations

from auction.models import Bidder, Person, Round
from auction.models.sealing import holder_hash

AT_ONCE = 500
"""Hashes asked for in one query; SQLite's older limit on parameters is 999."""


def bidder_of(round_id: int, person: Person) -> Bidder | None:
    """Return the person's registration in a round, if there is one."""
    return Bidder.objects.filter(holder=holder_hash(round_id, person.pk)).first()


def depositor_of(round_id: int, person: Person) -> Bidder | None:
    """Return the person's registration in a round that takes deposits: practice does not."""
    mine = Bidder.objects.filter(holder=holder_hash(round_id, person.pk), round__lot__practice=False)
    return mine.first()


def registrations_of(person: Person) -> list[Bidder]:
    """Return all of a person's registrations but for practice, the round that ends last first."""
    serious = Round.objects.filter(lot__practice=False).order_by("-closes_at")
    rounds = list(serious.values_list("pk", flat=True))
    hashes = [holder_hash(pk, person.pk) for pk in rounds]
    found: list[Bidder] = []
    for start in range(0, len(hashes), AT_ONCE):
        mine = Bidder.objects.filter(holder__in=hashes[start : start + AT_ONCE])
        found += mine.select_related("round__lot", "deposit")
    return sorted(found, key=lambda bidder: bidder.round.closes_at, reverse=True)
