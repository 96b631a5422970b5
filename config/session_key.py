"""What a live socket needs of Django's session at its handshake: the key; the consumer asks whose it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from channels.sessions import CookieMiddleware
from django.conf import settings

from config.sessions import KEY

Application = Callable[[Any, Any, Any], Awaitable[None]]


class _Key:
    def __init__(self, inner: Application) -> None:
        self._inner = inner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        key = scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
        await self._inner({**scope, "session_key": key if KEY.fullmatch(key) else ""}, receive, send)


def SessionKey(inner: Application) -> Application:  # noqa: N802 (named as Channels' own)
    """Return the application with `session_key` in its scope, empty for who has none."""
    wrapped: Application = CookieMiddleware(_Key(inner))
    return wrapped
