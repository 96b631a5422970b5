"""Compile gettext catalogues (.po → .mo) without gettext's tools, in the GNU format Python reads.

The format: https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html (little
endian, no hash table).
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

FIELD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")')
MAGIC = 0x950412DE
HEAD = struct.Struct("<7I")
PLACE = struct.Struct("<2I")


@dataclass
class Entry:
    """One entry of a catalogue; `texts` is keyed by msgctxt, msgid, msgid_plural, msgstr, msgstr[0] …"""

    texts: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    line: int = 0

    @property
    def key(self) -> str:
        """Return what gettext looks the entry up by: context and id."""
        context = f"{self.texts['msgctxt']}\x04" if "msgctxt" in self.texts else ""
        return context + self.texts.get("msgid", "")

    @property
    def source(self) -> str:
        """Return the key as it stands in the compiled file, with the plural behind it."""
        plural = self.texts.get("msgid_plural")
        return self.key if plural is None else f"{self.key}\0{plural}"

    @property
    def translations(self) -> list[str]:
        """Return the translation, or one for each plural form."""
        return [text for name, text in sorted(self.texts.items()) if name.startswith("msgstr")]


def entries(text: str) -> list[Entry]:
    """Return the entries of a catalogue in their order, the header (empty id) first."""
    found: list[Entry] = []
    for number, block in _blocks(text):
        entry = Entry(line=number)
        name = ""
        for line in block:
            name = _take(entry, line, name)
        if "msgid" in entry.texts:
            found.append(entry)
    return found


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """Return runs of lines between empty ones, each with the number of its first line."""
    blocks: list[tuple[int, list[str]]] = []
    current: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            current.append(line.strip())
        elif current:
            blocks.append((number - len(current), current))
            current = []
    return blocks


def _take(entry: Entry, line: str, name: str) -> str:
    """Add a line to the entry and return the field that a following string continues."""
    if line.startswith("#,"):
        entry.flags |= {flag.strip() for flag in line[2:].split(",")}
    elif match := FIELD.fullmatch(line):
        name = match[1]
        entry.texts[name] = ast.literal_eval(match[2])
    elif line.startswith('"') and name:
        entry.texts[name] += ast.literal_eval(line)
    return name


def compiled(catalogue: list[Entry]) -> bytes:
    """Return the compiled form of the entries that are translated and sure."""
    sure = [entry for entry in catalogue if all(entry.translations) and "fuzzy" not in entry.flags]
    pairs = sorted((entry.source.encode(), "\0".join(entry.translations).encode()) for entry in sure)
    ids = HEAD.size
    texts = ids + PLACE.size * len(pairs)
    start = texts + PLACE.size * len(pairs)
    head = HEAD.pack(MAGIC, 0, len(pairs), ids, texts, 0, start)
    return head + _table([pair[0] for pair in pairs], [pair[1] for pair in pairs], start)


def _table(ids: list[bytes], texts: list[bytes], start: int) -> bytes:
    """Return the two tables of (length, offset), then the strings, each ended by NUL."""
    places = b""
    for string in (*ids, *texts):
        places += PLACE.pack(len(string), start)
        start += len(string) + 1
    return places + b"".join(string + b"\0" for string in (*ids, *texts))


def compile_all(folder: Path) -> None:
    """Compile each catalogue whose compiled file is missing or says something else."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        content = compiled(entries(source.read_text(encoding="utf-8")))
        target = source.with_suffix(".mo")
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)


if __name__ == "__main__":
    compile_all(Path(sys.argv[1]))
