"""Write requirements*.txt and package-lock.json anew, with hashes and without any registry's address.

The Python files hold for every system and every Python from 3.11 on; uv, in a throw-away venv, resolves them.
"""

from __future__ import annotations

import os
import ssl
import sys
import tempfile
import venv
from pathlib import Path

from tools import ended, npm, run

UNIVERSAL = (
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
)


def main() -> None:
    """Lock both languages' packages."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder) / "bin"
        run(programs / "python", "-m", "pip", "install", "--quiet", "uv")
        for name in ("requirements", "requirements-dev"):
            compile_one(programs / "uv", name)
    run(*npm(), "install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved")


def compile_one(uv: Path, name: str) -> None:
    """Write NAME.txt from NAME.in; the machine's own configuration has no say."""
    told = {"UV_NO_CONFIG": "1"}
    if trusted := os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile:
        told["SSL_CERT_FILE"] = trusted
    run(uv, "pip", "compile", "--quiet", *UNIVERSAL, f"{name}.in", "--output-file", f"{name}.txt", env=told)


if __name__ == "__main__":
    sys.exit(ended(main))
