"""Sealing to a public key, so that who seals cannot open: HPKE in its base mode (RFC 9180).

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; each seal has an ephemeral key of its own, and what it
is bound to (purpose and place) is authenticated, so that it opens nowhere else.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

VERSION: Final = b"\x02"  # what IDENTITY_KEY alone opens carries none
SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class NotSealedSo(ValueError):
    """The seal was changed, moved, or made for another key."""


def sealed(public: bytes, bound: str, plain: bytes) -> bytes:
    """Return a text sealed to a key and bound to a purpose and place."""
    return VERSION + SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), bound.encode())


def opened(secret: X25519PrivateKey, bound: str, sealed: bytes) -> bytes:
    """Return what was sealed.

    :raises NotSealedSo: if it is not exactly what was sealed to this key and bound so
    """
    if sealed[:1] != VERSION:
        raise NotSealedSo("another version")
    try:
        return SUITE.decrypt(sealed[1:], secret, bound.encode())
    except InvalidTag:
        raise NotSealedSo("the seal is broken") from None
