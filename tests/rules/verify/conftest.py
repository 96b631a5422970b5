"""Asking the verifier in this process: the set of (rule, line) it finds."""

from __future__ import annotations

from typing import Any

import pytest

import verify_record
from tests.support.records import Book


class Verifier:
    """The verifier as a court's expert uses it, but in this process."""

    def told(self, data: bytes | Book, **asked: Any) -> dict[str, Any]:
        raw = data.data() if isinstance(data, Book) else data
        return verify_record.check(raw, verify_record.Asked(**asked))

    def __call__(self, data: bytes | Book, **asked: Any) -> set[str]:
        told = self.told(data, **asked)
        found = {f"{row['rule']} {row['line']}" for row in told["violations"]}
        assert told["ok"] is not bool(found)
        return found


@pytest.fixture(scope="session")
def broken() -> Verifier:
    return Verifier()
