"""Every real picture at hand ends in a right scene or one fault: no crash, no hang, no swollen memory."""

from __future__ import annotations

import csv
import time
from datetime import datetime
from pathlib import Path

import pytest

from viewing import store
from viewing.models import Panorama, Tour
from viewing.rules.faults import Fault, Unfit
from viewing.rules.pyramid import all_names
from viewing.services.cut_next import cut_next
from viewing.services.receive_panorama import Upload, receive_panorama

pytestmark = pytest.mark.django_db
HANG = 60.0  # seconds of wall clock on a busy machine for what takes two on an idle one

READY = [
    "jhpsv_snow",
    "jhpsv_sun",
    "pannellum_examplepano",
    "panolens_building",
    "panolens_sunset",
    "panolens_tunnel",
    "psv_hospital",
    "psv_metaworld31",
    "useful_075_r0012075",
    "psv_sphere-test",
    "view360_equi",
    "view360_equi_4096",
    "view360_test_equi",
    "panolens_planet",
    "psv_livingroom",
    "psv_office",
    "psv_pixexid",
]
REFUSED = {
    "pannellum_gellert": Fault.NOT_TWO_TO_ONE,
    "psv_sphere-cropped": Fault.NOT_TWO_TO_ONE,
    "view360_cylindrical2": Fault.CYLINDRICAL,
    "view360_rotated_pano": Fault.CYLINDRICAL,
    "view360_smartphone_pano": Fault.CYLINDRICAL,
    "view360_stereo_veste": Fault.STEREO,
    "horizonnet_demo": Fault.TOO_SMALL,
    "horizonnet_tutorial": Fault.TOO_SMALL,
    "py360convert_demo_equirec": Fault.TOO_SMALL,
    "py360convert_example_input": Fault.TOO_SMALL,
}


def outcome(tour: Tour, path: Path, at: datetime) -> Fault | None:
    """Upload a file as an officer would; return its fault, or None for a scene whose tiles are all there."""
    try:
        scene = receive_panorama(tour=tour, upload=Upload(path.name, [path.read_bytes()]), at=at)
    except Unfit as unfit:
        return unfit.fault
    cut_next(at)
    panorama = Panorama.objects.get(pk=scene.panorama_id)
    scene.delete()
    if panorama.state == Panorama.State.UNFIT:
        return Fault(panorama.why)
    tree = store.tree(panorama.tiles)
    assert {str(found.relative_to(tree)) for found in tree.rglob("*.jpg")} == all_names(
        tuple(panorama.levels)
    )
    return None


@pytest.mark.parametrize("name", [*READY, *REFUSED])
def test_a_real_panorama_ends_as_it_should(shared_data: Path, tour: Tour, at: datetime, name: str) -> None:
    (path,) = (found for found in (shared_data / "panoramas").rglob("*") if found.stem == name)

    assert outcome(tour, path, at) is REFUSED.get(name)


def test_no_real_panorama_is_forgotten(shared_data: Path) -> None:
    files = {path.stem for path in (shared_data / "panoramas").rglob("*") if path.is_file()}

    assert files == {*READY, *REFUSED}


def test_every_awkward_picture_ends_in_a_scene_or_one_fault(
    shared_data: Path, tour: Tour, at: datetime
) -> None:
    ends: dict[str, Fault | None] = {}
    for path in sorted(found for found in (shared_data / "images").rglob("*") if found.is_file()):
        began = time.monotonic()
        ends[path.name] = outcome(tour, path, at)
        assert time.monotonic() - began < HANG, path

    assert ends["giant-image.jpg"] in {Fault.TOO_LARGE, Fault.TOO_SMALL}
    assert ends["65536-uint32-limit.png"] is Fault.TOO_LARGE
    assert ends["heic__IMG_5195.HEIC"] is Fault.PHONE_FORMAT
    assert ends["truncated.jpg"] is Fault.NOT_TWO_TO_ONE
    assert Fault.TOO_HARD not in ends.values()


def test_what_pillow_could_not_open_never_becomes_a_scene(
    shared_data: Path, tour: Tour, at: datetime
) -> None:
    lines = (shared_data / "images" / "pillow_results.tsv").read_text().splitlines()[1:]
    bad = [row[0] for row in csv.reader(lines, delimiter="\t") if row[1] != "ok"]
    paths = [shared_data / "images" / name for name in bad]

    ends = [outcome(tour, path, at) for path in paths if path.is_file()]

    assert len(ends) > 30
    assert None not in ends
