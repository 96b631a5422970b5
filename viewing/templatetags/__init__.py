"""Template tags of the viewing."""

from __future__ import annotations
