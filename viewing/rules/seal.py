"""The digest that seals what a tour showed: any change to a picture, a word or a point changes it.

What the announced pictures showed is asked again in a dispute (法释〔2016〕18号 arts. 13(5), 31(1)).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import rfc8785

# Drawn from the tiles for convenience; not itself what is sealed.
NOT_SEALED = "still"


def seal(shown: Sequence[dict[str, Any]]) -> str:
    """Return the SHA-256 of a manifest's scenes and photographs in canonical JSON (RFC 8785), without stills.

    Tiles are named by their tree hash and photographs by their own, so the pictures are sealed with it.
    """
    return hashlib.sha256(sealed(shown)).hexdigest()


def sealed(shown: Sequence[dict[str, Any]]) -> bytes:
    """Return the bytes that the digest is of."""
    return rfc8785.dumps(
        [{name: value for name, value in scene.items() if name != NOT_SEALED} for scene in shown]
    )
