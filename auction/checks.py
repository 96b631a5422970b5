"""What must be right before anything starts (Django's system checks)."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from auction.log.policy_file import BadPolicy
from auction.queries.witnesses import policy


@register
def witnesses(**told: Any) -> list[CheckMessage]:
    """Find that the policy of witnesses cannot be read."""
    try:
        policy()
    except (OSError, BadPolicy) as error:
        return [Error(f"WITNESSES names no policy of witnesses: {error}", id="auction.E001")]
    return []
