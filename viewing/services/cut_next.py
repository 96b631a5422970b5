"""Cut the next picture that waits; killed at any point, the next cutter takes it up again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from viewing import store
from viewing.imaging import sandbox
from viewing.models import Panorama
from viewing.rules.faults import Fault, Unfit
from viewing.services.draw_next_still import draw_next_still

State = Panorama.State

# Longer than a child may run, so that a claim this old belongs to a cutter that is dead.
FORGOTTEN: Final = timedelta(seconds=sandbox.WALL_SECONDS + 60)
MOST_ATTEMPTS: Final = 3


def cut_next(at: datetime) -> bool:
    """Cut one panorama, or draw one still if none waits; return whether there was anything to do."""
    panorama = _claim(at)
    if panorama is None:
        return draw_next_still()
    try:
        outcome = _cut(panorama)
    except Unfit as unfit:
        outcome = _unfit(unfit.fault)
    except sandbox.CutterDied:
        outcome = _after_death(panorama)
    # Only if the claim is still ours: another cutter may have thought us dead.
    mine = Panorama.objects.filter(pk=panorama.pk, state=State.CUTTING, claimed_at=at)
    mine.update(**outcome)
    return True


@transaction.atomic(durable=True)
def _claim(at: datetime) -> Panorama | None:
    """Take the oldest waiting panorama, or one a dead cutter left."""
    forgotten = Q(state=State.CUTTING, claimed_at__lt=at - FORGOTTEN)
    waiting = Panorama.objects.filter(Q(state=State.RECEIVED) | forgotten).order_by("pk")
    skip = connection.features.has_select_for_update_skip_locked
    panorama = waiting.select_for_update(skip_locked=skip).first()
    if panorama is not None:
        panorama.state, panorama.claimed_at = State.CUTTING, at
        panorama.attempts += 1
        panorama.save(update_fields=["state", "claimed_at", "attempts"])
    return panorama


def _unfit(fault: Fault) -> dict[str, object]:
    return {"state": State.UNFIT, "why": fault.code}


def _after_death(panorama: Panorama) -> dict[str, object]:
    """Let a picture whose cutter died be tried again, but not for ever."""
    if panorama.attempts < MOST_ATTEMPTS:
        return {"state": State.RECEIVED}
    return _unfit(Fault.TOO_HARD)


def _cut(panorama: Panorama) -> dict[str, object]:
    """Cut in a folder aside and publish it whole under its tree hash."""
    work = store.workplace(panorama.digest)
    cut = sandbox.cut(store.original(panorama.digest), work)
    store.publish(work, cut.tiles)
    size = {"width": cut.width, "height": cut.height}
    return {"state": State.READY, **size, "levels": list(cut.levels), "tiles": cut.tiles}
