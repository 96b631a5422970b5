"""What people fill in."""

from __future__ import annotations
