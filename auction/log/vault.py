"""The vault of sealed identities: it opens the purchaser's seal once the signed log says that he bought.

It lives in the signer's process, beside what that signed last. Each round has an X25519 key of its own,
derived from one master secret that never leaves. Two questions, over the signer's socket:

- `{"ask": "round_key", "lot"}` is answered by `{"key"}`, to which the site seals who registers;
- `{"ask": "open", "close", "qualify", "bound", "sealed", "why"}` by `{"plain", "opening"}`.

`close` and `qualify` are leaves of the round's record, `{"leaf", "index", "path"}`, that must lie under the
last checkpoint this signer signed. Only if the one names the other's code as the winner, and what was sealed
is what the other commits to, is it opened. So nobody learns who a code is while bidding goes on, and of those
who did not buy never; who would force it must first say in public, for ever, that the round has ended.
"""

from __future__ import annotations

import json
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from auction.log import envelope, proof, tree
from auction.log.checkpoint import Checkpoint
from auction.log.openings import Openings
from auction.rules.identity import Identity, commitment

ASKS: Final = frozenset({"round_key", "open"})
WHY: Final = re.compile(r"[a-z_]{1,40}")


class StaysClosed(ValueError):
    """The public log does not say that whose seal this is has bought."""


class Vault:
    """The keys of all rounds, and the rule by which one seal of each is opened."""

    def __init__(self, master: bytes, last: Callable[[], Checkpoint], openings: Openings) -> None:
        self._master = master
        self._last = last
        self._openings = openings

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a question; a refusal tells the size that was signed last."""
        try:
            return self._key(asked) if asked["ask"] == "round_key" else self._open(asked)
        except (StaysClosed, tree.NotConsistent, ValueError) as fault:
            return {"refused": str(fault), "size": self._last().size}
        except (KeyError, TypeError, AttributeError, RecursionError):
            return {"refused": "not understood", "size": self._last().size}

    def _key(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return {"key": self._secret(int(asked["lot"])).public_key().public_bytes_raw().hex()}

    def _open(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        close, qualify = (self._leaf(asked[kind], kind) for kind in ("close", "qualify"))
        if (qualify["lot"], qualify["code"]) != (close["lot"], close["winner"]):
            raise StaysClosed("the record names another as the purchaser")
        sealed = b64decode(asked["sealed"], validate=True)
        plain = json.loads(envelope.opened(self._secret(close["lot"]), asked["bound"], sealed))
        who = Identity(plain["kind"], plain["name"], plain["number"])
        if commitment(who, bytes.fromhex(plain["nonce"])) != qualify["commit"]:
            raise StaysClosed("the record commits to somebody else")
        return {"plain": plain, "opening": self._written(close, asked["why"])}

    def _leaf(self, given: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """Return a leaf that the signed log holds, of a kind, in the one form leaves have."""
        text, last = given["leaf"], self._last()
        path = proof.hashes(given["path"])
        if (
            tree.root_by_inclusion(tree.leaf_hash(text.encode()), given["index"], last.size, path)
            != last.root
        ):
            raise StaysClosed("the leaf is not in the signed log")
        leaf: dict[str, Any] = json.loads(text)
        if leaf["kind"] != kind or _canonical(leaf) != text:
            raise StaysClosed(f"the leaf is no {kind}")
        return leaf

    def _written(self, close: Mapping[str, Any], why: str) -> str:
        if not WHY.fullmatch(why):
            raise StaysClosed("no reason is given")
        return self._openings.add(close["lot"], close["winner"], why, at=time.time_ns() // 1_000_000)

    def _secret(self, lot: int) -> X25519PrivateKey:
        info = f"judic-vault/v1|round:{lot}".encode()
        seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._master)
        return X25519PrivateKey.from_private_bytes(seed)


def leaf(text: str, index: int, path: list[bytes]) -> dict[str, Any]:
    """Return a leaf with its proof as a question carries it."""
    return {"leaf": text, "index": index, "path": [b64encode(step).decode() for step in path]}


def _canonical(leaf: object) -> str:
    return json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
