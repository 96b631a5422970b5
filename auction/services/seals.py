"""The seal on a bidder's identity: put on at registration, opened for who bought only (arts. 8, 18).

It is sealed to a key of the round that only the vault has (`auction.log.vault`), so that neither web server
nor database nor who rules them can open it; each opening is in the record. What was sealed before there was a
vault is opened by IDENTITY_KEY.
"""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auction import record
from auction.log import envelope
from auction.log.signer import Unreachable
from auction.models import Bidder, Event, Round
from auction.models.sealing import SealBroken, unseal
from auction.rules import identity, lifecycle
from auction.rules.grounds import Ground, Refused
from auction.rules.identity import Identity
from auction.services import vault
from auction.services.log_proof import NotSigned

PURPOSE = "bidder"
NONCE_BYTES = 32

log = logging.getLogger(__name__)


class StillClosed(Exception):
    """The purchaser's seal cannot be opened yet: the close is not signed, or the vault does not answer."""


@dataclass(frozen=True)
class Sealed:
    """An identity sealed for one registration, and the public commitment to it."""

    data: bytes
    commitment: str


@dataclass(frozen=True)
class Opened:
    """Who bought, and the nonce that, with the identity, proves the commitment in the record."""

    identity: Identity
    nonce: str


def key_of(round: Round) -> bytes:
    """Return the public key of a round, kept on it from the first time on; asked before its row is locked.

    Where the vault answers, the kept key must be its own: else whoever writes to the database could put his
    there and open what is sealed to it.

    :raises Unreachable: if the vault does not answer and none is kept
    :raises SealBroken: if another key is kept
    """
    try:
        key = vault.round_key(round.pk).hex()
    except Unreachable:
        if not round.seal_key:
            raise
        log.warning("The vault does not answer: round %d goes by the key it told before.", round.pk)
        return bytes.fromhex(round.seal_key)
    if not round.seal_key:
        Round.objects.filter(pk=round.pk, seal_key="").update(seal_key=key)
        round.seal_key = key
    if round.seal_key != key:
        raise SealBroken(f"round {round.pk} has another key than the vault's")
    return bytes.fromhex(key)


def sealed(who: Identity, holder: str, key: bytes) -> Sealed:
    """Seal an identity to its round's key, for the registration with this holder hash."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = {"kind": who.kind, "name": who.name, "number": who.number, "nonce": nonce.hex()}
    data = envelope.sealed(key, _bound(holder), json.dumps(plain, ensure_ascii=False).encode())
    return Sealed(data, identity.commitment(who, nonce))


def purchaser(round: Round, why: str, *, at: datetime) -> Opened:
    """Open the purchaser's seal and record that it was opened; the caller holds the round's row lock.

    :raises Refused: while the bidding is not over, or if nobody bought
    :raises StillClosed: if the vault does not open it yet
    """
    if round.leading is None or not lifecycle.bidding_is_over(round.state):
        raise Refused(Ground.WRONG_STATE, state=round.state)
    told = _old(round.leading) or _by_vault(round.leading, why)
    body: record.Body = {"about": "opening", "code": round.leading.code, "reason": why}
    record.append(round, "note", {**body, "opening": told["opening"]}, at=at)
    plain = told["plain"]
    return Opened(Identity(plain["kind"], plain["name"], plain["number"]), plain["nonce"])


def _old(bidder: Bidder) -> dict[str, Any] | None:
    """Return what was sealed under IDENTITY_KEY, of which no vault knows; None if it was not."""
    try:
        return {"plain": unseal(PURPOSE, bidder.holder, bidder.sealed), "opening": None}
    except SealBroken:
        return None


def _by_vault(bidder: Bidder, why: str) -> dict[str, Any]:
    try:
        return vault.opened(bytes(bidder.sealed), _bound(bidder.holder), _leaves(bidder), why)
    except (NotSigned, Unreachable) as fault:
        raise StillClosed from fault


def _leaves(bidder: Bidder) -> tuple[Event, Event]:
    """Return the round's close, and the entry that qualified this bidder."""
    events = Event.objects.filter(round=bidder.round_id)
    close = events.filter(kind="close").first()
    qualify = events.filter(kind="qualify", leaf__contains=bidder.commitment).first()
    if close is None or qualify is None:
        raise SealBroken("the record holds no close, or never qualified this bidder")
    return close, qualify


def _bound(holder: str) -> str:
    return f"judic-seal/v2|{PURPOSE}|{holder}"
