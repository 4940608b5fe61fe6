"""What a check costs: bounded time and memory, on workbooks that are large and on those that are hostile."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from corpus_document import document
from corpus_good import with_openpyxl, with_xlsxwriter
from corpus_hostile import HOSTILE, large
from corpus_packages import packed, unpacked
from hypothesis import given, settings
from hypothesis import strategies as st

from cdrp_xl.publication import inspect

pytestmark = pytest.mark.whole

SECONDS, MEBIBYTES = 60, 500
LIMITED = f"""
import atexit, resource, runpy, sys
from pathlib import Path
peak = Path(sys.argv[1]).with_suffix(".status")
atexit.register(lambda: peak.write_text(Path("/proc/self/status").read_text()))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
sys.argv = ["cdrp-xl", "check", sys.argv[1], "--json"]
runpy.run_module("cdrp_xl", run_name="__main__")
"""


def checked(path):
    """Return the code that a check ended with, its CPU seconds and its MiB, in a process of its own."""
    with path.with_suffix(".printed").open("wb") as shown:
        process = subprocess.Popen([sys.executable, "-c", LIMITED, str(path)], stdout=shown, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert b"Traceback" not in path.with_suffix(".printed").read_bytes(), path.with_suffix(".printed").read_text()[
        -2_000:
    ]
    # Not ru_maxrss: a process inherits it from the one that starts it.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", path.with_suffix(".status").read_text())
    return process.returncode, usage.ru_utime + usage.ru_stime, int(peak) / 1024


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_workbook_costs_no_more_than_the_bounds_and_is_reported(tmp_path, make):
    path = tmp_path / "hostile.xlsx"
    path.write_bytes(make())
    code, seconds, mebibytes = checked(path)
    assert code in {0, 1}
    assert seconds < SECONDS
    assert mebibytes < MEBIBYTES


def test_a_large_workbook_costs_in_proportion_to_its_size(tmp_path):
    path = tmp_path / "large.xlsx"
    path.write_bytes(large(rows=60_000))
    share = path.stat().st_size / 100_000_000
    code, seconds, mebibytes = checked(path)
    assert code == 0
    assert seconds < 1 + SECONDS * share
    assert mebibytes < MEBIBYTES


GOOD = [unpacked(with_xlsxwriter()), unpacked(with_openpyxl(chart=True, styled=True)), unpacked(document())]
WORDS = st.sampled_from([b"", b"x", b"-1", b"99999999999", b"1e9", b"A1:", b"!", b"'", b"\0", b"<", b">", b"/", b'"'])


@settings(max_examples=settings.default.max_examples * 2)
@given(st.data())
def test_whatever_is_changed_in_a_workbook_the_gate_answers(data):
    parts = dict(GOOD[data.draw(st.integers(0, len(GOOD) - 1))])
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(sorted(parts)))
        at = data.draw(st.integers(0, len(parts[name])))
        length = data.draw(st.sampled_from([0, 1, 3, 30]))
        parts[name] = parts[name][:at] + data.draw(WORDS) + parts[name][at + length :]
    assert isinstance(inspect(packed(parts), "made.xlsx"), tuple)


@settings(max_examples=settings.default.max_examples * 2)
@given(st.data())
def test_whatever_is_changed_in_the_bytes_of_a_file_the_gate_answers(data):
    content = packed(GOOD[data.draw(st.integers(0, len(GOOD) - 1))])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        content = content[:at] + data.draw(st.binary(max_size=4)) + content[at + data.draw(st.integers(0, 4)) :]
    assert isinstance(inspect(content, "made.xlsx"), tuple)
