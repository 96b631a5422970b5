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


def seal(scenes: Sequence[dict[str, Any]]) -> str:
    """Return the SHA-256 of the manifest's scenes in canonical JSON (RFC 8785), without their stills.

    A scene's tiles are named by their tree hash, so the pictures are sealed with it.
    """
    sealed = [{name: value for name, value in scene.items() if name != NOT_SEALED} for scene in scenes]
    return hashlib.sha256(rfc8785.dumps(sealed)).hexdigest()
