"""Pictures: the only place that opens, turns and writes them; hostile ones are opened in a child process."""

from __future__ import annotations
