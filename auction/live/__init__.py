"""How watchers learn what was recorded, within a process and between processes."""

from __future__ import annotations

from auction.live.frames import Entry, Frame, entries_after, frames_after
from auction.live.herald import publish_all
from auction.live.hub import Hub, hub
from auction.live.publish import publish
from auction.live.watcher import Watcher

__all__ = [
    "Entry",
    "Frame",
    "Hub",
    "Watcher",
    "entries_after",
    "frames_after",
    "hub",
    "publish",
    "publish_all",
]
