"""Every page of the site, for tests that look at all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def paths(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """Yield the address of every page that needs no more than numbers, each number being 1."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from paths(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            path = "/" + re.sub(r"<int:\w+>", "1", route)
            if "<" not in path and not path.startswith("/accounts/"):
                yield path
