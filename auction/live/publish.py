"""Telling of what was committed: straight to this process's sockets, by the channel layer to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings

from auction.live.frames import Entry
from auction.live.hub import bounded, group, hubs


def publish(round_id: int, entries: Sequence[Entry]) -> None:
    """Send committed entries to every watcher, as one message between processes; called from any thread.

    Best effort: what gets lost is found by the hubs, which compare themselves with the record.
    """
    frames = [entry.frame() for entry in entries]
    here = hubs()
    for hub in here:
        hub.loop.call_soon_threadsafe(hub.hear, round_id, frames)
    if settings.REDIS_URL:
        message = {"type": "record.entries", "round": round_id, "frames": [list(frame) for frame in frames]}
        if here:
            asyncio.run_coroutine_threadsafe(here[0].tell(message), here[0].loop)
        else:
            async_to_sync(_tell_from_outside)(round_id, message)


async def _tell_from_outside(round_id: int, message: dict[str, Any]) -> None:
    """Publish from a process without sockets, such as the clerk."""
    await bounded(get_channel_layer().group_send(group(round_id), message))
