"""Which pictures may be published as photographs, and how large."""

from __future__ import annotations

import pytest

from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import Claim
from viewing.rules.photographs import admit, fitted


@pytest.mark.parametrize(
    ("size", "width", "height", "fault"),
    [
        (60 * 2**20 + 1, 4032, 3024, Fault.TOO_HEAVY),
        (1, 16385, 8192, Fault.TOO_LARGE),
        (1, 8193, 8193, Fault.TOO_LARGE),
        (1, 639, 480, Fault.PHOTO_TOO_SMALL),
        (1, 640, 479, Fault.PHOTO_TOO_SMALL),
        (1, 4001, 1000, Fault.PHOTO_TOO_LONG),
    ],
)
def test_a_header_alone_refuses(size: int, width: int, height: int, fault: Fault) -> None:
    with pytest.raises(Unfit) as refused:
        admit(size, Claim("JPEG", width, height))

    assert refused.value.fault is fault


@pytest.mark.parametrize(("width", "height"), [(640, 480), (480, 640), (4032, 3024), (1000, 4000)])
def test_any_ordinary_shape_is_admitted(width: int, height: int) -> None:
    admit(60 * 2**20, Claim("PNG", width, height))


@pytest.mark.parametrize(
    ("size", "shown"),
    [((4096, 2048), (2048, 1024)), ((3024, 4032), (1536, 2048)), ((640, 480), (640, 480))],
)
def test_a_photograph_is_shrunk_to_fit_and_never_enlarged(
    size: tuple[int, int], shown: tuple[int, int]
) -> None:
    assert fitted(*size) == shown
