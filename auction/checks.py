"""What must be right before anything starts (Django's system checks)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from auction import receipts
from auction.log.outward import is_address
from auction.log.policy_file import BadPolicy
from auction.queries.receipt_keys import BadKeys, former
from auction.queries.witnesses import policy


@register
def witnesses(**told: Any) -> list[CheckMessage]:
    """Find that the policy of witnesses cannot be read."""
    try:
        policy()
    except (OSError, BadPolicy) as error:
        return [Error(f"WITNESSES names no policy of witnesses: {error}", id="auction.E001")]
    return []


@register
def time_stamps(**told: Any) -> list[CheckMessage]:
    """Find that nobody can be asked for time stamps where they are to be had."""
    if settings.TIMESTAMP_URL and not is_address(settings.TIMESTAMP_URL):
        return [Error("TIMESTAMP_URL must be an address with http or https.", id="auction.E002")]
    return []


@register
def former_receipt_keys(**told: Any) -> list[CheckMessage]:
    """Find that old receipts could not be checked, or that a key signs on whose time is over."""
    try:
        signs_on = any(each.key == receipts.public_key() for each in former())
    except (OSError, BadKeys) as error:
        return [Error(f"FORMER_RECEIPT_KEYS names no file of keys: {error}", id="auction.E003")]
    if signs_on:
        return [Error("RECEIPT_KEY is among FORMER_RECEIPT_KEYS: give a new one.", id="auction.E004")]
    return []
