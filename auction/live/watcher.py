"""One socket that watches a round: what it has been told, and what it is sent next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from auction.live.flush import Flush

if TYPE_CHECKING:
    from auction.live.room import Room

BEHIND: Final = -1  # the next thing sent is a snapshot
GONE: Final = -2

Write = Callable[[bytes], object]


class Watcher:
    """Is written, in order and without gaps, what the record says after the snapshot it was given.

    Nothing waits for a socket and nothing is kept for it: one that is too slow misses what is published, and
    gets the newest snapshot when it has read what it has.
    """

    if not TYPE_CHECKING:  # a mix-in of classes with slots can have none itself; they have these
        __slots__ = ()

    room: Room | None
    seen: int
    write: Write

    def take(self, flush: Flush) -> None:
        """Send what was published, as far as it is new here."""
        if self.seen == flush.before:
            self.seen = flush.last
            self.write(flush.data)
        elif flush.before < self.seen < flush.last:
            told, self.seen = self.seen, flush.last
            self.write(flush.after(told))

    def welcome(self, room: Room) -> None:
        """Send what stands, and go on from there.

        :raises Refused: if the platform clock cannot be told
        """
        self.write(room.snapshot())
        self.seen = room.place

    def falls_behind(self) -> None:
        """Note that the socket is full."""
        if self.seen != GONE:
            self.seen = BEHIND

    def catches_up(self) -> None:
        """Note that the socket has room again."""
        if self.seen == BEHIND and self.room is not None:
            self.room.receive(self)

    def resend(self, place: int) -> None:
        """Send once more what came after a place of the record, or what stands if that is too much."""
        if self.room is None or self.room.standing is None:
            return
        told = self.room.since(place)
        if told is None:
            self.room.receive(self)
        elif told:
            self.write(told)

    def close(self, code: int) -> None:
        """Close the socket."""
        raise NotImplementedError
