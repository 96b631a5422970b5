"""What a lot shows of itself: scenes to walk into, photographs, or neither."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from auction.models import Round
from tests.support.people import a_lot, an_announced_round
from viewing.models import Panorama, Tour

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

FRONT, REAR = "a1" * 32, "b2" * 32
EN = {"accept-language": "en"}


def a_car(*, walk: bool, photos: bool = True) -> Round:
    """Announce a car with two photographs, and a scene to walk into."""
    tour = Tour.objects.create(title="越野车", frozen_at=datetime(2026, 3, 2, tzinfo=UTC), digest="e" * 64)
    if photos:
        tour.photos.create(digest=FRONT, width=2048, height=1536, caption="车头", order=0)
        tour.photos.create(digest=REAR, width=2048, height=1536, order=1)
    if walk:
        seen = {"state": "ready", "tiles": "c3" * 32, "levels": [512], "at": tour.frozen_at}
        panorama = Panorama.objects.create(digest="d" * 64, name="a.jpg", size=1, **seen)
        tour.scenes.create(panorama=panorama, slug="cabin", name="车内")
    return an_announced_round(lot=a_lot(title="越野车", category="vehicle", tour=tour))


def gallery(client: Client, round: Round) -> str:
    page = client.get(f"/lots/{round.lot_id}/", headers=EN).content.decode()
    return page.split("<lot-gallery")[1].split("</lot-gallery>")[0]


def card(client: Client) -> str:
    return (
        client.get("/", headers=EN).content.decode().split('class="lot-card__picture"')[1].split("</div>")[0]
    )


def test_a_lot_without_scenes_shows_its_photographs_and_no_vr(client: Client) -> None:
    round = a_car(walk=False)

    shown, listed = gallery(client, round), card(client)

    assert shown.count(f'href="/stills/{FRONT}.jpg"') == 2
    assert 'alt="车头"' in shown
    assert "Photograph 2" in shown
    assert "Enter the VR" not in shown
    assert "tour-viewer" not in shown
    assert f"/stills/{FRONT}.jpg" in listed
    assert "VR viewing" not in listed


def test_photographs_follow_the_scenes(client: Client) -> None:
    round = a_car(walk=True)

    shown, listed = gallery(client, round), card(client)

    strip = shown.split('class="gallery__rooms"')[1]
    assert "Enter the VR viewing" in shown
    assert strip.index("车内") < strip.index(FRONT) < strip.index(REAR)
    assert "VR viewing" in listed
    assert FRONT not in listed


def test_a_tour_that_shows_nothing_promises_nothing(client: Client) -> None:
    round = a_car(walk=False, photos=False)

    page = client.get(f"/lots/{round.lot_id}/", headers=EN).content.decode()

    assert "<lot-gallery" not in page
    assert "Ask the court to see it on site" in page
    assert "badge" not in card(client)


def test_the_tour_page_shows_photographs_to_everyone(client: Client) -> None:
    round = a_car(walk=False)

    page = client.get(f"/tours/{round.lot.tour_id}/", headers=EN).content.decode()

    assert f"/stills/{REAR}.jpg" in page
    assert "No scene" not in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
