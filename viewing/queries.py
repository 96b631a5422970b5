"""What is read of a tour."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from viewing.models import Hotspot, Panorama, Photo, Scene, Tour
from viewing.rules.pyramid import PREVIEW, STILL, TILE
from viewing.rules.seal import sealed

VERSION = 1


def manifest(tour: Tour) -> dict[str, Any]:
    """Return the public description of a tour that the viewer draws from; only ready scenes are in it.

    Angles are degrees, `fov` over the geometric mean of both sides; `levels` are face sizes in pixels.
    """
    scenes = list(ready_scenes(tour))
    slugs = {scene.pk: scene.slug for scene in scenes}
    first = scenes[0].slug if scenes else None
    return {
        "version": VERSION,
        "tour": tour.pk,
        "title": tour.title,
        "digest": tour.digest,
        "start": slugs.get(tour.start_id or 0, first),
        "scenes": [_scene(scene, slugs) for scene in scenes],
        "photos": [_photo(photo) for photo in tour.photos.all()],
    }


def sealed_bytes(tour: Tour) -> bytes:
    """Return the bytes whose SHA-256 a frozen tour was announced with."""
    shown = manifest(tour)
    return sealed([*shown["scenes"], *shown["photos"]])


def ready_scenes(tour: Tour) -> QuerySet[Scene]:
    """Return the scenes that can be shown, in order, with their points."""
    points = Prefetch("hotspots", Hotspot.objects.order_by("pk"))
    ready = tour.scenes.filter(panorama__state=Panorama.State.READY)
    return ready.select_related("panorama").prefetch_related(points)


def still_of(scene: Scene) -> str:
    """Return the address of the picture of a ready scene's start view."""
    if scene.still:
        return reverse("still", args=[scene.still])
    return reverse("tile", args=[scene.panorama.tiles, STILL])


def address_of(photo: Photo) -> str:
    """Return the address of a photograph; its name is the SHA-256 of its bytes."""
    return reverse("still", args=[photo.digest])


def _photo(photo: Photo) -> dict[str, Any]:
    size = {"width": photo.width, "height": photo.height}
    return {"photo": address_of(photo), **size, "caption": photo.caption}


def _scene(scene: Scene, slugs: dict[int, str]) -> dict[str, Any]:
    tiles = scene.panorama.tiles
    preview = reverse("tile", args=[tiles, PREVIEW])
    template = preview.removesuffix(PREVIEW) + "{face}/{level}/{y}_{x}.jpg"
    points = [spot for spot in scene.hotspots.all() if spot.target_id is None or spot.target_id in slugs]
    return {
        "id": scene.slug,
        "name": scene.name,
        "description": scene.description,
        "view": {"yaw": scene.yaw, "pitch": scene.pitch, "fov": scene.fov},
        "tiles": {"template": template, "tile": TILE, "levels": scene.panorama.levels},
        "preview": preview,
        "still": still_of(scene),
        "hotspots": [_point(spot, slugs) for spot in points],
    }


def _point(spot: Hotspot, slugs: dict[int, str]) -> dict[str, Any]:
    target = slugs.get(spot.target_id) if spot.target_id else None
    where = {"yaw": spot.yaw, "pitch": spot.pitch}
    return {"id": spot.pk, "kind": spot.kind, **where, "target": target, "text": spot.text}
