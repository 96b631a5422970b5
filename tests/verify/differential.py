"""`python -m tests.verify.differential --records 100000`: do both checkers say the same of broken records?

Each record is given to `verify_record.py` and `static/js/verify/cli.js`, which were written apart from each
other from docs/record-format.md. They agree if they find one set of (rule, line) and tell one summary.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from tests.verify import mutations

ROOT: Final = Path(__file__).resolve().parent.parent.parent
AT_ONCE: Final = 2_000
SHOWN: Final = 5


def main() -> int:
    """Compare as many as told, and say what was found."""
    told = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    told.add_argument("--records", type=int, default=100_000)
    told.add_argument("--seed", type=int, default=0)
    given = told.parse_args()
    rules: Counter[str] = Counter()
    apart: list[str] = []
    for seeds in _chunks(given.seed, given.records):
        for seed, ours, theirs in compared(seeds):
            rules.update({rule for rule, _ in ours[0]})
            if ours != theirs:
                apart.append(f"seed {seed}: Python {_told(ours, theirs)}; JavaScript {_told(theirs, ours)}")
    print(json.dumps({"records": given.records, "apart": len(apart), "rules": dict(sorted(rules.items()))}))
    print("\n".join(apart[:SHOWN]))
    return int(bool(apart))


Said = tuple[frozenset[tuple[str, int]], str]


def compared(seeds: Sequence[int]) -> Iterator[tuple[int, Said, Said]]:
    """Yield of each record what either checker says: its violations, and its summary."""
    asked = b"".join(b64encode(mutations.record(seed)) + b"\n" for seed in seeds)
    commands = (
        [sys.executable, "-m", "tests.verify.batch"],
        [node(), "static/js/verify/cli.js", "--batch"],
    )
    with ThreadPoolExecutor(2) as pool:
        ours, theirs = pool.map(lambda command: _ask(command, asked), commands)
    for seed, one, other in zip(seeds, ours, theirs, strict=True):
        yield seed, said(one), said(other)


def said(answer: dict[str, Any]) -> Said:
    """Return what is compared of an answer; where a thousand are listed, no more can be."""
    found = frozenset((each["rule"], each["line"]) for each in answer["violations"])
    return found, json.dumps(answer["summary"], sort_keys=True)


def node() -> str:
    """Return the program that runs JavaScript: the machine's, or the one that came with the packages."""
    sys.path.insert(0, str(ROOT / ".ci"))
    import tools

    return str(tools.node())


def _ask(command: list[str], asked: bytes) -> list[dict[str, Any]]:
    done = subprocess.run(command, cwd=ROOT, input=asked, capture_output=True, check=False, timeout=600)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode not in {0, 1} or len(answers) != asked.count(b"\n"):
        raise RuntimeError(f"{command[1]} answered {len(answers)}: {done.stderr.decode()[-2000:]}")
    return answers


def _chunks(first: int, count: int) -> Iterator[range]:
    for start in range(first, first + count, AT_ONCE):
        yield range(start, min(start + AT_ONCE, first + count))


def _told(one: Said, other: Said) -> str:
    return f"{sorted(one[0] - other[0])}" + (f" {one[1]}" if one[1] != other[1] else "")


if __name__ == "__main__":
    sys.exit(main())
