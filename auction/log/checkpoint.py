"""What a log commits to: its origin, size and root, as the text of a note (c2sp.org/tlog-checkpoint)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final, NamedTuple

from auction.log.note import NotSigned

FORM: Final = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n")


class Checkpoint(NamedTuple):
    """A tree head: the log's name, how many leaves it has, and their root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def read(text: str) -> Checkpoint:
    """Return the checkpoint in a note's text; we write no extension lines and take none.

    :raises NotSigned: if it is none
    """
    found = FORM.fullmatch(text)
    if found is None:
        raise NotSigned("no checkpoint")
    return Checkpoint(found["origin"], int(found["size"]), b64decode(found["root"]))
