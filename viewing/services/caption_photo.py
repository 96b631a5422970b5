"""Say in words what a photograph shows."""

from __future__ import annotations

from django.db import transaction

from viewing.services.changes import photo_to_change


@transaction.atomic(durable=True)
def caption_photo(*, photo_id: int, caption: str) -> None:
    """Write a photograph's caption.

    :raises Unfit: if the tour is frozen
    """
    photo = photo_to_change(photo_id)
    photo.caption = caption
    photo.save(update_fields=["caption"])
