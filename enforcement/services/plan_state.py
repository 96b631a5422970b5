"""Whether the money side of a listing may still change."""

from __future__ import annotations

from enforcement.models import Distribution, Listing
from enforcement.rules.release import Hindrance, NotYet


def still_open(listing: Listing) -> None:
    """Refuse a change once the plan was served or paid out.

    :raises NotYet: if it was
    """
    if Distribution.objects.filter(listing=listing).exclude(state=Distribution.State.DRAFT).exists():
        raise NotYet(Hindrance.PLAN_CLOSED)
