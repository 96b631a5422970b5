"""The settings of development without the log of every query that Django keeps with DEBUG."""

from __future__ import annotations

from config.settings import *  # noqa: F403

DEBUG = False
