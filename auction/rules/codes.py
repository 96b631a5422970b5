"""Codes that people read aloud and write on transfers: no letter or digit that looks like another."""

from __future__ import annotations

import re
import secrets
from typing import Final

SIGNS: Final = "ACDEFHJKLMNPQRTUVWXY34679"
BIDDER_LENGTH: Final = 5
REMITTANCE_LENGTH: Final = 8
REMITTANCE: Final = re.compile(rf"SP([{SIGNS}]{{{REMITTANCE_LENGTH}}})([{SIGNS}])")


def bidder_code() -> str:
    """Return a random bidder code; it is derived from nothing (art. 18¶2)."""
    return _random(BIDDER_LENGTH)


def remittance_code() -> str:
    """Return a random remittance code: SP, eight signs, and a check sign that finds one wrong or a swap."""
    body = _random(REMITTANCE_LENGTH)
    return f"SP{body}{_check(body)}"


def find_remittance_code(remark: str) -> str:
    """Return the first right remittance code in a transfer's remark, or nothing."""
    for match in REMITTANCE.finditer(re.sub(r"[\s\-]", "", remark).upper()):
        if _check(match[1]) == match[2]:
            return match[0]
    return ""


def _random(length: int) -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def _check(body: str) -> str:
    # Weights without a common factor with 25, and differing ones beside each other.
    weights = (1, 2, 3, 4, 6, 7, 8, 9)
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(body, weights, strict=True))
    return SIGNS[total % len(SIGNS)]
