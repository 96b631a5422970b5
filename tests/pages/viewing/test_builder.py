"""An officer uploads pictures and makes a tour; nobody else does."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.pages.viewing.conftest import AT
from tests.support import pictures
from tests.support.people import chen
from viewing.models import Hotspot, Panorama, Scene, Tour
from viewing.rules.faults import Fault
from viewing.services.freeze_tour import freeze_tour

JSON = {"Accept": "application/json"}


def build(tour: Tour, rest: str = "") -> str:
    return f"/officer/tours/{tour.pk}/{rest}"


def upload(*files: tuple[str, bytes]) -> dict[str, list[SimpleUploadedFile]]:
    return {"pictures": [SimpleUploadedFile(name, data, "image/jpeg") for name, data in files]}


def test_a_visitor_is_asked_to_sign_in(client: Client, tour: Tour) -> None:
    answer = client.get(build(tour))

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("rest", ["", "scenes/"])
def test_chen_may_not_build(client: Client, tour: Tour, rest: str) -> None:
    client.force_login(chen())

    assert client.get(build(tour, rest)).status_code == 403


def test_an_officer_without_a_second_factor_sets_it_up_first(officer: Client, tour: Tour, settings) -> None:
    settings.OFFICERS_NEED_TOTP = True

    assert "/2fa/totp/activate/" in officer.get(build(tour))["Location"]


@pytest.mark.parametrize("rest", ["pictures/", "scenes/{}/drop/", "scenes/{}/edit/", "scenes/{}/points/"])
def test_an_officer_of_another_court_may_not_change_it(
    client: Client, tour: Tour, scene: Scene, rest: str
) -> None:
    other = Group.objects.create(name="court 沪0101")
    other.permissions.add(Permission.objects.get(codename="change_tour"))
    stranger = chen()
    stranger.groups.add(other)
    client.force_login(stranger)

    assert client.post(build(tour, rest.format(scene.pk))).status_code == 403
    assert Scene.objects.filter(pk=scene.pk, name="客厅").exists()


def test_several_pictures_come_in_at_once_each_with_its_own_answer(officer: Client, tour: Tour) -> None:
    files = upload(("好.jpg", pictures.jpeg()), ("坏.jpg", b"no picture"))

    answer = officer.post(build(tour, "pictures/"), files, headers=JSON).json()

    assert [(each["name"], each["state"], each["fault"]) for each in answer["pictures"]] == [
        ("好.jpg", "received", ""),
        ("坏.jpg", "unfit", "not_a_picture"),
    ]
    assert [scene.name for scene in tour.scenes.all()] == ["好"]


def test_without_scripts_a_refused_picture_is_named_with_the_reason(officer: Client, tour: Tour) -> None:
    small = pictures.jpeg(pictures.plain(1024, 512))

    answer = officer.post(
        build(tour, "pictures/"), upload(("卧室.jpg", small)), headers={"Accept": "text/html"}
    )

    summary = answer.content.decode().split('class="summary-errors"')[1].split("</div>")[0]
    assert answer.status_code == 422
    assert "卧室.jpg" in summary
    assert "2000" in summary


def test_without_scripts_good_pictures_lead_back_to_the_page(officer: Client, tour: Tour) -> None:
    files = upload(("a.jpg", pictures.jpeg()))

    answer = officer.post(build(tour, "pictures/"), files, headers={"Accept": "text/html"})

    assert answer["Location"] == build(tour)


@pytest.mark.parametrize("state", Panorama.State.values)
def test_the_list_says_how_each_picture_stands(officer: Client, tour: Tour, scene: Scene, state: str) -> None:
    Panorama.objects.update(state=state, why="broken" if state == "unfit" else "")

    page = officer.get(build(tour, "scenes/")).content.decode()

    assert ("data-busy" in page) is (state in {"received", "cutting"})
    assert (f'href="?scene={scene.slug}' in page) is (state == "ready")
    assert ("field__error" in page) is (state == "unfit")


def test_every_fault_has_its_sentence(officer: Client, tour: Tour) -> None:
    page = officer.get(build(tour)).content.decode()

    sentences = dict(re.findall(r'data-fault="(\w+)"[^>]*>\s*(.*?)\s*</span>', page, re.DOTALL))

    assert set(sentences) == {fault.code for fault in Fault}
    assert all(sentence.endswith((".", "。")) for sentence in sentences.values())
    assert len(set(sentences.values())) == len(Fault)


def test_an_officer_makes_a_scene(officer: Client, tour: Tour, scene: Scene) -> None:
    acts = {
        "edit": {"name": "客厅兼餐厅", "description": "朝南"},
        "aim": {"yaw": "12.5", "pitch": "-20", "fov": "60"},
        "start": {},
        "points": {"kind": "defect", "yaw": "10", "pitch": "-30", "text": "墙面渗水"},
    }

    answers = [officer.post(build(tour, f"scenes/{scene.pk}/{act}/"), sent) for act, sent in acts.items()]

    scene.refresh_from_db()
    tour.refresh_from_db()
    assert {answer["Location"] for answer in answers} == {build(tour, "?scene=hall")}
    assert (scene.name, scene.description, scene.yaw, scene.pitch) == ("客厅兼餐厅", "朝南", 12.5, -20.0)
    assert tour.start == scene
    assert scene.hotspots.get().text == "墙面渗水"


def test_an_officer_removes_a_point_and_a_scene(officer: Client, tour: Tour, scene: Scene) -> None:
    spot = scene.hotspots.create(kind="info", yaw=0, pitch=0, text="x")

    officer.post(build(tour, f"points/{spot.pk}/drop/"))
    assert not Hotspot.objects.exists()

    officer.post(build(tour, f"scenes/{scene.pk}/drop/"))
    assert not Scene.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "link", "yaw": "0", "pitch": "0"},
        {"kind": "defect", "yaw": "0", "pitch": "0"},
        {"kind": "defect", "yaw": "nan", "pitch": "0", "text": "x"},
        {"kind": "defect", "yaw": "0", "pitch": "400", "text": "x"},
        {"kind": "bomb", "yaw": "0", "pitch": "0", "text": "x"},
        {"kind": "defect", "text": "x"},
    ],
)
def test_a_point_that_makes_no_sense_is_refused_with_words(
    officer: Client, tour: Tour, scene: Scene, sent: dict[str, str]
) -> None:
    answer = officer.post(build(tour, f"scenes/{scene.pk}/points/"), sent)

    assert answer.status_code == 422
    assert "summary-errors" in answer.content.decode()
    assert not Hotspot.objects.exists()


def test_a_scene_of_another_tour_is_not_found(officer: Client, tour: Tour, scene: Scene) -> None:
    other = Tour.objects.create(title="another", keepers=tour.keepers)

    assert officer.post(build(other, f"scenes/{scene.pk}/drop/")).status_code == 404


def test_what_an_officer_types_is_shown_as_text(officer: Client, tour: Tour, scene: Scene) -> None:
    officer.post(
        build(tour, f"scenes/{scene.pk}/edit/"), {"name": "<script>x", "description": "</textarea><b>"}
    )

    page = officer.get(build(tour)).content.decode()

    assert "<script>x" not in page
    assert "</textarea><b>" not in page


def test_an_announced_tour_offers_no_change(officer: Client, tour: Tour, scene: Scene) -> None:
    freeze_tour(tour, AT)

    page = officer.get(build(tour)).content.decode()
    refused = officer.post(build(tour, f"scenes/{scene.pk}/edit/"), {"name": "x"})

    assert "panorama-upload>" not in page
    assert f"scenes/{scene.pk}/" not in page
    assert refused.status_code == 422


def test_photographs_come_in_at_once_each_with_its_own_answer(officer: Client, tour: Tour) -> None:
    files = upload(
        ("车头.jpg", pictures.jpeg(pictures.plain(800, 600))),
        ("小.jpg", pictures.jpeg(pictures.plain(64, 48))),
    )

    answer = officer.post(build(tour, "photos/add/"), files, headers=JSON).json()

    assert [(each["name"], each["state"], each["fault"]) for each in answer["pictures"]] == [
        ("车头.jpg", "ready", ""),
        ("小.jpg", "unfit", "photo_too_small"),
    ]
    assert f'id="photo-{tour.photos.get().pk}"' in officer.get(build(tour, "photos/")).content.decode()


def test_a_picture_that_is_only_no_panorama_is_led_to_the_photographs(officer: Client, tour: Tour) -> None:
    files = upload(("车头.jpg", pictures.jpeg(pictures.plain(4000, 3000))))

    page = officer.post(build(tour, "pictures/"), files, headers={"Accept": "text/html"}).content.decode()

    summary = page.split('class="summary-errors"')[1].split("</div>")[0]
    heading = re.findall(r'id="photos-title">(.*?)<', page)[0]
    assert heading in summary


def test_an_officer_captions_and_removes_a_photograph(officer: Client, tour: Tour) -> None:
    photo = tour.photos.create(digest="ab" * 32, width=800, height=600)

    officer.post(build(tour, f"photos/{photo.pk}/caption/"), {"caption": "<b>左前门"})
    page = officer.get(build(tour)).content.decode()
    too_long = officer.post(build(tour, f"photos/{photo.pk}/caption/"), {"caption": "长" * 121})
    officer.post(build(tour, f"photos/{photo.pk}/drop/"))

    assert "&lt;b&gt;左前门" in page
    assert too_long.status_code == 422
    assert not tour.photos.exists()


@pytest.mark.parametrize("act", ["caption", "drop"])
def test_a_photograph_of_another_tour_is_not_found(officer: Client, tour: Tour, act: str) -> None:
    photo = tour.photos.create(digest="ab" * 32, width=800, height=600)
    other = Tour.objects.create(title="another", keepers=tour.keepers)

    assert officer.post(build(other, f"photos/{photo.pk}/{act}/")).status_code == 404


@pytest.mark.parametrize("rest", ["photos/", "photos/add/", "photos/1/drop/"])
def test_chen_reaches_no_photographs(client: Client, tour: Tour, rest: str) -> None:
    client.force_login(chen())
    ask = client.get if rest == "photos/" else client.post

    assert ask(build(tour, rest)).status_code == 403


def test_announced_photographs_offer_no_change(officer: Client, tour: Tour) -> None:
    photo = tour.photos.create(digest="ab" * 32, width=800, height=600, caption="左前门划痕")
    freeze_tour(tour, AT)

    page = officer.get(build(tour)).content.decode()
    refused = officer.post(build(tour, f"photos/{photo.pk}/drop/"))

    assert "左前门划痕" in page
    assert f"photos/{photo.pk}/" not in page
    assert "panorama-upload>" not in page
    assert refused.status_code == 422
