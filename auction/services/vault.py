"""Asking the vault, which lives with the log's signer; in development, where none is, one of this process.

That one's master secret follows from IDENTITY_KEY, and no log is signed that it could ask for proof: it shows
how the vault works and keeps nothing from an administrator. Production refuses to start with it (settings).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from auction.log import signer, tree
from auction.log.checkpoint import Checkpoint
from auction.log.openings import Openings
from auction.log.vault import Vault, leaf
from auction.models import Event
from auction.models.sealing import SealBroken, derived
from auction.services.log_proof import NotSigned, Proved, Under, under_last

TRIES: Final = 5  # a signer at work may have signed more between the proof and the question


def round_key(round_id: int) -> bytes:
    """Return the public key that identities of a round are sealed to.

    :raises signer.Unreachable: if the vault does not answer
    """
    return bytes.fromhex(_ask({"ask": "round_key", "lot": round_id}, Under(0, []))["key"])


def opened(sealed: bytes, bound: str, leaves: tuple[Event, Event], why: str) -> dict[str, Any]:
    """Return what was sealed (`plain`) and the hash of the journal's line (`opening`).

    `leaves` are the round's close and the entry by which its winner was qualified.

    :raises NotSigned: if one of the two is not under a signed checkpoint yet
    :raises signer.Unreachable: if the vault does not answer
    :raises SealBroken: if the vault does not open it, and says why
    """
    asked = {"ask": "open", "bound": bound, "sealed": b64encode(sealed).decode(), "why": why}
    for _ in range(TRIES):
        under = under_last(leaves) if settings.SIGNER_SOCKET else _here(leaves)
        told = _ask(asked | _shown(under), under)
        if "refused" not in told:
            return told
        if told["size"] == under.size:
            raise SealBroken(told["refused"])
    raise NotSigned


def _shown(under: Under) -> dict[str, Any]:
    kinds = zip(("close", "qualify"), under.entries, strict=True)
    return {kind: leaf(*entry) for kind, entry in kinds}


def _ask(asked: Mapping[str, Any], under: Under) -> dict[str, Any]:
    if settings.SIGNER_SOCKET:
        return signer.ask(Path(settings.SIGNER_SOCKET), asked)
    hashes = [tree.leaf_hash(entry.leaf.encode()) for entry in under.entries]
    last = Checkpoint("development", under.size, tree.node_hash(*hashes) if hashes else tree.EMPTY)
    return Vault(derived("vault"), lambda: last, Openings(None)).answer(asked)


def _here(leaves: Sequence[Event]) -> Under:
    """Return both leaves as a log of their own."""
    close, qualify = (tree.leaf_hash(event.leaf.encode()) for event in leaves)
    paths = ([qualify], [close])
    pairs = enumerate(zip(leaves, paths, strict=True))
    return Under(2, [Proved(event.leaf, index, path) for index, (event, path) in pairs])
