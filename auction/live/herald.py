"""Telling of many rounds at once from a process that must not wait for the channel layer: the clerk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings

from auction.live.frames import Entry
from auction.live.hub import hubs
from auction.live.layer import bounded, group, message


def publish_all(news: Mapping[int, Sequence[Entry]]) -> None:
    """Send committed entries to the watchers of their rounds and return at once; called from any thread.

    Best effort, one message a round: what gets lost is found by the hubs, which compare themselves with the
    record.
    """
    for hub in hubs():
        for round_id, entries in news.items():
            hub.loop.call_soon_threadsafe(hub.hear, round_id, entries)
    if settings.REDIS_URL:
        asyncio.run_coroutine_threadsafe(_tell([message(*one) for one in news.items()]), _loop())


async def _tell(messages: Sequence[dict[str, Any]]) -> None:
    """Publish one after another on one connection; if the layer is away the rest is left to the hubs."""
    layer = get_channel_layer()
    for said in messages:
        if not await bounded(layer.group_send(group(said["round"]), said)):
            return


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return an event loop in a thread of its own, made at first need."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="herald", daemon=True).start()
    return loop
