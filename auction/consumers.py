"""One socket on one round: whoever connects watches; whoever is qualified may bid."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from auction import clock, engine, live, messages
from auction.engine import Decision, Offer
from auction.messages import AfterMessage, BadMessage, BidMessage, TimeMessage
from auction.models import Round
from auction.queries.sessions import bidder_behind, seat_of
from auction.queries.standing import snapshot
from auction.rules.grounds import Ground

LARGEST_FRAME: Final = 4096
MOST_EVENTS: Final = 500  # a watcher who missed more gets a snapshot
MESSAGES_A_SECOND: Final = 10
BURST: Final = 40
BAD_MESSAGE: Final = 4400
NO_SUCH_ROUND: Final = 4404
TOO_MANY: Final = 4429

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class LiveRound(AsyncWebsocketConsumer):
    """Answers each message and lets the hub send the record.

    It belongs to no group of the channel layer: the process's one hub listens for all its sockets.
    """

    channel_layer_alias = ""

    async def connect(self) -> None:
        """Let anyone watch (art. 3); a bidder sees his own standing too."""
        self.round_id: int = self.scope["url_route"]["kwargs"]["pk"]
        self.session_key: str | None = self.scope["session"].session_key
        self.seat = await _apart(seat_of, self.session_key, self.round_id)
        self.bucket = engine.Bucket(*message_rate())
        self.tasks: set[asyncio.Task[None]] = set()
        self.watcher = live.Watcher(self._say, self._snapshot)
        await self.accept()
        if not await _apart(Round.objects.filter(pk=self.round_id).exists):
            await self.close(NO_SUCH_ROUND)
            return
        await live.hub().join(self.round_id, self.watcher)

    async def disconnect(self, code: int) -> None:
        """Stop watching; bids that arrived are decided all the same."""
        await live.hub().leave(self.round_id, self.watcher)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket by a plain loop: Channels' own dispatch costs more than a decision does."""
        self.scope, self.base_send = scope, send
        with suppress(StopConsumer):
            while True:
                await self.dispatch(await receive())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take one message."""
        self.hear(text_data, time.monotonic())

    def hear(self, text: str | None, tick: float) -> None:
        """Take one message that arrived at this reading of `time.monotonic()`; a bid goes to the engine."""
        try:
            message = messages.read(_short(text))
        except BadMessage:
            self._spawn(self.close(BAD_MESSAGE))
            return
        if not self.bucket.take(tick):
            self._spawn(self._too_many(message))
        elif isinstance(message, BidMessage):
            self._bid(message, tick)
        else:
            self._spawn(self._take(message, tick))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _bid(self, message: BidMessage, tick: float) -> None:
        """Hand a bid to the engine, which answers whatever happens."""
        engine.submit(
            Offer(self.round_id, self.seat, message.amount, message.key, clock.told(tick)), self._decided
        )

    def _decided(self, decision: Decision) -> None:
        self._answer(messages.decided(decision))

    async def _take(self, message: messages.Message, tick: float) -> None:
        try:
            await self._reply(message, tick)
        except Exception:  # a bid is answered whatever happens; the rest is asked for again
            log.warning("A message on round %d was not answered.", self.round_id, exc_info=True)

    async def _reply(self, message: messages.Message, tick: float) -> None:
        match message:
            case AfterMessage(seq):
                await self._resend(seq)
            case TimeMessage(sent):
                await clock.ready()
                self._answer(messages.time(sent, clock.instant(tick)))

    async def _resend(self, seq: int) -> None:
        """Send what came after a place of the record, or a snapshot if that is too much."""
        frames = await _apart(live.frames_after, self.round_id, seq)
        if len(frames) > MOST_EVENTS:
            self.watcher.refresh()
            return
        for frame in frames:
            self.watcher.answer(frame.text)

    async def _too_many(self, message: messages.Message) -> None:
        """Refuse loudly, then hang up: a page that asks so often is broken or hostile."""
        if isinstance(message, BidMessage):
            offer = Offer(self.round_id, self.seat, message.amount, message.key, None)
            refusal = Decision(offer, ground=Ground.TOO_MANY)
            await self._say(messages.wire(messages.decided(refusal)))
        await self.close(TOO_MANY)

    async def _snapshot(self) -> live.Frame:
        await clock.ready()
        bidder = await _apart(bidder_behind, self.session_key, self.round_id)
        standing = await _apart(snapshot, self.round_id, bidder.pk if bidder else None)
        return live.Frame(
            standing.seq, messages.wire(messages.snapshot(standing, clock.instant(time.monotonic())))
        )

    def _answer(self, message: dict[str, Any]) -> None:
        self.watcher.answer(messages.wire(message))

    async def _say(self, text: str) -> None:
        await self.send(text_data=text)


def message_rate() -> tuple[float, int]:
    """Return how many messages a second a socket may send and how many at once: twice a bidder's bids."""
    return max(MESSAGES_A_SECOND, 2 * settings.BIDS_A_SECOND), max(BURST, 8 * settings.BIDS_A_SECOND)


def _short(text: str | None) -> str:
    """Return a text frame of bearable length.

    :raises BadMessage: if it is binary or too long
    """
    if text is None or len(text) > LARGEST_FRAME:
        raise BadMessage
    return text


async def _apart(read: Callable[..., Result], *args: object) -> Result:
    """Read the database in a thread of its own, so that no socket waits for another's."""
    result: Result = await database_sync_to_async(read, thread_sensitive=False)(*args)
    return result
