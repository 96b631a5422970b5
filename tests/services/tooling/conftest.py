"""The house's own scripts are no package; its tests import them by their folder."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3] / ".ci"))
