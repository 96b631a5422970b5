"""Which pictures become panoramas, and where they lie on the sphere."""

from __future__ import annotations

import pytest

from viewing.rules import intake
from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import Claim
from viewing.rules.intake import Gpano, Place


@pytest.mark.parametrize(
    ("size", "width", "height", "fault"),
    [
        (60 * 2**20 + 1, 4096, 2048, Fault.TOO_HEAVY),
        (1, 16385, 8192, Fault.TOO_LARGE),
        (1, 16384, 8193, Fault.TOO_LARGE),
        (1, 1998, 999, Fault.TOO_SMALL),
        (1, 4000, 0, Fault.TOO_SMALL),
        (1, 4000, 3000, Fault.NOT_TWO_TO_ONE),
        (1, 4000, 1000, Fault.STEREO),
    ],
)
def test_a_header_alone_refuses(size: int, width: int, height: int, fault: Fault) -> None:
    with pytest.raises(Unfit) as refused:
        intake.admit(size, Claim("JPEG", width, height), says_gpano=False)

    assert refused.value.fault is fault


@pytest.mark.parametrize(("width", "height"), [(2000, 1000), (16384, 8192), (4000, 2019), (1024, 2048)])
def test_a_header_alone_admits_up_to_the_limits_and_turned(width: int, height: int) -> None:
    intake.admit(60 * 2**20, Claim("JPEG", width, height), says_gpano=False)


def test_a_cropped_panorama_with_gpano_passes_the_header() -> None:
    intake.admit(1, Claim("JPEG", 4542, 1545), says_gpano=True)


def test_a_whole_panorama_covers_its_sphere() -> None:
    assert intake.place(4096, 2048, None) == Place(4096, 2048, 0, 0, 4096, 2048)


def test_a_cropped_panorama_lies_where_its_gpano_says() -> None:
    gpano = Gpano(full=(4542, 2271), crop=(4542, 1545), top=347)

    assert intake.place(4542, 1545, gpano) == Place(4542, 2271, 0, 347, 4542, 1545)


def test_a_panorama_resized_after_capture_scales_its_gpano() -> None:
    gpano = Gpano(full=(8000, 4000), crop=(8000, 3000), top=500)

    assert intake.place(4000, 1500, gpano) == Place(4000, 2000, 0, 250, 4000, 1500)


def test_absurd_gpano_on_a_two_to_one_picture_is_passed_over() -> None:
    gpano = Gpano(full=(4000, 2000), crop=(10, 2000))

    assert intake.place(4096, 2048, gpano) == Place(4096, 2048, 0, 0, 4096, 2048)


@pytest.mark.parametrize(
    ("gpano", "fault"),
    [
        (Gpano(projection="cylindrical", full=(4000, 2000), crop=(4000, 1500)), Fault.CYLINDRICAL),
        (Gpano(projection="fisheye"), Fault.WRONG_PROJECTION),
        (Gpano(full=(4000, 2000), crop=(4000, 1500), top=900), Fault.WRONG_GPANO),
        (Gpano(full=(4000, 1500), crop=(4000, 1500)), Fault.WRONG_GPANO),
        (Gpano(full=(40000, 20000), crop=(4000, 1500)), Fault.TOO_LARGE),
        (Gpano(), Fault.NOT_TWO_TO_ONE),
        (None, Fault.NOT_TWO_TO_ONE),
    ],
)
def test_a_cropped_picture_is_refused_for(gpano: Gpano | None, fault: Fault) -> None:
    with pytest.raises(Unfit) as refused:
        intake.place(4000, 1500, gpano)

    assert refused.value.fault is fault


@pytest.mark.parametrize(("text", "number"), [("4542", 4542), ("4542.0", 4542), (" 7 ", 7)])
def test_a_gpano_number_is_read(text: str, number: int) -> None:
    assert intake.read_gpano({"CroppedAreaTopPixels": text}).top == number


@pytest.mark.parametrize("text", ["", "-5", "1e9", "4542.5", "99999999", "NaN", "٣"])
def test_a_gpano_number_that_is_none_counts_as_unsaid(text: str) -> None:
    said = {"FullPanoWidthPixels": text, "FullPanoHeightPixels": "2000"}

    assert intake.read_gpano(said).full is None
