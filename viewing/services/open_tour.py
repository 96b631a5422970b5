"""Begin a tour."""

from __future__ import annotations

from django.contrib.auth.models import Group

from viewing.models import Tour


def open_tour(*, title: str, keepers: Group | None = None) -> Tour:
    """Begin an empty tour that the group may change; without a group, whoever may change tours."""
    return Tour.objects.create(title=title, keepers=keepers)
