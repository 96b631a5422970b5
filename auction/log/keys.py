"""Secret keys in a file that only its owner reads: one a line, the newest last; the first look makes one.

While a key is exchanged, both sign.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def secrets(path: Path) -> list[Ed25519PrivateKey]:
    """Return the keys in a file, to sign with."""
    return [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds(path)]


def seeds(path: Path) -> list[bytes]:
    """Return the keys in a file, 32 bytes each."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(f"{os.urandom(32).hex()}\n")
    return [bytes.fromhex(line) for line in path.read_text(encoding="ascii").split()]
