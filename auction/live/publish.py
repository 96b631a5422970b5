"""Telling of what was committed: straight to this process's sockets, by the channel layer to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings

from auction.live.frames import Entry
from auction.live.hub import Hub, hubs
from auction.live.layer import bounded, group, message


def publish(round_id: int, entries: Sequence[Entry]) -> None:
    """Send committed entries to every watcher, as one message between processes; called from any thread.

    Best effort: what gets lost is found by the hubs, which compare themselves with the record.
    """
    here = hubs()
    for hub in here:
        hub.loop.call_soon_threadsafe(hub.hear, round_id, entries)
    if settings.REDIS_URL:
        _tell_others(here, round_id, entries)


def _tell_others(here: Sequence[Hub], round_id: int, entries: Sequence[Entry]) -> None:
    if here:
        here[0].loop.call_soon_threadsafe(here[0].layer.tell, round_id, entries)
    else:
        async_to_sync(_send)(group(round_id), message(round_id, entries))


def broadcast(name: str, said: dict[str, Any]) -> None:
    """Send a message to every process that listens to a group, this one too; called from any thread."""
    here = hubs()
    for hub in here:
        hub.loop.call_soon_threadsafe(hub.layer.take, said)
    if settings.REDIS_URL and here:
        asyncio.run_coroutine_threadsafe(_send(name, said), here[0].loop)
    elif settings.REDIS_URL:
        async_to_sync(_send)(name, said)


async def _send(name: str, said: dict[str, Any]) -> None:
    await bounded(get_channel_layer().group_send(name, said))
