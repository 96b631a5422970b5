"""Sealing: identities are stored encrypted, and compared by keyed hashes that say nothing without the key.

AES-256-GCM (NIST SP 800-38D) under keys that HKDF-SHA256 (RFC 5869) derives from IDENTITY_KEY, one for each
purpose; purpose and place are also authenticated, so a sealed value cannot be moved elsewhere. Who holds that
key can open: what he must not, a bidder's identity, is sealed to the vault's (`auction.services.seals`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


class SealBroken(ValueError):
    """The sealed value was changed, moved, or sealed under another key."""


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


def derived(purpose: str) -> bytes:
    """Return the key of 32 bytes that IDENTITY_KEY gives for one purpose."""
    return _derived(settings.IDENTITY_KEY, purpose)


def seal(purpose: str, place: str, data: dict[str, str]) -> bytes:
    """Return data sealed for one purpose and one place (such as `round:3`)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    key = AESGCM(derived(purpose))
    return nonce + key.encrypt(
        nonce, json.dumps(data, ensure_ascii=False).encode(), f"{purpose}|{place}".encode()
    )


def unseal(purpose: str, place: str, sealed: bytes | memoryview[int]) -> dict[str, str]:
    """Return what was sealed.

    :raises SealBroken: if it is not exactly what was sealed for this purpose and place
    """
    sealed = bytes(sealed)
    key = AESGCM(derived(purpose))
    try:
        plain = key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{purpose}|{place}".encode())
    except InvalidTag:
        raise SealBroken(purpose) from None
    data: dict[str, str] = json.loads(plain)
    return data


def keyed_hash(purpose: str, *parts: object) -> str:
    """Return HMAC-SHA256 over the parts in hex; equal only for equal parts."""
    text = "\x1f".join(str(part) for part in parts)
    return hmac.new(derived(purpose), text.encode(), hashlib.sha256).hexdigest()


def holder_hash(round_id: int, person_id: int) -> str:
    """Return the name of a person's registration in one round; no two rounds can be linked by it."""
    return keyed_hash("holder", round_id, person_id)


def number_hash(number: str) -> str:
    """Return the keyed hash by which an identity number is compared: bars, priority rights, claims."""
    return keyed_hash("number", "".join(number.split()).upper())


def payer_hash(round_id: int, name: str) -> str:
    """Return the keyed hash by which a payer's name is compared with the bidder's, inside one round."""
    return keyed_hash("payer", round_id, "".join(name.split()))
