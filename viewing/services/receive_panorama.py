"""Take in a picture as a new scene; the row it leaves is the cutter's queue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from viewing import store
from viewing.models import Panorama, Scene, Tour
from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import read_claim
from viewing.rules.intake import GPANO, admit
from viewing.rules.points import MOST_SCENES
from viewing.services.changes import tour_to_change


@dataclass(frozen=True)
class Upload:
    """A picture on its way in: the name it was given and its bytes; `slug` if its scene's is settled."""

    name: str
    chunks: Iterable[bytes]
    slug: str = ""


def receive_panorama(*, tour: Tour, upload: Upload, at: datetime) -> Scene:
    """Keep the original once and add a scene for it, ready at once if that picture was cut before.

    :raises Unfit: if bytes or header show that it is no panorama, or the tour is frozen or full
    """
    kept = store.keep_original(upload.chunks)
    try:
        _refuse_by_header(kept)
        return _add_scene(tour, upload, kept, at)
    except Unfit:
        if not Panorama.objects.filter(digest=kept.digest).exists():
            kept.path.unlink(missing_ok=True)
        raise


def _refuse_by_header(kept: store.Kept) -> None:
    with kept.path.open("rb") as stream:
        claim = read_claim(stream)
        stream.seek(0)
        admit(kept.size, claim, says_gpano=GPANO in stream.read())


@transaction.atomic(durable=True)
def _add_scene(tour: Tour, upload: Upload, kept: store.Kept, at: datetime) -> Scene:
    tour = tour_to_change(tour.pk)
    if tour.scenes.count() >= MOST_SCENES:
        raise Unfit(Fault.TOO_MANY_SCENES)
    panorama, _ = Panorama.objects.get_or_create(
        digest=kept.digest, defaults={"name": upload.name[:200], "size": kept.size, "at": at}
    )
    if panorama.state == Panorama.State.UNFIT:
        raise Unfit(Fault(panorama.why))
    last = tour.scenes.aggregate(last=Max("order", default=-1))["last"]
    name = PurePath(upload.name).stem.strip()[:60] or str(last + 2)
    slug = _free_slug(tour, upload.slug or name)
    return Scene.objects.create(tour=tour, panorama=panorama, slug=slug, name=name, order=last + 1)


def _free_slug(tour: Tour, name: str) -> str:
    """Return a slug from the name that no other scene of the tour has."""
    wanted = slugify(name, allow_unicode=True)[:50] or "scene"
    taken = set(tour.scenes.values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, MOST_SCENES + 2))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)
