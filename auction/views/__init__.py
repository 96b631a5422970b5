"""What is answered to a request, by topic."""

from __future__ import annotations
