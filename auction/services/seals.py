"""The seal on a bidder's identity: put on at registration, opened when the bidding is over (arts. 8, 18)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from auction.models import Bidder
from auction.models.sealing import seal, unseal
from auction.rules import identity, lifecycle
from auction.rules.grounds import Ground, Refused
from auction.rules.identity import Identity

PURPOSE = "bidder"
NONCE_BYTES = 32


@dataclass(frozen=True)
class Sealed:
    """An identity sealed for one registration, and the public commitment to it."""

    data: bytes
    commitment: str


def sealed(who: Identity, holder: str) -> Sealed:
    """Seal an identity for the registration with this holder hash."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = {"kind": who.kind, "name": who.name, "number": who.number, "nonce": nonce.hex()}
    return Sealed(seal(PURPOSE, holder, plain), identity.commitment(who, nonce))


def opened(bidder: Bidder) -> Identity:
    """Return who the bidder is.

    :raises Refused: while the bidding is not over
    """
    plain = _plain(bidder)
    return Identity(plain["kind"], plain["name"], plain["number"])


def opening(bidder: Bidder) -> str:
    """Return the nonce that, with the identity, proves the commitment in the record.

    :raises Refused: while the bidding is not over
    """
    return _plain(bidder)["nonce"]


def _plain(bidder: Bidder) -> dict[str, str]:
    if not lifecycle.bidding_is_over(bidder.round.state):
        raise Refused(Ground.WRONG_STATE, state=bidder.round.state)
    return unseal(PURPOSE, bidder.holder, bidder.sealed)
