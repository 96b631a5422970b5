"""`python -m tests.verify.batch < records`, in base64, a line each: what `verify_record.py` says of them."""

from __future__ import annotations

import json
import sys
from base64 import b64decode

import verify_record


def main() -> None:
    """Answer line by line."""
    for line in sys.stdin.buffer:
        print(json.dumps(verify_record.check(b64decode(line, validate=False), verify_record.Asked())))


if __name__ == "__main__":
    main()
