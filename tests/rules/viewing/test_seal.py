"""The seal of a tour changes with anything it showed."""

from __future__ import annotations

from typing import Any

import pytest

from viewing.rules.seal import seal

SCENE: dict[str, Any] = {
    "id": "hall",
    "name": "客厅",
    "view": {"yaw": 0.5},
    "still": "/stills/a.jpg",
    "hotspots": [],
}


@pytest.mark.parametrize(
    "change", [{"name": "客房"}, {"view": {"yaw": 0.25}}, {"hotspots": [{"id": 1}]}, {"id": "bath"}]
)
def test_any_change_breaks_the_seal(change: dict[str, Any]) -> None:
    assert seal([{**SCENE, **change}]) != seal([SCENE])


def test_the_order_of_keys_and_the_still_do_not_matter() -> None:
    turned = dict(reversed(SCENE.items()))

    assert seal([{**turned, "still": "/stills/b.jpg"}]) == seal([SCENE])


def test_the_seal_is_that_of_the_canonical_text() -> None:
    assert seal([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"


def test_a_photograph_and_its_caption_are_sealed() -> None:
    photo = {"photo": "/stills/a.jpg", "width": 800, "height": 600, "caption": ""}

    seals = [seal([SCENE, *more]) for more in ([], [photo], [{**photo, "caption": "x"}])]

    assert len(set(seals)) == 3
