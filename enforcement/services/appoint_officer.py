"""Appoint a person to act for a court."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from auction.models import Person
from enforcement.models import Court, Officer


@dataclass(frozen=True)
class Office:
    """The court, the role in it (`Officer.Role`), and the name as documents show it."""

    court: Court
    role: str
    name: str


@transaction.atomic
def appoint_officer(*, person: Person, office: Office) -> Officer:
    """Make the person an officer, who may change the tours of his court."""
    officer = Officer.objects.create(person=person, court=office.court, role=office.role, name=office.name)
    keepers = tour_keepers(office.court)
    keepers.permissions.add(Permission.objects.get(content_type__app_label="viewing", codename="change_tour"))
    person.groups.add(keepers)
    return officer


def tour_keepers(court: Court) -> Group:
    """Return the group of those who may change a court's tours."""
    group, _ = Group.objects.get_or_create(name=f"tours of {court.code}")
    return group
