"""The addresses of live bidding."""

from __future__ import annotations

from django.urls import path

from auction.consumers import LiveRound

websocket_urlpatterns = [path("ws/rounds/<int:pk>/", LiveRound.as_asgi())]
