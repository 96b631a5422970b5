"""The texts of the engine's SQL for both databases; each takes its rows as one JSON array of objects.

But SQLite writes its rows one by one: it sits in this process, and takes them apart in JSON twice as long.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

EVENT: Final = {
    "round_id": "bigint",
    "seq": "int",
    "kind": "text",
    "leaf": "text",
    "hash": "text",
    "at": "timestamptz",
}
BID: Final = {
    "round_id": "bigint",
    "bidder_id": "bigint",
    "key": "text",
    "amount_fen": "bigint",
    "arrived_at": "timestamptz",
    "decided_at": "timestamptz",
    "ground": "text",
    "seq": "int",
    "closes_at": "timestamptz",
    "receipt": "text",
}
STANDING: Final = {
    "id": "bigint",
    "state": "text",
    "closes_at": "timestamptz",
    "price_fen": "bigint",
    "leading_id": "bigint",
    "leading_at": "timestamptz",
    "bid_count": "int",
    "seq": "int",
    "head": "text",
    "recorded_at": "timestamptz",
    "version": "int",
}
TERMS: Final = ("opens_at", "starting_price_fen", "increment_fen")
LOCKED: Final = (*STANDING, *TERMS)
ASKED: Final = {
    "n": "int",
    "round": "bigint",
    "holder": "text",
    "key": "text",
    "session": "text",
    "person": "bigint",
}
KNOWN: Final = (
    "o.n",
    *("d.id", "d.number", "d.code", "d.rank", "d.qualified_at"),
    *("b.id", "b.amount_fen", "b.arrived_at", "b.ground", "b.seq", "b.closes_at", "b.receipt", "e.hash"),
    *("s.session_data", "p.password", "p.is_active"),
)

ROUNDS: Final = "auction_round"
BIDDERS: Final = "auction_bidder"
BIDS: Final = "auction_bid"
EVENTS: Final = "auction_event"
SESSIONS: Final = "django_session"
PERSONS: Final = "auction_person"


def locking(*, wait: bool) -> str:
    """Lock rounds by id and read them; without waiting, only those that nobody else has locked."""
    # Alone, never joined to the leading bidder: PostgreSQL, having waited for a row, joins the new row to the
    # old bidder, finds none, and the price would begin anew. NO KEY: a registration need not wait for bids.
    read = f"SELECT {', '.join(LOCKED)} FROM {ROUNDS} WHERE id IN ({_ids()}) ORDER BY id"
    if connection.vendor == "sqlite":
        return read
    return f"{read} FOR NO KEY UPDATE OF {ROUNDS}" + ("" if wait else " SKIP LOCKED")


def leading() -> str:
    """Read the leading bidders of rounds: a statement after the lock, and so of its own, later snapshot."""
    return (
        f"SELECT r.id, d.number, d.rank FROM {ROUNDS} r JOIN {BIDDERS} d ON d.id = r.leading_id "
        f"WHERE r.id IN ({_ids()})"
    )


def knowing() -> str:
    """Read of every offer asked about its bidder, what was decided under its key, its session and person.

    `+ 0` keeps PostgreSQL from the indexes that begin with a round or bidder: by those, a plan made while the
    tables were empty would read all that a bidder ever bid. A key and a holder find their one row at once.
    """
    return (
        f"SELECT {', '.join(KNOWN)} FROM {_rows(ASKED)} "
        f"LEFT JOIN {BIDDERS} d ON d.holder = o.holder AND d.round_id + 0 = o.round "
        f"LEFT JOIN {BIDS} b ON b.key = o.key AND b.bidder_id + 0 = d.id "
        f"LEFT JOIN {EVENTS} e ON e.round_id = b.round_id AND e.seq = b.seq "
        f"LEFT JOIN {SESSIONS} s ON s.session_key = o.session AND s.expire_date > CURRENT_TIMESTAMP "
        f"LEFT JOIN {PERSONS} p ON p.id = o.person"
    )


def inserting(table: str, columns: dict[str, str]) -> str:
    """Insert rows in the order given."""
    named = ", ".join(columns)
    if connection.vendor == "sqlite":
        return f"INSERT INTO {table} ({named}) VALUES ({', '.join(f'%({name})s' for name in columns)})"
    return f"INSERT INTO {table} ({named}) SELECT {named} FROM {_rows(columns)}"


def saving() -> str:
    """Set what stands in rounds."""
    if connection.vendor == "sqlite":
        changes = ", ".join(f"{name} = %({name})s" for name in STANDING if name != "id")
        return f"UPDATE {ROUNDS} SET {changes} WHERE id = %(id)s"
    changes = ", ".join(f"{name} = o.{name}" for name in STANDING if name != "id")
    return f"UPDATE {ROUNDS} SET {changes} FROM {_rows(STANDING)} WHERE {ROUNDS}.id = o.id"


def _ids() -> str:
    """Return a subquery of the ids in a JSON array."""
    if connection.vendor == "sqlite":
        return "SELECT value FROM json_each(%s)"
    return "SELECT value::bigint FROM json_array_elements_text(%s)"


def _rows(columns: dict[str, str]) -> str:
    """Return a table expression `o` of the rows in a JSON array of objects."""
    if connection.vendor == "sqlite":
        read = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in columns)
        return f"(SELECT {read} FROM json_each(%s)) o"
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"json_to_recordset(%s::json) AS o ({typed})"
