"""What a superuser of the database could do to a finished record, and how far he may go to hide it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import rfc8785
from django.conf import settings
from django.db import connection

from auction import record
from auction.log.signer import Refused, Signer
from auction.models import Event, Log, Logged, Round
from auction.models.append_only import allow_changes
from auction.services import log_publish

Leaf = dict[str, Any]
Leaves = list[Leaf]
MINUTE: Final = 60_000


def _bids(leaves: Leaves) -> Leaves:
    return [leaf for leaf in leaves if leaf["kind"] == "bid"]


def _close(leaves: Leaves) -> Leaf:
    return next(leaf for leaf in leaves if leaf["kind"] == "close")


def _settle(leaves: Leaves) -> Leaves:
    """Let the end say what the bids now say."""
    last = _bids(leaves)[-1]
    if leaves[-1]["kind"] == "close":
        leaves[-1] |= {"winner": last["code"], "price": last["amount"], "deadline": last["deadline"]}
    return leaves


def lower(leaves: Leaves) -> Leaves:
    """The winner pays less."""
    _bids(leaves)[-1]["amount"] -= 100
    return _settle(leaves)


def higher(leaves: Leaves) -> Leaves:
    """The winner pays more."""
    _bids(leaves)[-1]["amount"] += 500_000
    return _settle(leaves)


def drop_last(leaves: Leaves) -> Leaves:
    """The last bid never was."""
    leaves.remove(_bids(leaves)[-1])
    return _settle(leaves)


def drop_middle(leaves: Leaves) -> Leaves:
    """A bid in the middle never was."""
    leaves.remove(_bids(leaves)[2])
    return leaves


def ghost_bid(leaves: Leaves) -> Leaves:
    """A loser has bid once more, and wins."""
    last = _bids(leaves)[-1]
    other = _bids(leaves)[-2]["code"]
    ghost = {**last, "code": other, "cid": "ghost", "amount": last["amount"] + 500_000}
    leaves.insert(leaves.index(last) + 1, ghost)
    return _settle(leaves)


def ghost_bidder(leaves: Leaves) -> Leaves:
    """Somebody who never registered has bid, and wins."""
    last = _bids(leaves)[-1]
    leaves.insert(1, {**leaves[1], "code": "GH05", "commit": "ab" * 32})
    ghost = {**last, "code": "GH05", "cid": "ghost", "amount": last["amount"] + 500_000}
    leaves.insert(leaves.index(last) + 1, ghost)
    return _settle(leaves)


def swap_codes(leaves: Leaves) -> Leaves:
    """Two bidders change places throughout."""
    one, other = _bids(leaves)[-1]["code"], _bids(leaves)[-2]["code"]
    for leaf in leaves:
        for name in ("code", "winner"):
            if leaf.get(name) in {one, other}:
                leaf[name] = other if leaf[name] == one else one
    return leaves


def rename_winner(leaves: Leaves) -> Leaves:
    """The end names another as winner."""
    _close(leaves)["winner"] = _bids(leaves)[-2]["code"]
    return leaves


def give_last_bid(leaves: Leaves) -> Leaves:
    """The last bid was another's."""
    _bids(leaves)[-1]["code"] = _bids(leaves)[-2]["code"]
    return _settle(leaves)


def back_date(leaves: Leaves) -> Leaves:
    """A bid came earlier than it did."""
    _bids(leaves)[-1]["in_t"] -= 500
    return leaves


def write_earlier(leaves: Leaves) -> Leaves:
    """The end was written earlier than it was."""
    _close(leaves)["t"] -= 100
    return leaves


def longer(leaves: Leaves) -> Leaves:
    """The bidding ended later than it did."""
    _close(leaves)["t"] += 10 * MINUTE
    _close(leaves)["deadline"] += 10 * MINUTE
    return leaves


def cut_end(leaves: Leaves) -> Leaves:
    """The round has not ended."""
    return leaves[: leaves.index(_close(leaves))]


def cut_more(leaves: Leaves) -> Leaves:
    """The last two bids and the end never were."""
    return leaves[: leaves.index(_bids(leaves)[-2])]


def reorder(leaves: Leaves) -> Leaves:
    """Two bids came the other way round."""
    first, second = (leaves.index(each) for each in _bids(leaves)[1:3])
    leaves[first], leaves[second] = leaves[second], leaves[first]
    return leaves


def cheaper_start(leaves: Leaves) -> Leaves:
    """The starting price was lower."""
    leaves[0]["start"] -= 10_000_000
    return leaves


def smaller_step(leaves: Leaves) -> Leaves:
    """The increment was smaller."""
    leaves[0]["step"] //= 2
    return leaves


def earlier_end(leaves: Leaves) -> Leaves:
    """Another end was announced."""
    leaves[0]["deadline"] -= MINUTE
    return leaves


def other_person(leaves: Leaves) -> Leaves:
    """Behind the winner's code stands somebody else."""
    winner = _close(leaves)["winner"]
    next(leaf for leaf in leaves if leaf["kind"] == "qualify" and leaf["code"] == winner)["commit"] = (
        "cd" * 32
    )
    return leaves


