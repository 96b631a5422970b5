"""What officers fill in."""

from __future__ import annotations
