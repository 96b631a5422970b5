"""Every file a template asks for is there: a missing one would be a page without style or life."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
ASKED = re.compile(r"""\{% static ["']([^"'{]+)["'] %\}""")


def asked_for() -> list[tuple[str, str]]:
    """Return each template with each static file it names."""
    pages = sorted((ROOT / "templates").rglob("*.html"))
    return [(page.name, name) for page in pages for name in ASKED.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "name"), asked_for())
def test_what_a_template_asks_for_is_there(page: str, name: str) -> None:
    assert finders.find(name), f"{page} asks for {name}; is it written, and `make build` done?"
