"""What every test of this folder stands on."""

from __future__ import annotations

from tests.support.append_only import _tables_may_be_emptied  # noqa: F401 (a fixture)
