"""The viewing's pages."""

from __future__ import annotations
