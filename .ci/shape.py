"""Hold the shape budget: small functions, small files, short tests, one style sheet system.

Code lines are lines with code: no blank line, comment or docstring counts.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from tools import ROOT, ended, say

APPS = ("auction", "config", "enforcement", "viewing")
FUNCTION_LINES, FUNCTION_P90 = 40, 16
FILE_LINES, FILE_P90 = 300, 150
ALONE = {"verify_record.py": 1350}  # it is brought to machines that have nothing of ours
TEST_LINES = 16
STYLE_LINES = 900
QUIET = {
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.COMMENT,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(")
SIDE = re.compile(
    r"(?:^|[{;\s])((?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right|top|bottom)\s*:"
    r"|text-align\s*:\s*(?:left|right)\b|float\s*:\s*(?:left|right)\b)"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Measure:
    """How long something is, in lines."""

    place: str
    lines: int


def functions(path: Path) -> Iterator[tuple[Measure, Measure]]:
    """Yield for each function its length whole, and the length of its body alone."""
    text = path.read_text(encoding="utf-8")
    code = _code_lines(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            place = f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}"
            docs = _docstring_lines(node)
            whole = _count(code, node.lineno, node.end_lineno or node.lineno) - docs
            body = _count(code, node.body[0].lineno, node.end_lineno or node.lineno) - docs
            yield Measure(place, whole), Measure(place, body)


def _count(code: set[int], first: int, last: int) -> int:
    return sum(first <= line <= last for line in code)


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(node) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def _code_lines(text: str) -> set[int]:
    """Return the numbers of lines that hold code."""
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in QUIET:
            found.update(range(token.start[0], token.end[0] + 1))
    return found


def app_files() -> list[Path]:
    """Return the modules the budget holds for."""
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return [path for path in paths if "migrations" not in path.parts]


def p90(measures: list[Measure]) -> float:
    """Return what nine in ten stay within."""
    lengths = [measure.lines for measure in measures if measure.lines]
    return quantiles(lengths, n=10)[-1] if len(lengths) > 1 else 0


def over(measures: list[Measure], most: int, what: str) -> Iterator[str]:
    """Yield a line for each that is longer than allowed."""
    for measure in measures:
        if measure.lines > most:
            yield f"{measure.place}: {measure.lines} lines, a {what} has at most {most}"


def code_faults() -> Iterator[str]:
    """Yield what in the apps is too long."""
    files = app_files()
    whole = [pair[0] for path in files for pair in functions(path)]
    lengths = [Measure(path.relative_to(ROOT).as_posix(), _length(path)) for path in files]
    yield from over(whole, FUNCTION_LINES, "function")
    yield from over(lengths, FILE_LINES, "file")
    yield from alone_faults()
    for measures, most, what in ((whole, FUNCTION_P90, "functions"), (lengths, FILE_P90, "files")):
        say(f"{len(measures)} {what}, nine in ten within {p90(measures):.0f} lines (budget {most})")
        if p90(measures) > most:
            yield f"nine in ten {what} must stay within {most} lines, not {p90(measures):.0f}"


def alone_faults() -> Iterator[str]:
    """Yield what is too long in the files that stand alone: their functions are held to the same budget."""
    for name, most in ALONE.items():
        if not (ROOT / name).exists():
            continue
        yield from over([Measure(name, _length(ROOT / name))], most, "file that stands alone")
        yield from over([pair[0] for pair in functions(ROOT / name)], FUNCTION_LINES, "function")


def _length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_faults() -> Iterator[str]:
    """Yield the tests whose body is too long to be read at a glance."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        bodies = [body for _, body in functions(path) if body.place.rpartition(" ")[2].startswith("test_")]
        yield from over(bodies, TEST_LINES, "test's body")


def style_faults() -> Iterator[str]:
    """Yield colours outside the tokens, physical sides, `!important`, and too many lines."""
    files = sorted((ROOT / "static" / "css").rglob("*.css"))
    total = sum(_length(path) for path in files)
    say(f"{total} lines of CSS (budget {STYLE_LINES})")
    if total > STYLE_LINES:
        yield f"the style sheets have {total} lines, at most {STYLE_LINES} are allowed"
    for path in files:
        yield from _rule_faults(path)


def _rule_faults(path: Path) -> Iterator[str]:
    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), path.read_text(encoding="utf-8"))
    rules = [("physical side", SIDE), ("!important", re.compile("!important"))]
    if path.name != "tokens.css":
        rules.append(("colour outside the tokens", COLOUR))
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in rules:
            if pattern.search(line):
                yield f"{path.relative_to(ROOT).as_posix()}:{number}: {what}: {line.strip()}"


def main() -> int:
    """Say every fault; the exit code is not zero if there is one."""
    faults = [*code_faults(), *test_faults(), *style_faults()]
    for fault in faults:
        say(fault)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(ended(main))
