"""`python -m tests.faults.web …`: uvicorn with the product equipped for the run, and its own options."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Serve."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from tests.faults import startup

    startup.shorten()
    startup.equip()
    import uvicorn.main

    uvicorn.main.main(["config.asgi:application", *sys.argv[1:]])


if __name__ == "__main__":
    main()
