"""A log in memory, for what stands around a log: it signs whatever it is told to, forks too."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auction.log import note, tree
from auction.log.checkpoint import Checkpoint
from auction.log.note import Key, Note

ORIGIN = "auction.example/log"


@dataclass
class ALog:
    """Leaves that may be changed at will, and the log's key."""

    leaves: list[bytes] = field(default_factory=lambda: [b"leaf %d" % number for number in range(40)])
    origin: str = ORIGIN
    secret: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def key(self) -> Key:
        return Key(self.origin, note.ED25519, self.secret.public_key().public_bytes_raw())

    def read(self, height: int, place: int) -> bytes:
        """Return the hash of a whole subtree."""
        row = [tree.leaf_hash(leaf) for leaf in self.leaves[place << height : place + 1 << height]]
        while len(row) > 1:
            row = [tree.node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
        return row[0]

    def signed(self, size: int) -> Note:
        """Return the checkpoint of the first leaves."""
        text = str(Checkpoint(self.origin, size, tree.root(size, self.read)))
        return Note(text, (note.sign(text, self.origin, self.secret),))

    def steps(self, old: int, size: int) -> list[bytes]:
        return tree.consistency(old, size, self.read)
