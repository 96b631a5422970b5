"""`python -m tests.faults.clerk`: the product's clerk, equipped for the run."""

from __future__ import annotations

import os


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from tests.faults import startup

    startup.shorten()
    startup.equip()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", "clerk"])


if __name__ == "__main__":
    main()
