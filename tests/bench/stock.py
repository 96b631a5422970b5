# ruff: noqa: E402 (Django is set up between the imports)
"""The peers in Python, as one would write them with Channels alone: `uvicorn tests.bench.stock:application`.

`/fan/` is a consumer in one group, told by `group_send`; `/who/` is one behind AuthMiddlewareStack.
"""

from __future__ import annotations

import os
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
from django.core.asgi import get_asgi_application

get_asgi_application()

from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from auction.queries.bidders import bidder_of
from auction.queries.standing import snapshot


class Fan(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add("fan", self.channel_name)
        await self.accept()

    async def event(self, message: dict[str, Any]) -> None:
        await self.send(text_data=message["text"])


class Who(AsyncWebsocketConsumer):
    """Watches a round as the stock way does: the session's user, then what stands, from the database."""

    async def connect(self) -> None:
        from channels.db import database_sync_to_async

        await self.channel_layer.group_add("fan", self.channel_name)
        await self.accept()
        await self.send(text_data=await database_sync_to_async(self._stands)())

    def _stands(self) -> str:
        from auction import clock, messages

        user, round_id = self.scope["user"], self.scope["url_route"]["kwargs"]["pk"]
        bidder = bidder_of(round_id, user) if user.is_authenticated else None
        stands = snapshot(round_id, bidder.pk if bidder else None)
        return messages.wire(messages.snapshot(stands, clock.now()))


def text(number: str) -> str:
    return f'{{"type":"event","cid":"PUB{number}:{time.monotonic_ns()}","pad":"{"0" * 260}"}}'


async def control(scope: Any, receive: Any, send: Any) -> None:
    """Publish one frame for `GET /publish?n=…`."""
    number = scope["query_string"].decode().partition("n=")[2]
    await get_channel_layer().group_send("fan", {"type": "event", "text": text(number)})
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


sockets = URLRouter([path("fan/", Fan.as_asgi())])
signed_in = URLRouter([path("who/<int:pk>/", Who.as_asgi()), path("fan/", Fan.as_asgi())])
application = ProtocolTypeRouter({"http": control, "websocket": sockets})
storm = ProtocolTypeRouter(
    {"http": control, "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(signed_in))}
)
