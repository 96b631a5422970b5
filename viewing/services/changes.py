"""What every change to a tour begins with."""

from __future__ import annotations

from viewing.models import Photo, Scene, Tour
from viewing.rules.faults import Fault, Unfit


def tour_to_change(tour_id: int) -> Tour:
    """Return the tour, locked for the caller's transaction.

    :raises Unfit: if it is frozen: what was announced is not changed
    """
    tour = Tour.objects.select_for_update().get(pk=tour_id)
    if tour.frozen_at is not None:
        raise Unfit(Fault.FROZEN)
    return tour


def scene_to_change(scene_id: int) -> Scene:
    """Return the scene of a tour that may be changed, the tour locked.

    :raises Unfit: if the tour is frozen
    """
    scene = Scene.objects.get(pk=scene_id)
    scene.tour = tour_to_change(scene.tour_id)
    return scene


def photo_to_change(photo_id: int) -> Photo:
    """Return the photograph of a tour that may be changed, the tour locked.

    :raises Unfit: if the tour is frozen
    """
    photo = Photo.objects.get(pk=photo_id)
    photo.tour = tour_to_change(photo.tour_id)
    return photo
