"""Django's handle on the auction app."""

from __future__ import annotations

from django.apps import AppConfig


class AuctionConfig(AppConfig):
    """The auction app."""

    name = "auction"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of sessions that end; see that what is configured can be read."""
        from auction import checks, signals  # noqa: F401 (what they register)
