"""Freeze what is announced: a frozen tour is public and never changes (法释〔2016〕18号 art. 13(5))."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from viewing import queries
from viewing.models import Panorama, Tour
from viewing.rules.faults import Fault, Unfit
from viewing.rules.seal import seal


@transaction.atomic
def freeze_tour(tour: Tour, at: datetime) -> str:
    """Freeze a tour, within the announcement's transaction, and return the digest that seals it.

    A tour frozen before keeps its digest: another round shows the same pictures.

    :raises Unfit: if it shows nothing, or a picture is not ready
    """
    tour = Tour.objects.select_for_update().get(pk=tour.pk)
    if tour.frozen_at is None:
        _refuse_unready(tour)
        shown = queries.manifest(tour)
        tour.frozen_at, tour.digest = at, seal([*shown["scenes"], *shown["photos"]])
        tour.save(update_fields=["frozen_at", "digest"])
    return tour.digest


def _refuse_unready(tour: Tour) -> None:
    if not (tour.scenes.exists() or tour.photos.exists()):
        raise Unfit(Fault.NO_SCENE)
    if tour.scenes.exclude(panorama__state=Panorama.State.READY).exists():
        raise Unfit(Fault.NOT_READY)
