"""Check that the Chinese catalogue says everything the source says, and nothing else; or fill it.

`translations.py` checks: no message missing, none left over, none empty or fuzzy, the same placeholders.
`translations.py --fill FILE…` writes the catalogue anew from the source, what it held, and the given files.
Messages are found by Django's own template reader and by the syntax tree, so gettext's tools are not needed.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from compile_messages import Entry, compile_all, entries
from django.utils.translation.template import templatize
from tools import ROOT, ended, say

CATALOGUE = ROOT / "config" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
APPS = ("auction", "config", "enforcement", "viewing")
FIELDS = {
    "gettext": ("msgid",),
    "ngettext": ("msgid", "msgid_plural"),
    "pgettext": ("msgctxt", "msgid"),
    "npgettext": ("msgctxt", "msgid", "msgid_plural"),
}
STRING = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"(?<![\w.])(n?p?gettext|_)\({STRING}(?:, {STRING})?(?:, {STRING})?")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def in_source() -> dict[str, Entry]:
    """Return every message of templates and code by its key, with the first place it stands."""
    found: dict[str, Entry] = {}
    for path in sorted(_sources()):
        text = path.read_text(encoding="utf-8")
        messages = in_template(text) if path.suffix in {".html", ".txt"} else in_code(text)
        for texts in messages:
            entry = Entry(texts, {path.relative_to(ROOT).as_posix()})
            kept = found.setdefault(entry.key, entry)
            kept.texts.update(texts)
    return found


def _sources() -> Iterator[Path]:
    yield from (ROOT / "templates").rglob("*.html")
    yield from (ROOT / "templates").rglob("*.txt")
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def in_template(text: str) -> Iterator[dict[str, str]]:
    """Yield the messages of a template, as Django's own `makemessages` reads them."""
    for match in CALL.finditer(templatize(text)):
        given = [ast.literal_eval(part) for part in match.groups()[1:] if part]
        yield dict(zip(_fields(match[1]), given, strict=False))


def in_code(text: str) -> Iterator[dict[str, str]]:
    """Yield the messages of a module: calls of gettext's functions with literal strings."""
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call):
            given = [part.value for part in call.args if isinstance(part, ast.Constant)]
            fields = _fields(_name(call.func))
            if fields and len(given) >= len(fields) and all(isinstance(part, str) for part in given):
                yield dict(zip(fields, [str(part) for part in given], strict=False))


def _fields(function: str) -> tuple[str, ...]:
    plain = function.removesuffix("_lazy").removesuffix("_noop")
    return FIELDS.get("gettext" if plain == "_" else plain, ())


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def catalogue(path: Path) -> dict[str, Entry]:
    """Return a catalogue's entries by key, without the header."""
    found = entries(path.read_text(encoding="utf-8")) if path.exists() else []
    return {entry.key: entry for entry in found if entry.texts["msgid"]}


def faults(source: dict[str, Entry], said: dict[str, Entry]) -> Iterator[str]:
    """Yield what is wrong with the catalogue, a line each."""
    for key in source.keys() - said.keys():
        yield f"{', '.join(source[key].flags)}: not translated: {_shown(key)}"
    for key in said.keys() - source.keys():
        yield f"django.po:{said[key].line}: nowhere in the source: {_shown(key)}"
    for key in source.keys() & said.keys():
        yield from (f"django.po:{said[key].line}: {fault}: {_shown(key)}" for fault in _faults_of(said[key]))


def _faults_of(entry: Entry) -> Iterator[str]:
    if not entry.translations or not all(entry.translations):
        yield "empty"
    if "fuzzy" in entry.flags:
        yield "fuzzy"
    ids = (
        _placeholders(entry.texts["msgid"]),
        _placeholders(entry.texts.get("msgid_plural", entry.texts["msgid"])),
    )
    if all(entry.translations) and any(_placeholders(text) not in ids for text in entry.translations):
        yield "other placeholders"


def _placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


def _shown(key: str) -> str:
    return repr(key.replace("\x04", " | "))


def fill(files: list[Path]) -> None:
    """Write the catalogue anew; a translation of the given files goes before one it held."""
    source, known = in_source(), catalogue(CATALOGUE)
    for file in files:
        known |= {key: entry for key, entry in catalogue(file).items() if all(entry.translations)}
    blocks = [HEADER, *(_written(source[key], known.get(key)) for key in sorted(source))]
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text("\n".join(blocks), encoding="utf-8")
    compile_all(CATALOGUE.parent.parent.parent)


def _written(source: Entry, known: Entry | None) -> str:
    """Return an entry as a catalogue writes it; Chinese has one plural form."""
    said = known.translations[0] if known and known.translations else ""
    last = "msgstr[0]" if "msgid_plural" in source.texts else "msgstr"
    fields = [name for name in ("msgctxt", "msgid", "msgid_plural") if name in source.texts]
    lines = [f"{name} {_quoted(source.texts[name])}" for name in fields]
    return "\n".join((*lines, f"{last} {_quoted(said)}", ""))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def main() -> int:
    """Fill the catalogue if asked, then check it."""
    if sys.argv[1:2] == ["--fill"]:
        fill([Path(name) for name in sys.argv[2:]])
    wrong = sorted(faults(in_source(), catalogue(CATALOGUE)))
    say("\n".join(wrong[:60]))
    say(f"{len(wrong)} faults in the translations." if wrong else "The Chinese catalogue is complete.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(ended(main))
