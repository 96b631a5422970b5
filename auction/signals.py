"""What Django tells of sessions and people, passed on to the sockets they sit behind."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from auction import seating
from auction.models import Person

TELLING: Final = frozenset({"password", "is_active"})


@receiver(user_logged_out)
def signed_out(request: HttpRequest | None, **_: Any) -> None:
    """Hang up on the sockets of a session that is signed out."""
    key = request.session.session_key if request is not None else None
    if key:
        transaction.on_commit(partial(seating.session_ended, key), robust=True)


@receiver(post_save, sender=Person)
def person_saved(instance: Person, *, created: bool, update_fields: frozenset[str] | None, **_: Any) -> None:
    """Have the sockets of a person checked who may no longer be let in."""
    if not created and (update_fields is None or TELLING & set(update_fields)):
        transaction.on_commit(partial(seating.person_changed, instance.pk), robust=True)
