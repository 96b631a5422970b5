"""The naive way, as peers do it: a stock consumer that decides each bid in a transaction of its own.

Django's and Channels' own documentation lead here: `AuthMiddlewareStack`, `database_sync_to_async`,
`transaction.atomic` with `select_for_update`, and one row each for bid and event. It judges by the same rules
into the same tables. `NAIVE_BROADCAST=1` lets it also tell every watcher by the channel layer's group.
"""

from __future__ import annotations

import os
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.db import transaction
from django.urls import path

pages = get_asgi_application()

# After the line above: models need the apps to be ready.
from auction import clock, record  # noqa: E402
from auction.models import Bid, Bidder, Event, Person, Round  # noqa: E402
from auction.models.sealing import holder_hash  # noqa: E402
from auction.rules import bidding  # noqa: E402
from auction.rules.grounds import Ground, Refused  # noqa: E402
from auction.rules.money import Money  # noqa: E402

BROADCAST = os.environ.get("NAIVE_BROADCAST") == "1"


class NaiveRound(AsyncJsonWebsocketConsumer):
    """Decides a bid when it comes, and answers."""

    async def connect(self) -> None:
        self.round_id = self.scope["url_route"]["kwargs"]["pk"]
        self.group = f"naive-{self.round_id}"
        if BROADCAST:
            await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if BROADCAST:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        answer = await database_sync_to_async(decide)(
            self.round_id, self.scope["user"], content["key"], content["amount"]
        )
        await self.send_json(answer)
        if BROADCAST and answer["type"] == "accepted":
            await self.channel_layer.group_send(self.group, {"type": "tell", "event": answer})

    async def tell(self, message: dict[str, Any]) -> None:
        await self.send_json({**message["event"], "type": "event"})


def decide(round_id: int, person: Person, key: str, amount: int) -> dict[str, Any]:
    """Decide one bid in one transaction."""
    at = clock.now()
    try:
        with transaction.atomic():
            event = place(round_id, person, key, Money(amount))
    except Refused as refused:
        return {"type": "refused", "key": key, "ground": refused.ground.code}
    return {"type": "accepted", "key": key, "seq": event.seq, "hash": event.hash, "arrived_at": record.ms(at)}


def place(round_id: int, person: Person, key: str, amount: Money) -> Event:
    """Judge and write one bid under the round's row lock."""
    round = Round.objects.select_for_update(of=("self",)).get(pk=round_id)
    bidder = Bidder.objects.filter(holder=holder_hash(round_id, person.pk)).first()
    if bidder is None or bidder.qualified_at is None:
        raise Refused(Ground.NOT_QUALIFIED)
    at = clock.now()
    after = bidding.place(round.standing(), bidding.Bid(bidder.number, amount, at, bidder.rank))
    round.price_fen, round.leading, round.leading_at = amount.fen, bidder, at
    round.bid_count, round.closes_at = after.count, after.window.closes_at
    body = {
        "code": bidder.code,
        "cid": key,
        "amount": amount.fen,
        "in_t": record.ms(at),
        "deadline": record.ms(round.closes_at),
    }
    event = record.link(round, "bid", body, at=at)
    event.save(force_insert=True)
    times = {"arrived_at": at, "decided_at": at, "closes_at": round.closes_at}
    Bid.objects.create(round=round, bidder=bidder, key=key, amount_fen=amount.fen, seq=event.seq, **times)
    round.save()
    return event


application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter([path("ws/rounds/<int:pk>/", NaiveRound.as_asgi())]))
        ),
    }
)
