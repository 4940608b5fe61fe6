"""Files that were damaged by chance: the same 2,000 each time; ``make fuzz`` tries any number of others."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).parents[1] / "fuzz.py"
KINDS, COUNT = 29, 2_000


@pytest.mark.whole
@pytest.mark.skipif(sys.platform == "win32", reason="a process of Windows can't be limited in time and memory")
def test_a_damaged_file_of_any_kind_is_read_rightly_or_reported_in_three_lines_in_time_and_memory(tmp_path):
    command = [sys.executable, str(FUZZ), "2011-12 Q1", str(COUNT), "3600"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    kinds = re.findall(r"^.+: (\d+) damaged, (\d+) right, \d+ read, \d+ fault, 0 bad$", run.stdout, re.MULTILINE)
    assert len(kinds) == KINDS
    assert sum(int(damaged) for damaged, _ in kinds) == COUNT
    assert sum(int(right) for _, right in kinds) > COUNT / 10
