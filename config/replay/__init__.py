"""A recorded bid history, bid again on this platform: through its services, its websocket and its clock."""

from __future__ import annotations
