"""Addresses of the viewing."""

from __future__ import annotations

from django.urls import path, register_converter

from viewing.views import builder, photos, public, upload
from viewing.views.names import Digest, TileName

register_converter(Digest, "digest")
register_converter(TileName, "tile")

BUILD = "officer/tours/<int:pk>/"

urlpatterns = [
    path("tours/<int:pk>/", public.tour, name="tour"),
    path("tours/<int:pk>/manifest.json", public.manifest, name="manifest"),
    path("tiles/<digest:digest>/<tile:name>", public.tile, name="tile"),
    path("stills/<digest:digest>.jpg", public.still, name="still"),
    path(BUILD, builder.build, name="tour_build"),
    path(f"{BUILD}scenes/", builder.scenes, name="tour_scenes"),
    path(f"{BUILD}pictures/", upload.pictures, name="tour_pictures"),
    path(f"{BUILD}photos/add/", upload.photos, name="photo_add"),
    path(f"{BUILD}photos/", photos.listed, name="tour_photos"),
    path(f"{BUILD}photos/<int:photo>/caption/", photos.caption, name="photo_caption"),
    path(f"{BUILD}photos/<int:photo>/drop/", photos.drop, name="photo_drop"),
    path(f"{BUILD}scenes/<int:scene>/edit/", builder.edit, name="scene_edit"),
    path(f"{BUILD}scenes/<int:scene>/aim/", builder.aim, name="scene_aim"),
    path(f"{BUILD}scenes/<int:scene>/move/", builder.move, name="scene_move"),
    path(f"{BUILD}scenes/<int:scene>/start/", builder.start, name="scene_start"),
    path(f"{BUILD}scenes/<int:scene>/drop/", builder.drop, name="scene_drop"),
    path(f"{BUILD}scenes/<int:scene>/points/", builder.place, name="hotspot_place"),
    path(f"{BUILD}points/<int:hotspot>/drop/", builder.drop_point, name="hotspot_drop"),
]
