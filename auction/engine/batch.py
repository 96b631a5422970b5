"""One batch: lock the rounds' rows, read, judge every waiting bid in order of arrival, write, commit, tell.

Each step is a function of its own, looked up here when its turn comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from auction import receipts, record
from auction.engine import store
from auction.engine.book import Book, Judged, Known, open_book, refusal
from auction.engine.values import Decision, Offer, Seat
from auction.rules.grounds import Ground

NOBODY: Final = Seat("", 0, "", "")
Outcome = Sequence[Decision | None]
Books = dict[int, Book]


def decide(offers: Sequence[Offer]) -> list[Decision]:
    """Decide these offers in one transaction; when it returns, what it says is committed.

    :raises Refused: if the platform clock cannot be told; nothing is decided then
    """
    told: list[Decision] = []
    decide_and_tell(offers, lambda outcome: told.extend(each for each in outcome if each))
    return told


def decide_and_tell(
    offers: Sequence[Offer], answer: Callable[[Outcome], None], *, patience_ms: int = store.PATIENCE_MS
) -> None:
    """Decide these offers in one transaction, and once it is committed answer, then publish.

    Without patience, an offer on a round that another process has locked stays undecided: None.

    :raises Refused: if the platform clock cannot be told; nothing is decided then
    """
    wait = patience_ms > 0
    with store.batch(patience_ms or store.PATIENCE_MS):
        books, known = read(lock(offers, wait=wait), offers)
        judged = judge(books, known, offers, wait=wait)
        outcome = sign(judged)
        insert_events(books)
        insert_bids(judged, outcome)
        save_rounds(books)
    answer(outcome)
    publish(books)


def lock(offers: Sequence[Offer], *, wait: bool) -> store.Answer:
    """Lock the rounds' rows."""
    return store.locked(_round_ids(offers), wait=wait)


def read(locked: store.Answer, offers: Sequence[Offer]) -> tuple[Books, dict[int, Known]]:
    """Return the locked rounds, read at one time after the lock, and what is known of each offer."""
    leading = store.leading(_round_ids(offers))
    known = store.known([_asked(place, offer) for place, offer in enumerate(offers)])
    now = store.told()
    rows, at = locked(), now()
    leaders = {round_id: (number, rank) for round_id, number, rank in leading()}
    books = {row[0]: open_book(row, leaders.get(row[0]), at) for row in rows}
    return books, {row[0]: Known(*row) for row in known()}


def judge(
    books: Books, known: dict[int, Known], offers: Sequence[Offer], *, wait: bool
) -> list[Judged | None]:
    """Judge the offers in order."""
    judged: list[Judged | None] = []
    for place, offer in enumerate(offers):
        book = books.get(offer.round_id)
        if book is not None:
            judged.append(book.judge(offer, known[place]))
        else:
            judged.append(_no_such_round(offer) if wait else None)
    return judged


def sign(judged: Sequence[Judged | None]) -> Outcome:
    """Return the decisions with their receipts, all under one signature."""
    new = {id(each): each.statement for each in judged if each is not None and each.statement}
    texts = dict(zip(new, receipts.signed(list(new.values())), strict=True))
    return [
        None if each is None else each.decision._replace(receipt=texts.get(id(each), each.decision.receipt))
        for each in judged
    ]


def insert_events(books: Books) -> None:
    """Write the record first."""
    store.insert_events(
        [
            {**entry._asdict(), "round_id": book.pk, "at": store.text(entry.at)}
            for book in books.values()
            for entry in book.events
        ]
    )


def insert_bids(judged: Sequence[Judged | None], outcome: Outcome) -> None:
    """Write what was decided, each bid with its receipt."""
    rows = {
        id(each): {**each.row, "receipt": decision.receipt}
        for each, decision in zip(judged, outcome, strict=True)
        if each is not None and decision is not None and each.row is not None
    }
    store.insert_bids(list(rows.values()))


def save_rounds(books: Books) -> None:
    """Write what now stands in the rounds whose record has grown."""
    store.save_rounds([book.row() for book in books.values() if book.events])


def publish(books: Books) -> None:
    """Tell the watchers of what is committed."""
    for book in books.values():
        if book.events:
            record.tell(book.pk, book.events)


def _round_ids(offers: Sequence[Offer]) -> list[int]:
    return sorted({offer.round_id for offer in offers})


def _asked(place: int, offer: Offer) -> dict[str, object]:
    seat = offer.seat or NOBODY
    return {
        "n": place,
        "round": offer.round_id,
        "holder": seat.holder,
        "key": offer.key,
        "session": seat.session_key,
        "person": seat.person_id,
    }


def _no_such_round(offer: Offer) -> Judged:
    decision = Decision(offer, ground=Ground.NOT_QUALIFIED)
    return Judged(decision, refusal(decision, code=None, state=None, at=None))
