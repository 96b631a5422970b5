"""What the law asks for before a property may be announced; what is missing names its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from auction.rules.law import Article, Reason
from auction.rules.money import Money

Fact = str | int | date | datetime | Money


class Requirement(Reason):
    """One thing the law asks for; each module of rules lists what it asks for."""


@dataclass(frozen=True)
class Missing:
    """A requirement that is not met, with the figures its sentence shows; a warning does not block.

    `place` is the very item of an article where the requirement stands for several.
    """

    requirement: Requirement
    facts: Mapping[str, Fact] = field(default_factory=dict)
    blocks: bool = True
    place: Article | None = None

    @property
    def code(self) -> str:
        """Return the name of its sentence."""
        return self.requirement.code

    @property
    def article(self) -> Article:
        """Return the article that asks for it."""
        return self.place or self.requirement.article


class NotReady(Exception):
    """What was asked cannot be done yet, for what is missing."""

    def __init__(self, missing: Iterable[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__("; ".join(f"{one.code}: {one.article}" for one in self.missing))


def demand(missing: Iterable[Missing]) -> None:
    """Let an act go on only if nothing that blocks is missing.

    :raises NotReady: if something is
    """
    blocking = [one for one in missing if one.blocks]
    if blocking:
        raise NotReady(blocking)
