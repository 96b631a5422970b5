"""One socket on one round: whoever connects watches; whoever is qualified may bid."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from auction import clock, engine, live, messages
from auction.engine import Decision, Offer, Seat
from auction.live import codes, rfc6455
from auction.live.hub import apart
from auction.live.outlet import EXTENSION, AsgiOutlet, Outlet
from auction.live.room import Room
from auction.live.watcher import BEHIND, Watcher
from auction.messages import AfterMessage, BadMessage, BidMessage, Message, TimeMessage
from auction.queries.seats import Place
from auction.queries.standing import snapshot
from auction.rules.grounds import Ground, Refused
from auction.seating import seating

MESSAGES_A_SECOND: Final = 10
BURST: Final = 40
RETRY_AFTER: Final = 1.0  # seconds

log = logging.getLogger(__name__)


class LiveRound(AsyncWebsocketConsumer):
    """Answers each message and lets the hub send the record.

    It belongs to no group of the channel layer: the process's one hub listens for all its sockets.
    """

    channel_layer_alias = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket by a plain loop: Channels' own dispatch asks a thread whether a connection is old.

        It has a thread close old connections at every step; nothing here has any, for `apart` closes its own.
        Where the server offers it, messages come by `hear` alone, as soon as they are read off the wire.
        """
        self.scope, self.base_send = scope, send
        self.bucket = engine.Bucket(*message_rate())
        await receive()  # the connection itself
        await self.connect()
        while (message := await receive())["type"] == "websocket.receive":
            self.hear(message.get("text"), time.monotonic())
        await self.disconnect(message["code"])

    async def connect(self) -> None:
        """Let anyone watch (art. 3); a bidder sees his own standing too."""
        self.round_id: int = self.scope["url_route"]["kwargs"]["pk"]
        self.session_key: str = self.scope["session_key"]
        self.seat: Seat | None = None
        self.outlet: Outlet = self.scope.get("extensions", {}).get(EXTENSION) or AsgiOutlet(
            self._say, self.close
        )
        self.watcher = Onlooker(self.outlet)
        await self.accept()
        try:
            await self._sit_down()
        except Exception:
            log.warning("Who sits behind a socket could not be found.", exc_info=True)
            self.hang_up(codes.TRY_AGAIN)
            return
        self.outlet.watcher = self.watcher
        self.outlet.listener = self.hear
        live.hub().join(self.round_id, self.watcher)

    async def _sit_down(self) -> None:
        place = await seating().take(self, self.session_key, self.round_id) if self.session_key else None
        if place is not None:
            self.seat = place.seat
            self.watcher = Bidder(self, place)

    async def disconnect(self, code: int) -> None:
        """Stop watching; bids that arrived are decided all the same."""
        seating().leave(self)
        live.hub().leave(self.watcher)

    def hear(self, text: str | None, tick: float) -> None:
        """Take one message that arrived at this reading of `time.monotonic()`."""
        try:
            message = messages.read(messages.text(text))
        except BadMessage:
            self.hang_up(codes.BAD_MESSAGE)
            return
        if not self.bucket.take(tick):
            self._too_many(message)
        else:
            self._reply(message, tick)

    def hang_up(self, code: int) -> None:
        """Close the socket."""
        self.outlet.close(code)

    def _reply(self, message: Message, tick: float) -> None:
        match message:
            case BidMessage():
                self._bid(message, tick)
            case AfterMessage(seq):
                self.watcher.resend(seq)
            case TimeMessage(sent):
                with suppress(Refused):  # the clock is unknown for the moment: it is asked for again
                    self._answer(messages.time(sent, clock.instant(tick)))

    def _bid(self, message: BidMessage, tick: float) -> None:
        """Hand a bid to the engine, which answers whatever happens."""
        engine.submit(self._offer(message, clock.told(tick)), self._decided)

    def _decided(self, decision: Decision) -> None:
        self._answer(messages.decided(decision))
        if decision.ground is Ground.NOT_QUALIFIED and self.seat is not None:  # perhaps signed out since
            seating().doubt([self.session_key])

    def _offer(self, message: BidMessage, at: datetime | None) -> Offer:
        return Offer(self.round_id, self.seat, message.amount, message.key, at)

    def _too_many(self, message: Message) -> None:
        """Refuse loudly, then hang up: a page that asks so often is broken or hostile."""
        if isinstance(message, BidMessage):
            self._decided(Decision(self._offer(message, None), ground=Ground.TOO_MANY))
        self.hang_up(codes.TOO_MANY)

    def _answer(self, message: dict[str, Any]) -> None:
        self.outlet.write(rfc6455.frame(messages.wire(message).encode()))

    async def _say(self, text: str) -> None:
        await self.send(text_data=text)


def message_rate() -> tuple[float, int]:
    """Return how many messages a second a socket may send and how many at once: twice a bidder's bids."""
    return max(MESSAGES_A_SECOND, 2 * settings.BIDS_A_SECOND), max(BURST, 8 * settings.BIDS_A_SECOND)


class Onlooker(Watcher):
    """A consumer's watcher of whom nothing is known."""

    __slots__ = ("_outlet", "room", "seen", "write")

    def __init__(self, outlet: Outlet) -> None:
        self.room: Room | None = None
        self.seen = BEHIND
        self.write = outlet.write
        self._outlet = outlet

    def close(self, code: int) -> None:
        """Close the socket."""
        self._outlet.close(code)


class Bidder(Onlooker):
    """One who is signed in: his snapshot says where he stands himself."""

    __slots__ = ("_place", "_reading", "_round_id")

    def __init__(self, consumer: LiveRound, place: Place) -> None:
        super().__init__(consumer.outlet)
        self._place = place
        self._round_id = consumer.round_id
        self._reading: asyncio.Task[None] | None = None

    def welcome(self, room: Room) -> None:
        """Send what stands; a priority purchaser's is read from the database, for it needs others' ranks.

        :raises Refused: if the platform clock cannot be told
        """
        if self._place.rank is None:
            self.write(room.snapshot(self._you(room)))
            self.seen = room.place
        elif self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read(room))

    def _you(self, room: Room) -> dict[str, Any] | None:
        code, stands = self._place.code, room.standing
        if not code or stands is None:
            return None
        return {"code": code, "rank": None, "leading": stands.leader == code, "least": stands.least}

    async def _read(self, room: Room) -> None:
        """Read until what is read is no older than what the others have been told meanwhile."""
        while self.seen == BEHIND:
            try:
                stands = await apart(snapshot, self._round_id, self._place.bidder_id)
                message = messages.snapshot(stands, clock.instant(time.monotonic()))
            except Exception:
                log.warning("A snapshot could not be read.", exc_info=True)
                await asyncio.sleep(RETRY_AFTER)
                continue
            if stands.seq >= room.place and self.seen == BEHIND:
                self.seen = stands.seq
                self.write(rfc6455.frame(messages.wire(message).encode()))
