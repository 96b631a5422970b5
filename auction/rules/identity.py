"""Who somebody is: resident numbers (GB 11643-1999), organisation codes (GB 32100-2015), and a commitment.

The commitment goes into the public record before the first bid; only the winner's is opened after the end.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

RESIDENT_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS: Final = "10X98765432"
CODE_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FULL_AGE: Final = 18

NATURAL: Final = "natural"
ORGANISATION: Final = "organisation"
COMMITMENT_PREFIX: Final = b"judic-id-v1\x00"


class NotANumber(ValueError):
    """The text is no identity number of this kind."""


@dataclass(frozen=True)
class Identity:
    """A person or an organisation by its true name and number."""

    kind: str
    name: str
    number: str

    def canonical(self) -> bytes:
        """Return the bytes the commitment is made over: sorted, compact JSON in UTF-8."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def checked_number(kind: str, text: str) -> str:
    """Return the number without spaces and in capitals.

    :raises NotANumber: if its form, date or check digit is wrong
    """
    number = "".join(text.split()).upper()
    right = is_organisation_code(number) if kind == ORGANISATION else is_resident_number(number)
    if not right:
        raise NotANumber(kind)
    return number


def is_resident_number(number: str) -> bool:
    """Return whether this is a resident number; the check digit is ISO 7064 MOD 11-2."""
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        return False
    try:
        born_on(number)
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], RESIDENT_WEIGHTS, strict=True))
    return number[17] == RESIDENT_CHECKS[total % 11]


def is_organisation_code(number: str) -> bool:
    """Return whether this is a unified social credit code (its check character is MOD 31)."""
    if len(number) != 18 or any(sign not in CODE_SIGNS for sign in number):
        return False
    total = sum(CODE_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(number[:17]))
    return CODE_SIGNS[-total % 31] == number[17]


def born_on(number: str) -> date:
    """Return the date of birth in a resident number.

    :raises ValueError: if it is no date
    """
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def adult_on(number: str) -> date:
    """Return the day the person comes of age (民法典第17条).

    The law is silent on 29 February; we chose 1 March.
    """
    born = born_on(number)
    try:
        return born.replace(year=born.year + FULL_AGE)
    except ValueError:
        return date(born.year + FULL_AGE, 3, 1)


def commitment(identity: Identity, nonce: bytes) -> str:
    """Return SHA-256 over prefix, 32 random bytes and the canonical identity, in hex."""
    return hashlib.sha256(COMMITMENT_PREFIX + nonce + identity.canonical()).hexdigest()
