"""An announced tour is everyone's; a draft is its keepers' alone; tiles are good for ever."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.pages.viewing.conftest import AT
from tests.support.people import chen
from viewing.models import Scene, Tour
from viewing.services.freeze_tour import freeze_tour

ADDRESSES = ["/tours/{}/", "/tours/{}/manifest.json"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_draft_is_hidden_from_visitors(client: Client, tour: Tour, scene: Scene, address: str) -> None:
    assert client.get(address.format(tour.pk)).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_draft_is_hidden_from_chen(client: Client, tour: Tour, scene: Scene, address: str) -> None:
    client.force_login(chen())

    assert client.get(address.format(tour.pk)).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_its_keepers_see_a_draft(officer: Client, tour: Tour, scene: Scene, address: str) -> None:
    assert officer.get(address.format(tour.pk)).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_everyone_sees_an_announced_tour(client: Client, tour: Tour, scene: Scene, address: str) -> None:
    freeze_tour(tour, AT)

    assert client.get(address.format(tour.pk)).status_code == 200


def test_the_manifest_of_a_draft_is_kept_by_no_cache(officer: Client, tour: Tour, scene: Scene) -> None:
    answer = officer.get(f"/tours/{tour.pk}/manifest.json")

    assert answer["Cache-Control"] == "private, no-store"
    assert answer.json()["scenes"][0]["name"] == "客厅"


def test_the_tour_page_names_its_seal_and_its_manifest(client: Client, tour: Tour, scene: Scene) -> None:
    digest = freeze_tour(tour, AT)

    page = client.get(f"/tours/{tour.pk}/").content.decode()

    assert digest in page
    assert f'manifest="/tours/{tour.pk}/manifest.json"' in page


def test_a_tile_is_a_picture_good_for_ever(client: Client, scene: Scene) -> None:
    answer = client.get(f"/tiles/{scene.panorama.tiles}/preview.jpg")

    assert answer.content == b"\xff\xd8preview"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    [
        "f/0/0_0.jpg",
        "still.jpg",
        "../../originals/x",
        "..%2f..%2foriginals",
        "f/0/../preview.jpg",
        "preview.jpg.png",
    ],
)
def test_nothing_else_is_served(client: Client, scene: Scene, name: str) -> None:
    assert client.get(f"/tiles/{scene.panorama.tiles}/{name}").status_code == 404


def test_originals_have_no_address(client: Client, scene: Scene) -> None:
    for root in ("/originals", "/media/originals", "/tiles", "/stills"):
        assert client.get(f"{root}/{scene.panorama.digest}").status_code == 404
