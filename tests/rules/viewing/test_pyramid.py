"""Levels, names and the hash of a tree."""

from __future__ import annotations

import hashlib

import pytest

from viewing.rules import pyramid


@pytest.mark.parametrize(
    ("width", "sizes"),
    [
        (2000, (512,)),
        (2048, (512,)),
        (4000, (512, 1024)),
        (4096, (512, 1024)),
        (6000, (512, 1024, 2048)),
        (8192, (512, 1024, 2048)),
        (16384, (512, 1024, 2048, 4096)),
    ],
)
def test_the_finest_face_is_about_a_quarter_of_the_panorama(width: int, sizes: tuple[int, ...]) -> None:
    assert pyramid.levels(width) == sizes


def test_a_pyramid_has_every_tile_of_every_level() -> None:
    names = pyramid.all_names((512, 1024, 2048))

    assert len(names) == 6 * (1 + 4 + 16) + 2
    assert "d/2/3_3.jpg" in names


def test_every_published_name_is_an_address_and_nothing_else_is() -> None:
    assert all(pyramid.FILE_NAME.fullmatch(name) for name in pyramid.all_names((512, 1024, 2048, 4096)))
    assert not any(
        map(pyramid.FILE_NAME.fullmatch, ["../still.jpg", "f/4/0_0.jpg", "f/0/8_0.jpg", "x/0/0_0.jpg"])
    )


def test_a_tree_hash_is_that_of_its_checksum_list() -> None:
    first, second = (hashlib.sha256(data).hexdigest() for data in (b"one", b"two"))

    listed = f"{second}  a.jpg\n{first}  b.jpg\n".encode()

    assert pyramid.tree_hash({"b.jpg": first, "a.jpg": second}) == hashlib.sha256(listed).hexdigest()


def test_a_tree_hash_changes_with_a_name_and_with_a_byte() -> None:
    before = pyramid.tree_hash({"a.jpg": "0" * 64})

    assert pyramid.tree_hash({"b.jpg": "0" * 64}) != before
    assert pyramid.tree_hash({"a.jpg": "1" * 64}) != before
