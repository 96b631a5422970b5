"""A person proves a real name (art. 17¶2): the number is checked by its form, and both are sealed."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from auction.models import Person, RealName
from auction.models.sealing import number_hash, seal, unseal
from auction.rules import identity
from auction.rules.identity import Identity

PURPOSE = "real name"


class NumberTaken(Exception):
    """Another account has proved this number."""


@transaction.atomic
def prove(*, person: Person, kind: str, name: str, number: str, at: datetime) -> RealName:
    """Store the sealed name and number; a number belongs to one account, and a proved name stays.

    :raises NotANumber: if the number is not one of its kind
    :raises NumberTaken: if another account has it
    """
    number = identity.checked_number(kind, number)
    natural = kind == identity.NATURAL
    facts = {
        "kind": kind,
        "sealed": seal(PURPOSE, f"person:{person.pk}", {"name": " ".join(name.split()), "number": number}),
        "number_hash": number_hash(number),
        "adult_on": identity.adult_on(number) if natural else None,
        # The day alone: an instant would tie the name to the registration that follows it.
        "at": at.replace(hour=0, minute=0, second=0, microsecond=0),
    }
    try:
        with transaction.atomic():
            proved, _ = RealName.objects.get_or_create(person=person, defaults=facts)
    except IntegrityError:
        raise NumberTaken from None
    return proved


def identity_of(proved: RealName) -> Identity:
    """Return the person's own identity, for himself and to seal it for a round."""
    plain = unseal(PURPOSE, f"person:{proved.person_id}", proved.sealed)
    return Identity(proved.kind, plain["name"], plain["number"])
