"""The line of a case: what happened, who did it and by which article; rows are added and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from auction.rules.law import Article
from enforcement.models import Case, CaseEvent, Officer

Facts = Mapping[str, str | int | None]


@dataclass(frozen=True)
class Happened:
    """One kind of thing that happened, with its article where the law names one."""

    kind: str
    article: Article | None = None


def add(case: Case, what: Happened, facts: Facts, *, actor: Officer | None, at: datetime) -> CaseEvent:
    """Add one event to the case's line; amounts in fen, dates in ISO form."""
    article = str(what.article) if what.article else ""
    return CaseEvent.objects.create(
        case=case, kind=what.kind, facts=dict(facts), article=article, actor=actor, at=at
    )
