"""The site as one ASGI application: pages over HTTP, live bidding over websockets."""

from __future__ import annotations

import gc
import os
from collections.abc import Awaitable, Callable
from typing import Any

from channels.db import database_sync_to_async
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()

# After the line above: consumers import models, which need the apps to be ready.
from auction.log.shown import begin
from auction.pulse import Pulse
from auction.routing import websocket_urlpatterns
from auction.services.log_publish import Stale, demand_whole
from config.in_time import Request
from config.session_key import SessionKey

pulse = Pulse()


async def lifespan(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Any) -> None:
    """Let the process's pulse begin and end with it; on a database older than the log nothing begins."""
    await receive()
    try:
        await database_sync_to_async(demand_whole)()
    except Stale as stale:
        await send({"type": "lifespan.startup.failed", "message": f"The database is too old: {stale}."})
        return
    begin()
    pulse.start()
    gc.freeze()  # all that is loaded stays: the collector looks through it no more
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await pulse.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def stamped(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Any) -> None:
    """Serve a request, stamped when it came, a bid answered in time."""
    await Request(scope, receive, send).serve(pages)


application = ProtocolTypeRouter(
    {
        "lifespan": lifespan,
        "http": stamped,
        "websocket": AllowedHostsOriginValidator(SessionKey(URLRouter(websocket_urlpatterns))),
    }
)
