"""Chinese letters for machines that have none: the site's own font package, where it is installed."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[3] / "node_modules" / "@fontsource-variable" / "noto-sans-sc"
KINDS = {".css": "text/css", ".woff2": "font/woff2"}


def font(path: str) -> tuple[bytes, str] | None:
    """Return a file of the font package with its type, or None."""
    wanted = (FOLDER / path).resolve()
    if not wanted.is_relative_to(FOLDER.resolve()) or wanted.suffix not in KINDS or not wanted.is_file():
        return None
    return wanted.read_bytes(), KINDS[wanted.suffix]
