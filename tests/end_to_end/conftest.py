"""What the end-to-end tests share: modules of their own, beside them, and those of all tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
