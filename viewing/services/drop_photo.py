"""Take a photograph out of a tour."""

from __future__ import annotations

from django.db import transaction

from viewing.services.changes import photo_to_change


@transaction.atomic(durable=True)
def drop_photo(*, photo_id: int) -> None:
    """Remove a photograph; its file stays, for another tour may show it.

    :raises Unfit: if the tour is frozen
    """
    photo_to_change(photo_id).delete()
