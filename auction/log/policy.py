"""Whom to believe about a log: its keys, its witnesses and how many suffice (c2sp.org/tlog-policy)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from auction.log.note import Key

NONE: Final = "none"


@dataclass(frozen=True)
class Party:
    """A log or a witness: its name in the policy (a log's is its origin), its key, and where it answers."""

    name: str
    key: Key
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Members of which at least `least` must have cosigned."""

    name: str
    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Known logs and witnesses; groups in an order in which none names a later one; and what suffices."""

    logs: tuple[Party, ...] = ()
    witnesses: tuple[Party, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = ""

    @property
    def witness_keys(self) -> list[Key]:
        """Return the keys of the witnesses."""
        return [witness.key for witness in self.witnesses]

    def met(self, keys: Iterable[Key]) -> bool:
        """Return whether cosignatures by these keys suffice."""
        given = set(keys)
        done = {witness.name for witness in self.witnesses if witness.key in given} | {NONE}
        for group in self.groups:
            if sum(member in done for member in group.members) >= group.least:
                done.add(group.name)
        return self.quorum in done

    def of_log(self, logs: Iterable[Party]) -> Policy:
        """Return the same for other logs."""
        return replace(self, logs=tuple(logs))

    def __str__(self) -> str:
        logs = [f"log {_told(log)}" for log in self.logs]
        witnesses = [f"witness {witness.name} {_told(witness)}" for witness in self.witnesses]
        groups = [f"group {group.name} {group.least} {' '.join(group.members)}" for group in self.groups]
        return "".join(f"{line}\n" for line in (*logs, *witnesses, *groups, f"quorum {self.quorum}"))


def _told(party: Party) -> str:
    return f"{party.key} {party.url}".rstrip()
