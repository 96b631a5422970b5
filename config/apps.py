"""Django's handle on the composition root: it holds the commands that need all three apps."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The house itself."""

    name = "config"
