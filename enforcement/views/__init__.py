"""What is answered to an officer, by topic."""

from __future__ import annotations
