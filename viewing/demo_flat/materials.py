"""The materials of the demo flat by name: a picture, how it lies on a face, its gloss and its own light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viewing.demo_flat import artwork, patterns
from viewing.demo_flat.patterns import Picture, linear


@dataclass(frozen=True)
class Material:
    """How a surface looks: `size` metres a picture repeats over, or None where it is fitted to the face.

    `gloss` is the share of light mirrored head on (Schlick's F0), `glow` light given off.
    """

    picture: Picture
    size: float | None = 1.0
    gloss: float = 0.0
    glow: float = 0.0
    turned: bool = False

    @property
    def mean(self) -> Picture:
        """Return the mean reflectance, RGB."""
        mean: Picture = self.picture.reshape(-1, 3).mean(axis=0)
        return mean


def _painted() -> dict[str, Material]:
    colours = {
        "wall": "eae7e1", "wall_sage": "c9d0c0", "wall_blue": "c5cfd6", "ceiling": "f4f2ee",
        "trim": "f2efe9", "ivory": "e6dfd2", "terracotta": "b0674a", "navy": "2f4358", "mustard": "c99a3d",
        "olive": "77805a", "brick": "9a4a3c", "charcoal": "35363a", "paper": "f4f0e6", "teal": "3f6f70",
        "soil": "3a2b20", "cardboard": "a98a63", "rose": "c98f86", "lemon": "e3c33c", "tomato": "b8362a",
        "window_frame": "3c4046",
    }  # fmt: skip
    return {name: Material(patterns.plain(colour, 3 + i)) for i, (name, colour) in enumerate(colours.items())}


def _lacquered() -> dict[str, Material]:
    colours = {
        "lacquer": "efece6", "lacquer_grey": "8f9694", "lacquer_green": "6f7f72", "ceramic": "f4f3ef",
        "black": "15161a", "steel": "b8babc", "chrome": "c9ccd0", "brass": "b08d4f", "appliance": "e9eaea",
        "leather": "8a5a3b", "hob": "0d0e10",
    }  # fmt: skip
    return {
        name: Material(patterns.plain(colour, 41 + i), gloss=0.05)
        for i, (name, colour) in enumerate(colours.items())
    }


def _woods() -> dict[str, Material]:
    oak = ("a98b68", "b39573", "9f815f", "ad8f6c", "987b5a")
    grey = ("9a8e80", "a89b8b", "8e8377")
    return {
        "oak_floor": Material(patterns.planks(oak, 5), 2.4, 0.045, turned=True),
        "grey_floor": Material(patterns.planks(grey, 8), 2.4, 0.03),
        "oak": Material(patterns.wood("c39a6a", 12), 0.8, 0.03),
        "oak_upright": Material(patterns.wood("c39a6a", 13), 0.8, 0.03, turned=True),
        "walnut": Material(patterns.wood("6f4a30", 14), 0.9, 0.04),
        "walnut_upright": Material(patterns.wood("6f4a30", 15), 0.9, 0.04, turned=True),
        "door": Material(patterns.wood("8b6243", 16, contrast=0.1), 1.2, 0.03, turned=True),
        "slats": Material(patterns.slats("8a6444", 18, 16), 0.8),
    }


def _stones() -> dict[str, Material]:
    return {
        "floor_tile": Material(
            patterns.tiles(patterns.marble("d9d4ca", "b3a999", 21, 1200), "a9a297", (2, 2)), 1.2, 0.05
        ),
        "bath_wall": Material(artwork.bathroom_tile("dfe3df", 23, (4, 2), "b9bcb6"), 1.2, 0.04),
        "bath_floor": Material(artwork.bathroom_tile("7f8583", 24, (4, 4), "5d6260"), 1.2, 0.04),
        "kitchen_wall": Material(artwork.bathroom_tile("e8e4da", 25, (12, 6), "c6c1b5"), 1.2, 0.04),
        "balcony_floor": Material(artwork.bathroom_tile("a8927a", 26, (4, 4), "7d6b59"), 1.2, 0.02),
        "marble": Material(patterns.marble("ebe8e2", "9b958c", 27), 1.6, 0.05),
        "granite": Material(patterns.plain("4a4c4e", 28, 0.12), 0.6, 0.06),
    }


def _cloths() -> dict[str, Material]:
    return {
        "sofa": Material(patterns.weave("a39d92", 31), 0.5),
        "linen": Material(patterns.weave("e9e4da", 32), 0.6),
        "cloth_blue": Material(patterns.weave("51687c", 33), 0.5),
        "cloth_green": Material(patterns.weave("6c7a63", 34), 0.5),
        "cloth_rust": Material(patterns.weave("a8593c", 35), 0.5),
        "cloth_grey": Material(patterns.weave("6b6d70", 36), 0.5),
        "throw": Material(artwork.stripes("c8b79c", "8d6f52", 9), None),
        "duvet": Material(artwork.stripes("dfe0dc", "a9b4ba", 12), None),
        "towel": Material(patterns.weave("d8cfc0", 37, threads=200), 0.6),
        "curtain": Material(patterns.folds("b9b1a2", 38, 10, 0.24), 1.0),
        "curtain_blue": Material(patterns.folds("8c9dab", 39, 10, 0.24), 1.0),
        "rug": Material(artwork.rug("c9bfae", "7c6a58", "5b6872"), None),
        "rug_round": Material(artwork.stripes("b9a99a", "d8cfc2", 16), None),
        "bath_mat": Material(artwork.stripes("8ea0a4", "e4e6e2", 7), None),
    }


def _fitted() -> dict[str, Material]:
    return {
        "art_hills": Material(artwork.hills(61, ("e8d9c0", "c7a27c", "8f7a6b", "4e5a5e"), "c9583a"), None),
        "art_sea": Material(artwork.hills(64, ("dfe6e6", "9db4ba", "5f8290", "2e4d5c"), "f0d9a0"), None),
        "art_discs": Material(artwork.strokes(67, "ece4d4", ("b5533c", "d9a441", "33475b", "8aa08f")), None),
        "art_calm": Material(artwork.strokes(69, "e4e2da", ("7c8f88", "c9b08d", "46545c")), None),
        "television": Material(artwork.screen(), None, 0.06),
        "desk_screen": Material(artwork.desk_screen(), None, 0.03, 0.9),
        "mirror": Material(patterns.plain("0a0b0c"), gloss=0.88),
        "leaf": Material(patterns.foliage("5f8246", 73), 0.5),
        "leaf_dark": Material(patterns.foliage("3f6a45", 75), 0.4),
        "glow_warm": Material(patterns.plain("fff1d6"), glow=3.2),
        "glow_shade": Material(patterns.weave("fbe6c4", 77), 0.4, 0.0, 0.55),
    }


def every_material() -> dict[str, Material]:
    """Return the materials by name, in a fixed order."""
    return _painted() | _lacquered() | _woods() | _stones() | _cloths() | _fitted()


def glow_of(material: Material) -> Picture:
    """Return the light a material gives off, RGB."""
    return (linear("fff0d8") * material.glow).astype(np.float32)
