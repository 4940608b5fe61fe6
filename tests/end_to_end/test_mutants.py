"""Files that were damaged by chance: a fixed few of every kind that is read; ``tests/mutants.py`` makes any number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MUTANTS = Path(__file__).parents[1] / "mutants.py"
KINDS = 29


@pytest.mark.skipif(sys.platform == "win32", reason="a process of Windows can't be limited in time and memory")
def test_a_damaged_file_of_any_kind_is_read_or_told_in_three_lines_in_time_and_memory(tmp_path):
    run = subprocess.run(
        [sys.executable, str(MUTANTS), "2011-12 Q1", "4"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("4 damaged") == KINDS
