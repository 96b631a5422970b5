"""The many who only watch: a websocket that costs a few hundred bytes and never the database.

It says and answers exactly what the bidders' consumer does; only that nobody is behind it: bids are refused.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from auction import clock, live, messages
from auction.engine import Decision, Offer
from auction.live import codes, rfc6455
from auction.live.keeper import Keeper
from auction.live.rfc6455 import TEXT
from auction.live.room import Room
from auction.live.socket import LiveSocket
from auction.live.watcher import BEHIND, Watcher
from auction.messages import AfterMessage, BadMessage, BidMessage, Message, TimeMessage
from auction.rules.grounds import Ground, Refused


class LightSocket(LiveSocket, Watcher):
    """An anonymous watcher of one round, the transport's protocol and the room's watcher in one."""

    __slots__ = ("room", "round_id", "seen", "write")

    def __init__(self, keeper: Keeper, round_id: int) -> None:
        super().__init__(keeper)
        self.round_id = round_id
        self.room: Room | None = None
        self.seen = BEHIND

    def begin(self, transport: Any) -> None:
        """Take over an accepted connection and watch."""
        super().begin(transport)
        self.write = transport.write
        live.hub().join(self.round_id, self)

    def heard(self, opcode: int, payload: bytes) -> None:
        """Answer one message."""
        try:
            message = messages.read(messages.text(rfc6455.text(payload) if opcode == TEXT else None))
        except BadMessage:
            self.close(codes.BAD_MESSAGE)
            return
        if not self.may_speak():
            self._too_many(message)
        else:
            self._answer(message, time.monotonic())

    def left(self, code: int) -> None:
        """Watch no longer."""
        live.hub().leave(self)

    def pause_writing(self) -> None:
        """Miss what is published until there is room again."""
        super().pause_writing()
        self.falls_behind()

    def resume_writing(self) -> None:
        """Go on with the newest snapshot."""
        super().resume_writing()
        self.catches_up()

    def _answer(self, message: Message, tick: float) -> None:
        match message:
            case BidMessage():
                self._refuse(message, Ground.NOT_QUALIFIED)
            case AfterMessage(seq):
                self.resend(seq)
            case TimeMessage(sent):
                with suppress(Refused):  # the clock is unknown for the moment: it is asked for again
                    self._say(messages.time(sent, clock.instant(tick)))

    def _too_many(self, message: Message) -> None:
        if isinstance(message, BidMessage):
            self._refuse(message, Ground.TOO_MANY)
        self.close(codes.TOO_MANY)

    def _refuse(self, message: BidMessage, ground: Ground) -> None:
        offer = Offer(self.round_id, None, message.amount, message.key, None)
        self._say(messages.decided(Decision(offer, ground=ground)))

    def _say(self, message: dict[str, Any]) -> None:
        self.write(rfc6455.frame(messages.wire(message).encode()))
