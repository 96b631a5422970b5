"""Judge a history in a file: `python -m tests.faults.checker FILE [--json] [--gates PART] [--key HEX]`.

Exits with 1 on a violation, with 2 if the gates were asked for and the hard cases did not come often enough.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import Allowances, Gates, Summary, check


def main(words: list[str] | None = None) -> int:
    """Judge the file and say what was found."""
    asked = _asked(words)
    allow = Allowances(skew=asked.skew, unfinished=asked.unfinished, public_key=asked.key)
    with Path(asked.file).open(encoding="utf-8") as lines:
        summary = check(lines, allow)
    missed = summary.coverage.missed(Gates().scaled(asked.gates)) if asked.gates else []
    _say(summary, missed, as_json=asked.json)
    if not summary.clean:
        return 1
    return 2 if missed else 0


def _asked(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="checker", description="Judge a history of bidding.")
    parser.add_argument("file")
    parser.add_argument("--json", action="store_true", help="say all as one JSON object")
    parser.add_argument(
        "--gates", type=float, default=0.0, help="hold a run of this part of a whole one to the gates"
    )
    parser.add_argument("--key", default="", help="the receipts' public key, in hex")
    parser.add_argument("--skew", type=int, default=Allowances.skew, help="ms between the clocks")
    parser.add_argument("--unfinished", action="store_true", help="rounds may have no end yet")
    return parser.parse_args(words)


def _say(summary: Summary, missed: list[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({**summary.as_json(), "missed": missed}, ensure_ascii=False))
        return
    for violation in summary.violations:
        print(violation)
    for gate in missed:
        print(f"not covered: {gate}")
    print(summary)


if __name__ == "__main__":
    sys.exit(main())
