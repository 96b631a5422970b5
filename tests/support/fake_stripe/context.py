"""What every endpoint is given: the store, the time, who asks, and how to say that something happened."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from tests.support.fake_stripe.store import Store
from tests.support.fake_stripe.wire import Params, missing

API_VERSION = "2026-10-28.endive"
Thing = dict[str, Any]
WORDS = {"checkout.session": "checkout session"}


def new_id(prefix: str) -> str:
    """Return a fresh identifier in Stripe's form."""
    return f"{prefix}_{secrets.token_hex(12)}"


@dataclass(frozen=True)
class Context:
    """One request, or one tick of the clock."""

    store: Store
    at: int
    base_url: str
    request_id: str | None = None
    key: str | None = None

    def fresh(self, kind: str, prefix: str, **fields: Any) -> Thing:
        """Return a new object with the fields that every object has."""
        common = {"id": new_id(prefix), "object": kind, "created": self.at, "livemode": False, "metadata": {}}
        return common | fields

    def fetch(self, kind: str, identifier: str, param: str = "id") -> Thing:
        """Return a stored object of this kind."""
        found = self.store.get(identifier)
        if found is None or found["object"] != kind:
            raise missing(WORDS.get(kind, kind), identifier, param)
        return found

    def emit(self, name: str, thing: Thing, **previous: Any) -> None:
        """Store an event with a snapshot of the object as it is now, and queue its delivery."""
        data: Thing = {"object": thing} | ({"previous_attributes": previous} if previous else {})
        event = self.fresh(
            "event",
            "evt",
            api_version=API_VERSION,
            data=data,
            pending_webhooks=1,
            request={"id": self.request_id, "idempotency_key": self.key},
            type=name,
        )
        del event["metadata"]
        self.store.put(event)
        self.store.rows(
            "insert into delivery (event_id, due, rank, state) values (?, 0, 0, 'new')", event["id"]
        )


def listing(context: Context, kind: str, params: Params, *filters: str) -> Thing:
    """Return a page of a list, newest first, filtered by equal fields."""
    found = context.store.every(kind)
    for name in filters:
        found = [thing for thing in found if name not in params or thing[name] == params[name]]
    if after := params.get("starting_after"):
        found = found[[thing["id"] for thing in found].index(after) + 1 :]
    size = int(params.get("limit", 10))
    return {"object": "list", "data": found[:size], "has_more": len(found) > size, "url": f"/v1/{kind}s"}


def expanded(context: Context, thing: Thing, paths: list[str]) -> Thing:
    """Return the object with the named references replaced by the objects."""
    for path in paths:
        _expand(context, thing, path.split("."))
    return thing


def _expand(context: Context, thing: Any, path: list[str]) -> None:
    if isinstance(thing, list):
        for item in thing:
            _expand(context, item, path)
    elif path and isinstance(thing, dict):
        if isinstance(thing.get(path[0]), str):
            thing[path[0]] = context.store.get(thing[path[0]]) or thing[path[0]]
        _expand(context, thing.get(path[0]), path[1:])
