"""What every test stands on; nothing here touches Django, so the rules' tests run without it."""

from __future__ import annotations

import os

os.environ.setdefault("DEBUG", "1")
