"""The steps by which many rounds are moved in one transaction; each is a function of its own.

Many auctions begin and end at ten o'clock sharp, so what is done to one round is done to a hundred at once.
Rows that another clerk holds are left to him.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Prefetch, prefetch_related_objects

from auction import live
from auction.models import Bidder, Event, Round
from auction.record import CHAIN

NEEDED: Final = ("state", "opens_at", "closes_at", "price_fen", "leading", "suspended_at", *CHAIN)
TYPES: Final = {int: "bigint", str: "text", datetime: "timestamptz"}

Value = int | str | datetime | None


def lock(round_ids: Sequence[int], **still: Any) -> list[Round]:
    """Lock those of the rounds that are still as said and that nobody else holds, with their leading bidders.

    The bidders are read after the lock, never joined: PostgreSQL would join the row as it was before.
    """
    free = Round.objects.select_for_update(of=("self",), skip_locked=True).only(*NEEDED)
    rounds = list(free.filter(pk__in=round_ids, **still).order_by("pk"))
    prefetch_related_objects(rounds, Prefetch("leading", Bidder.objects.only("code")))
    return rounds


def write_events(events: Sequence[Event]) -> None:
    """Append the entries to the records."""
    from_values(
        "INSERT INTO auction_event (round_id, seq, kind, leaf, hash, at) SELECT * FROM {values} v",
        [[e.round_id, e.seq, e.kind, e.leaf, e.hash, stored(e.at)] for e in events],
    )


def write_rounds(rounds: Sequence[Round], columns: Sequence[str]) -> None:
    """Write these columns of the rounds."""
    kept = {field.name: field for field in Round._meta.concrete_fields}  # noqa: SLF001 (documented)
    fields = [kept[name] for name in columns]
    sets = ", ".join(f"{field.column} = v.column{place}" for place, field in enumerate(fields, 2))
    rows = [[round.pk, *(_plain(getattr(round, field.attname)) for field in fields)] for round in rounds]
    from_values(f"UPDATE auction_round SET {sets} FROM {{values}} v WHERE id = v.column1", rows)  # noqa: S608


def _plain(value: Value) -> Value:
    if isinstance(value, datetime):
        return stored(value)
    return str(value) if isinstance(value, str) else value  # a state is an enum's member


def from_values(statement: str, rows: Sequence[Sequence[Value]]) -> None:
    """Execute a statement whose `{values}` are rows of column1, column2, …: one statement for all."""
    if not rows:
        return
    table, given = (_recordset if connection.vendor == "postgresql" else _values)(rows)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(values=table), given)


def _recordset(rows: Sequence[Sequence[Value]]) -> tuple[str, list[Any]]:
    """Return the rows as one text of JSON: to quote thousands of items takes a third of a wave."""
    names = [f"column{place}" for place, _ in enumerate(rows[0], 1)]
    kinds = [TYPES[_kind(column)] for column in zip(*rows, strict=True)]
    types = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
    text = json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=datetime.isoformat)
    return f"(SELECT * FROM json_to_recordset(%s) AS u({types}))", [text]  # noqa: S608 (names and types of ours)


def _kind(column: Iterable[Value]) -> type:
    """Return what a column holds; only instants may be unknown, even all of them."""
    return next((type(value) for value in column if value is not None), datetime)


def _values(rows: Sequence[Sequence[Value]]) -> tuple[str, list[Any]]:
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    return f"(VALUES {', '.join([row] * len(rows))})", [each for row in rows for each in row]


def stored(at: datetime) -> Value:
    """Return an instant as this database takes it."""
    taken: Value = connection.ops.adapt_datetimefield_value(at)
    return taken


def publish(events: Sequence[Event]) -> None:
    """Tell the watchers of all these rounds once it is committed, without waiting for the channel layer."""
    news: defaultdict[int, list[live.Entry]] = defaultdict(list)
    for event in events:
        news[event.round_id].append(live.Entry(event.seq, event.leaf, event.hash))
    if news:
        transaction.on_commit(partial(live.publish_all, dict(news)), robust=True)
