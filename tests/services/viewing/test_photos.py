"""Photographs are published upright, small and without a word about who took them where."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support import pictures
from viewing import store
from viewing.models import Photo, Tour
from viewing.rules.faults import Fault, Unfit
from viewing.services import add_photo as adding
from viewing.services.add_photo import add_photo
from viewing.services.caption_photo import caption_photo
from viewing.services.drop_photo import drop_photo
from viewing.services.freeze_tour import freeze_tour


def plain(width: int = 800, height: int = 600, grey: int = 90) -> bytes:
    return pictures.jpeg(pictures.plain(width, height, grey))


def add(tour: Tour, data: bytes) -> Photo:
    return add_photo(tour=tour, chunks=[data])


def refusal(tour: Tour, data: bytes) -> Fault:
    with pytest.raises(Unfit) as refused:
        add(tour, data)
    return refused.value.fault


def published(photo: Photo) -> bytes:
    return (store.folder("stills") / f"{photo.digest}.jpg").read_bytes()


def test_nothing_of_where_and_by_whom_is_published_or_kept(tour: Tour, media: Path) -> None:
    taken = pictures.with_gps()

    data = published(add(tour, taken))

    image = Image.open(io.BytesIO(data))
    assert b"SpyCam" in taken
    assert not dict(image.getexif())
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
    assert [path.name for path in media.rglob("*") if path.is_file()] == [
        f"{hashlib.sha256(data).hexdigest()}.jpg"
    ]


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photograph_is_published_upright(tour: Tour, orientation: int) -> None:
    drawn = pictures.plain(900, 600)
    drawn[:300, :450] = 230

    photo = add(tour, pictures.turned(drawn, orientation))

    shown = np.asarray(Image.open(io.BytesIO(published(photo)))).astype(int)
    assert (photo.width, photo.height) == (900, 600)
    assert np.abs(shown - drawn).mean() < 2


def test_a_large_photograph_is_fitted_and_its_colours_are_srgb(tour: Tour) -> None:
    drawn = pictures.plain(4200, 6300)
    drawn[:, :, 0] = 200
    swapped = pictures.jpeg(drawn, icc_profile=pictures.profile_with_red_and_green_swapped())

    photo = add(tour, swapped)

    shown = np.asarray(Image.open(io.BytesIO(published(photo)))).astype(int)
    assert shown.shape == (photo.height, photo.width, 3) == (2048, 1365, 3)
    assert shown[1000, 700, 1] > shown[1000, 700, 0] + 50


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_are_published_as_jpeg(tour: Tour, kind: str) -> None:
    photo = add(tour, pictures.encoded(Image.fromarray(pictures.plain(800, 600)), kind))

    assert Image.open(io.BytesIO(published(photo))).format == "JPEG"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"no picture", Fault.NOT_A_PICTURE),
        (plain(600, 400), Fault.PHOTO_TOO_SMALL),
        (plain(3000, 600), Fault.PHOTO_TOO_LONG),
        (pictures.jpeg(pictures.smooth())[:9000], Fault.BROKEN),
    ],
)
def test_what_cannot_be_shown_is_refused_and_leaves_nothing(
    tour: Tour, media: Path, data: bytes, fault: Fault
) -> None:
    assert refusal(tour, data) is fault
    assert not tour.photos.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_the_same_picture_is_added_once(tour: Tour) -> None:
    assert add(tour, plain()) == add(tour, plain())


def test_a_tour_holds_so_many_photographs(tour: Tour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "MOST_PHOTOS", 1)
    add(tour, plain())

    assert refusal(tour, plain(grey=10)) is Fault.TOO_MANY_PHOTOS


def test_photographs_keep_their_order_and_captions(tour: Tour) -> None:
    front, rear, side = [add(tour, plain(grey=grey)) for grey in (10, 100, 200)]

    caption_photo(photo_id=side.pk, caption="左前门划痕")
    drop_photo(photo_id=rear.pk)

    assert [(photo.pk, photo.caption) for photo in tour.photos.all()] == [
        (front.pk, ""),
        (side.pk, "左前门划痕"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda photo: add_photo(tour=photo.tour, chunks=[plain(grey=1)]),
        lambda photo: caption_photo(photo_id=photo.pk, caption="x"),
        lambda photo: drop_photo(photo_id=photo.pk),
    ],
)
def test_photographs_announced_are_not_changed(
    tour: Tour, at: datetime, change: Callable[[Photo], object]
) -> None:
    photo = add(tour, plain())
    freeze_tour(tour, at)

    with pytest.raises(Unfit) as refused:
        change(photo)

    assert refused.value.fault is Fault.FROZEN
    assert list(tour.photos.values_list("pk", "caption")) == [(photo.pk, "")]


@pytest.mark.parametrize(("grey", "caption"), [(91, ""), (200, "左前门划痕")])
def test_the_seal_covers_photographs_and_captions(tour: Tour, at: datetime, grey: int, caption: str) -> None:
    other = Tour.objects.create(title="another")
    add(tour, plain(grey=200))
    caption_photo(photo_id=add(other, plain(grey=grey)).pk, caption=caption)

    assert freeze_tour(tour, at) != freeze_tour(other, at)
