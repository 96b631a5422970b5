"""The product's own application, with one more address by which a benchmark publishes an entry of a round.

`uvicorn tests.bench.ours:application`; `GET /publish?n=…&round=…` answers once the hub has the entry.
"""

from __future__ import annotations

import json
import time
from typing import Any

from config.asgi import application as product


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Publish, or pass on to the product."""
    if scope["type"] != "http" or scope["path"] != "/publish":
        await product(scope, receive, send)
        return
    asked = dict(part.split("=") for part in scope["query_string"].decode().split("&"))
    publish(int(asked["round"]), asked["n"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def publish(round_id: int, number: str) -> None:
    """Give the hub the next entry, a bid, as the engine does after its commit."""
    from auction import live

    room = live.hub().rooms.get(round_id)
    if room is None:
        return
    leaf = {
        "v": 1,
        "lot": round_id,
        "prev": "0" * 64,
        "kind": "bid",
        "seq": room.heard + 1,
        "t": 1,
        "code": "T0001",
        "cid": f"PUB{number}:{time.monotonic_ns()}",
        "amount": 140_000_000,
        "in_t": 1,
        "deadline": 1,
    }
    live.publish(round_id, [live.Entry(room.heard + 1, json.dumps(leaf), "0" * 64)])
