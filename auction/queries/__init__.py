"""What pages ask; nothing here writes."""

from __future__ import annotations
