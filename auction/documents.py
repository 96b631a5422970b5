"""Documents as courts set them: one set of facts, an HTML twin for the screen and a PDF for the file.

The wording lives in `templates/documents/<name>.html`, which pages include, and `<name>.typ`; both read the
same facts, plain JSON with `title`, `court` and `dated` (ISO date). The same facts give the same PDF, byte
for byte: the fonts are Noto Serif SC from npm and no others, and the only date inside is `dated`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import segno
import typst
from django.conf import settings

Fact = str | int | None | list["Fact"] | dict[str, "Fact"]
Facts = Mapping[str, Fact]

TEMPLATES: Final = Path(settings.BASE_DIR) / "templates" / "documents"
FONTS: Final = Path(settings.BASE_DIR) / "node_modules" / "@expo-google-fonts" / "noto-serif-sc"
WEIGHTS: Final = ("400Regular", "700Bold")
STANDARD: Final = "a-2a"  # archivable and tagged, for screen readers too
COURT_ZONE: Final = ZoneInfo("Asia/Shanghai")
WIDE: Final = str.maketrans("()", "（）")
NUMERALS: Final = "〇一二三四五六七八九"


class FontsMissing(RuntimeError):
    """The document fonts are not installed: run `npm ci` once."""


def pdf(name: str, facts: Facts) -> bytes:
    """Return the document as PDF/A-2a.

    :raises FontsMissing: if the fonts are not installed
    """
    set_pdf: bytes = typst.compile(
        str(TEMPLATES / f"{name}.typ"),
        root=str(TEMPLATES),
        font_paths=fonts(),
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False), "qr": qr(str(facts.get("url") or ""))},
        pdf_standards=[STANDARD],
        timestamp=datetime.combine(date.fromisoformat(str(facts["dated"])), time(), UTC),
    )
    return set_pdf


def digest(content: bytes) -> str:
    """Return a document's SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def qr(text: str) -> str:
    """Return a QR code of the text as SVG, or nothing for no text."""
    return segno.make(text, error="m", micro=False).svg_inline(border=0) if text else ""


def qr_image(text: str) -> str:
    """Return the same for a page, as the address of a picture, with the margin that readers need."""
    made: str = segno.make(text, error="m", micro=False).svg_data_uri(border=4, light="#fff", scale=4)
    return made


@cache
def fonts() -> typst.Fonts:
    """Return the two weights documents are set in, read once a process; system fonts are left out."""
    paths = [FONTS / weight for weight in WEIGHTS]
    if not all(path.is_dir() for path in paths):
        raise FontsMissing(FontsMissing.__doc__)
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(path) for path in paths]
    )


def number_in_words(number: str) -> str:
    """Return a case or document number with the wide brackets courts print: （2026）京0105执1234号."""
    return number.translate(WIDE)


def instant_in_words(at: datetime) -> str:
    """Return an instant to the second in the court's zone: 2026年5月26日10时05分00秒."""
    local = at.astimezone(COURT_ZONE)
    return f"{local.year}年{local.month}月{local.day}日{local:%H}时{local:%M}分{local:%S}秒"


def day_in_words(day: date) -> str:
    """Return a date as courts sign it: 二〇二六年五月二十六日."""
    year = "".join(NUMERALS[int(digit)] for digit in f"{day.year:04}")
    return f"{year}年{_below_a_hundred(day.month)}月{_below_a_hundred(day.day)}日"


def _below_a_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return ten + (NUMERALS[ones] if ones else "")


def day_of(at: datetime) -> date:
    """Return the court's date of an instant."""
    return at.astimezone(COURT_ZONE).date()
