"""The settings of development without the log of every query that Django keeps with DEBUG: as fast as it runs."""

from __future__ import annotations

from config.settings import *  # noqa: F403

DEBUG = False
