"""The independent checker: judges a history by the text of law and promises, and by nothing of the product.

It imports nothing of the project. `check(lines)` takes the lines of a history, each a dict or its JSON
text; one object a line, times in UTC ms:

    op     fields
    leaf   round, leaf (the exact bytes of one entry of the record, as text), in order
    bid    round, code, cid, amount, invoked, returned|null, outcome ok|fail|info, seq, hash, ground, in_t,
           deadline, receipt, attempts
    saw    watcher, round, kind event|leap|snapshot, at, and the fields of the frame (of an event, its own
           kind is `event`)
    left   watcher, round: this watcher went away before the end
    end    at: when the watchers stopped looking (without it W2 is not judged)
    fault  kind, at, until, and round if it befell only that one
    rank   round, code, rank: what the test knows of priority purchasers
    key    public: the receipts' Ed25519 key, in hex
    head   at, size, root: a checkpoint of the public log as it was fetched, root in hex; leaves: what it
           added

Article 20: from the starting price upward, each bid at least one step higher, a bid in the last five minutes
leaves five minutes, the last bid wins. Article 21: a priority purchaser may match the price, a better rank
matches a worse one, at one rank the earlier bid stays.
"""

from __future__ import annotations

from .judge import check
from .terms import Allowances, Coverage, Gates, Summary, Violation

__all__ = ["Allowances", "Coverage", "Gates", "Summary", "Violation", "check"]
