"""How published files are named in addresses: nothing else reaches the disk."""

from __future__ import annotations

from viewing.rules.pyramid import FILE_NAME


class Digest:
    """A SHA-256 in hexadecimal."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """Return the digest as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the digest as it stands."""
        return value


class TileName(Digest):
    """The name of a file in a panorama's tree."""

    regex = FILE_NAME.pattern
