"""Run every check that needs no server: format, lint, types, imports, templates, translations, shape, models.

All are run even when one fails. They can be named: `python .ci/check.py types shape`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from tools import ROOT, VENV, Failed, ended, node, say

BIN = VENV / "bin"
Command = list[str]


def steps() -> dict[str, Command]:
    """Return the command of each check."""
    tsc = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    python, manage = str(BIN / "python"), [str(BIN / "python"), "-W", "error", "manage.py"]
    return {
        "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
        "lint": [str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", "."],
        "types": [str(BIN / "mypy")],
        "imports": [str(BIN / "lint-imports")],
        "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
        "translations": [python, ".ci/translations.py"],
        "scripts": [str(node()), str(tsc), "--project", "tsconfig.json"],
        "shape": [python, ".ci/shape.py"],
        "settings": [*manage, "check", "--fail-level", "WARNING"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run", "--verbosity", "1"],
    }


def failed(name: str, command: Command) -> bool:
    """Run a check, show what it found if it fails, and return whether it did."""
    started = time.monotonic()
    environment = {**os.environ, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    word = "failed" if done.returncode else "ok"
    say(f"{name:<13} {word:<7}{time.monotonic() - started:5.1f} s")
    if done.returncode:
        say(done.stdout)
    return bool(done.returncode)


def main() -> int:
    """Run what was asked, or everything."""
    known = steps()
    asked = sys.argv[1:] or list(known)
    if unknown := set(asked) - set(known):
        raise Failed(f"There is no check {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    failures = [name for name in asked if failed(name, known[name])]
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(ended(main))