def without_rival(leaves: Leaves) -> Leaves:
    """A rival never took part."""
    rival = _bids(leaves)[-2]["code"]
    return _settle([leaf for leaf in leaves if leaf.get("code") != rival])


def stopped(leaves: Leaves) -> Leaves:
    """The bidding was stopped for a while."""
    last = _bids(leaves)[-1]
    place, t = leaves.index(last), last["t"]
    resumed = {
        "v": 1,
        "lot": last["lot"],
        "kind": "resume",
        "reason": "x",
        "t": t,
        "deadline": last["deadline"],
    }
    leaves[place + 1 : place + 1] = [
        {"v": 1, "lot": last["lot"], "kind": "suspend", "reason": "x", "t": t},
        resumed,
    ]
    return leaves


def open_a_loser(leaves: Leaves) -> Leaves:
    """The identity of somebody who did not win was opened."""
    end = _close(leaves)
    told = {"about": "opening", "code": _bids(leaves)[-2]["code"], "reason": "confirmation"}
    common = {"v": 1, "lot": end["lot"], "seq": len(leaves) + 1, "prev": "", "t": end["t"]}
    return [*leaves, {**common, "kind": "note", **told}]


EDITS: Final[tuple[Callable[[Leaves], Leaves], ...]] = (
    *(
        lower,
        higher,
        drop_last,
        drop_middle,
        ghost_bid,
        ghost_bidder,
        swap_codes,
        rename_winner,
        give_last_bid,
    ),
    *(back_date, write_earlier, longer, cut_end, cut_more, reorder, cheaper_start, smaller_step, earlier_end),
    *(other_person, without_rival, stopped, open_a_loser),
)


class Superuser:
    """Somebody who may do anything to the database of a round, and to the files of the log."""

    def __init__(self, round: Round, signer: Signer) -> None:
        self.round = round
        self.signer = signer
        allow_changes(_Editor(), "auction_event", "auction_logged")

    def edit(self, change: Callable[[Leaves], Leaves]) -> None:
        """Change leaves, and nothing that shows it."""
        before = [json.loads(event.leaf) for event in record.after(self.round.pk, 0)]
        texts = {leaf["seq"]: rfc8785.dumps(leaf) for leaf in before}
        after = change(json.loads(json.dumps(before)))
        self._put([texts[leaf["seq"]] if leaf in before else rfc8785.dumps(leaf) for leaf in after])

    def rechain(self, change: Callable[[Leaves], Leaves]) -> None:
        """Change leaves, and chain all anew."""
        leaves = change([json.loads(event.leaf) for event in record.after(self.round.pk, 0)])
        prev, texts = record.GENESIS, []
        for seq, leaf in enumerate(leaves, 1):
            texts.append(rfc8785.dumps({**leaf, "seq": seq, "prev": prev}))
            prev = record.digest(texts[-1].decode())
        self._put(texts)

    def relog(self, change: Callable[[Leaves], Leaves]) -> None:
        """The same, write the log's files anew, and ask the signer, who refuses."""
        self.rechain(change)
        self._renumber()
        with suppress(Refused, log_publish.Stale):
            log_publish.publish(Log.objects.get(), at=self.round.opens_at)

    def fork(self, change: Callable[[Leaves], Leaves]) -> None:
        """The same, with the signer's memory wiped: the stolen key signs another history."""
        self.signer.memory.path.unlink()
        shutil.rmtree(settings.LOG_DIR)
        self.relog(change)

    def _put(self, texts: list[bytes]) -> None:
        """Put these lines in the record's place, each where the log has the one it replaces."""
        places = dict(self.mine().values_list("event__seq", "index"))
        log = Log.objects.get()
        self.mine().delete()
        Event.objects.filter(round=self.round).delete()
        for seq, text in enumerate(texts, 1):
            leaf, line = json.loads(text), text.decode()
            said = {"kind": leaf["kind"], "leaf": line, "hash": record.digest(line)}
            event = Event.objects.create(round=self.round, seq=seq, at=record.instant(leaf["t"]), **said)
            if seq in places:
                Logged.objects.create(log=log, index=places[seq], event=event)

    def _renumber(self) -> None:
        """Give all leaves of all rounds their places anew."""
        log = Log.objects.get()
        events = list(Event.objects.order_by("at", "round", "seq"))
        Logged.objects.all().delete()
        Logged.objects.bulk_create(Logged(log=log, index=at, event=event) for at, event in enumerate(events))
        Log.objects.update(size=len(events), signed_size=0, checkpoint="")

    def mine(self):  # type: ignore[no-untyped-def]
        """Return the places of the round's leaves."""
        return Logged.objects.filter(event__round=self.round)


class _Editor:
    """As much of a schema editor as dropping a trigger takes."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


HOW_FAR: Final = ("edit", "rechain", "relog", "fork")


def wipe(folder: Path) -> None:
    """Take a folder away, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)
