"""Django's handle on the enforcement app."""

from __future__ import annotations

from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    """The enforcement app."""

    name = "enforcement"
    default_auto_field = "django.db.models.BigAutoField"
