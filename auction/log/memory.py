"""What a signer remembers: the last checkpoint it signed, on its own disk; so nothing shrinks or forks.

Whoever asks for the next brings the proof that it begins with the last. What is remembered is on the disk
before anything is signed: a signer that was killed knows at least as much as the world.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from auction.log import checkpoint, tree
from auction.log.checkpoint import Checkpoint


class Behind(ValueError):
    """The caller's older size is not the last that was signed; `last` is."""

    def __init__(self, last: Checkpoint) -> None:
        super().__init__(last.size)
        self.last = last


class Memory:
    """The last checkpoint of one log, in a file."""

    def __init__(self, path: Path, origin: str) -> None:
        self.path = path
        self.origin = origin

    def last(self) -> Checkpoint:
        """Return it; of a log of which nothing was signed, the empty tree."""
        try:
            return checkpoint.read(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Checkpoint(self.origin, 0, tree.EMPTY)

    def advance(self, old: int, new: Checkpoint, proof: Sequence[bytes]) -> None:
        """Remember the next checkpoint.

        :raises Behind: if the older size is another than the last, or the next is smaller
        :raises tree.NotConsistent: if the next does not begin with the last
        """
        last = self.last()
        if old != last.size or new.size < last.size:
            raise Behind(last)
        tree.check_consistency(last.size, last.root, new.size, new.root, proof)
        if new != last:
            self._keep(str(new))

    def _keep(self, text: str) -> None:
        draft = self.path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
