"""Binary workbooks are made as for the tests of the publication check."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "publication"))
