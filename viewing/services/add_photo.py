"""Take in an ordinary photograph (法释〔2016〕18号 art. 13(5): "视频或者照片")."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from viewing import store
from viewing.imaging import sandbox
from viewing.models import Photo, Tour
from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import read_claim
from viewing.rules.photographs import MOST_PHOTOS, admit
from viewing.services.changes import tour_to_change


def add_photo(*, tour: Tour, chunks: Iterable[bytes]) -> Photo:
    """Publish a photograph without its metadata and add it to the tour; one it already has stays as it is.

    The upload itself is not kept: it may say where it was taken, when and by whose phone.

    :raises Unfit: if it cannot be shown, or the tour is frozen or full
    """
    with store.working(uuid.uuid4().hex) as work:
        original = work / "original"
        _, size = store.write(original, chunks)
        with original.open("rb") as stream:
            admit(size, read_claim(stream))
        return _add(tour, sandbox.fit_photo(original, work))


@transaction.atomic(durable=True)
def _add(tour: Tour, fitted: sandbox.Fitted) -> Photo:
    tour = tour_to_change(tour.pk)
    digest = store.publish_still(fitted.data)
    known = tour.photos.filter(digest=digest).first()
    if known is not None:
        return known
    if tour.photos.count() >= MOST_PHOTOS:
        raise Unfit(Fault.TOO_MANY_PHOTOS)
    last = tour.photos.aggregate(last=Max("order", default=-1))["last"]
    size = {"width": fitted.width, "height": fitted.height}
    return Photo.objects.create(tour=tour, digest=digest, order=last + 1, **size)
