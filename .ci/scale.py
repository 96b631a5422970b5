"""Fill docs/scale.md from what the benches measured: `python .ci/scale.py [FILE…]`.

The files hold the benches' JSON lines (`make bench NAME=all > FILE`). The figures they have are put into
docs/measured.jsonl, from which the page is computed; what they lack stays as it was there. Each row shows its
formula and the numbers in it, so the arithmetic can be done again by hand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from tools import ROOT, Failed, ended, say

PAGE = ROOT / "docs" / "scale.md"
KEPT = ROOT / "docs" / "measured.jsonl"
BEGIN, END = "<!-- figures: written by .ci/scale.py -->", "<!-- end of figures -->"
Numbers = Mapping[str, float]
Line = dict[str, object]


@dataclass(frozen=True)
class Figure:
    """A measured number: how it is named in formulas, and which bench line says it."""

    name: str
    unit: str
    means: str
    line: Mapping[str, object]


FIGURES = (
    Figure(
        "kb",
        "kB",
        "memory of an anonymous watcher's connection, of 1,000",
        {"bench": "fanout", "metric": "kb_per_connection", "path": "watchers", "n": 1_000},
    ),
    Figure(
        "us",
        "µs",
        "processor time of one frame to one watcher of 1,000 (s per million)",
        {"bench": "fanout", "metric": "cpu_s_per_million", "path": "watchers", "n": 1_000},
    ),
    Figure(
        "connects",
        "/s",
        "watchers that connect a second to one web process",
        {"bench": "storm", "metric": "connects_per_s", "who": "watchers"},
    ),
    Figure(
        "bids",
        "/s",
        "bids decided a second over 1,000 rounds, one web process and one PostgreSQL",
        {"bench": "bids", "metric": "decisions_per_s", "rounds": 1_000, "database": "postgresql"},
    ),
    Figure(
        "closed",
        "s",
        "5,000 rounds that end together are all closed after",
        {"bench": "closing", "metric": "all_closed_s", "rounds": 5_000},
    ),
)
ASSUMED: dict[str, tuple[float, str, str]] = {
    "watchers": (1_000_000, "", "people who watch at once"),
    "rounds": (10_000, "", "rounds that end at the same second"),
    "rate": (2, "/s", "frames a second in a hot closing, as people bid; all watch such a round"),
    "leaps": (20, "/s", "frames a second at most: bids in quick succession are told as one leap each 50 ms"),
    "last": (2, "/s", "bids a second on each of these rounds in its last minute"),
    "bytes": (
        430,
        "B",
        "a frame on the wire: 330 of JSON, 4 of WebSocket, 29 of TLS, 67 of TCP, IP and Ethernet",
    ),
    "proxy": (20, "kB", "memory nginx needs for a connection with TLS and its way to the web process"),
    "front": (10, "µs", "processor time nginx needs to pass a frame on and encrypt it"),
    "use": (0.6, "", "how full a core or a network card may be"),
    "card": (10, "Gbit/s", "a network card"),
    "back": (60, "s", "within which everyone is to be back after all connections were lost"),
    "end": (10, "s", "within which all rounds are to be closed"),
    "sockets": (25_000, "", "connections of one web process at most: one nginx has 28,000 ports to each"),
}


@dataclass(frozen=True)
class Row:
    """One line of the result: what is needed, by which formula."""

    name: str
    needs: str
    formula: str
    unit: str
    of: Callable[[Numbers], float]


ROWS = (
    Row("frames", "frames a second", "watchers · rate", "/s", lambda n: n["watchers"] * n["rate"]),
    Row(
        "cores",
        "cores for web processes, at that rate",
        "frames · us / 10⁶ / use",
        "",
        lambda n: ceil(n["frames"] * n["us"] / 1e6 / n["use"]),
    ),
    Row(
        "most",
        "cores for web processes, all on one round at its highest rate",
        "watchers · leaps · us / 10⁶ / use",
        "",
        lambda n: ceil(n["watchers"] * n["leaps"] * n["us"] / 1e6 / n["use"]),
    ),
    Row(
        "processes",
        "web processes (a core each)",
        "the greater of cores and watchers / sockets",
        "",
        lambda n: max(n["cores"], ceil(n["watchers"] / n["sockets"])),
    ),
    Row(
        "memory",
        "memory of all web processes' connections",
        "watchers · kb / 10⁶",
        "GB",
        lambda n: n["watchers"] * n["kb"] / 1e6,
    ),
    Row(
        "nginx", "memory of nginx", "watchers · proxy / 10⁶", "GB", lambda n: n["watchers"] * n["proxy"] / 1e6
    ),
    Row(
        "fronts",
        "cores for nginx, at that rate",
        "frames · front / 10⁶ / use",
        "",
        lambda n: ceil(n["frames"] * n["front"] / 1e6 / n["use"]),
    ),
    Row(
        "cards",
        "network cards, at that rate",
        "frames · bytes · 8 / 10⁹ / card / use",
        "",
        lambda n: ceil(n["frames"] * n["bytes"] * 8 / 1e9 / n["card"] / n["use"]),
    ),
    Row(
        "storm",
        "web processes for everyone to be back",
        "watchers / back / connects / use",
        "",
        lambda n: ceil(n["watchers"] / n["back"] / n["connects"] / n["use"]),
    ),
    Row(
        "decisions",
        "bids a second in the last minute",
        "rounds · last",
        "/s",
        lambda n: n["rounds"] * n["last"],
    ),
    Row(
        "deciding",
        "PostgreSQL servers for these bids",
        "decisions / bids / use",
        "",
        lambda n: ceil(n["decisions"] / n["bids"] / n["use"]),
    ),
    Row(
        "closing",
        "PostgreSQL servers (two clerks each) for the closings",
        "rounds · closed / 5,000 / end",
        "",
        lambda n: ceil(n["rounds"] * n["closed"] / 5_000 / n["end"]),
    ),
)


def main() -> int:
    """Compute and write the page."""
    files = [KEPT, *(Path(name) for name in sys.argv[1:])]
    lines = [
        json.loads(text) for file in files for text in file.read_text(encoding="utf-8").splitlines() if text
    ]
    used = [find(figure, lines) for figure in FIGURES]
    KEPT.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in used), encoding="utf-8")
    write("\n".join(table(used)))
    return 0


def write(body: str) -> None:
    """Put the tables into the page.

    :raises Failed: if the page has no place for them
    """
    before, found, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise Failed(f"{PAGE.name} does not say where its figures go.")
    PAGE.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}", encoding="utf-8")
    say(f"{PAGE.relative_to(ROOT)} is written.")


def table(used: list[Line]) -> Iterator[str]:
    """Yield the page's tables: what was measured, what is assumed, what follows."""
    measured = {figure.name: float(str(line["value"])) for figure, line in zip(FIGURES, used, strict=True)}
    yield from ("| measured | is | unit | means | by |", "|---|--:|---|---|---|")
    for figure, line in zip(FIGURES, used, strict=True):
        by = line.get("source", f"`make bench NAME={line['bench']}`")
        yield f"| `{figure.name}` | {shown(measured[figure.name])} | {figure.unit} | {figure.means} | {by} |"
    yield from ("", "| assumed | is | unit | means |", "|---|--:|---|---|")
    for name, (value, unit, means) in ASSUMED.items():
        yield f"| `{name}` | {shown(value)} | {unit} | {means} |"
    yield from ("", "| needed | by | with | is |", "|---|---|---|--:|")
    yield from results(measured)


def find(figure: Figure, lines: list[Line]) -> Line:
    """Return the last line that says a figure.

    :raises Failed: if none does
    """
    fitting = [line for line in lines if figure.line.items() <= line.items()]
    if not fitting:
        raise Failed(f"No line measures {figure.name}: {json.dumps(figure.line)}.")
    return fitting[-1]


def results(measured: dict[str, float]) -> Iterator[str]:
    """Yield a line for each thing that is needed, each computed from what stands before it."""
    numbers = {name: value for name, (value, _, _) in ASSUMED.items()} | measured
    for row in ROWS:
        value = row.of(numbers)
        used = {name: numbers[name] for name in numbers if name in row.formula.replace("/", " ").split()}
        numbers[row.name] = value
        given = ", ".join(f"{name} {shown(number)}" for name, number in used.items())
        yield f"| `{row.name}`: {row.needs} | {row.formula} | {given} | **{shown(value)}** {row.unit} |"


def shown(value: float) -> str:
    """Return a number as it is read: thousands parted, no more than three digits after the point."""
    return f"{value:,.0f}" if value == int(value) or value >= 1000 else f"{value:,.3g}"


if __name__ == "__main__":
    sys.exit(ended(main))
