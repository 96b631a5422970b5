"""Django's handle on the viewing app."""

from __future__ import annotations

from django.apps import AppConfig


class ViewingConfig(AppConfig):
    """The viewing app."""

    name = "viewing"
    default_auto_field = "django.db.models.BigAutoField"
