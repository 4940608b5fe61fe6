"""Refreshes that are killed at any moment: the saved master is the former or the new one, never anything between.

``make kill`` kills 200 of them; a few are killed with the other tests. The moments come from a fixed seed.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys

import pytest

KILLS = int(os.environ.get("CDRP_XL_KILLS", "12"))

# A child of a process that has imported everything begins at once, so that the moments fall into the work itself.
FORKER = """
import datetime as dt, importlib, json, os, signal, sys, time
from pathlib import Path
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import refreshing
for name in ("duckdb", "fastexcel", "cdrp_xl.sources.recorded_crime", "cdrp_xl.sources.cadet"):
    importlib.import_module(name)
for line in sys.stdin:
    folder, quarter, seconds = json.loads(line)
    begun = time.perf_counter()
    child = os.fork()
    if child == 0:
        done = 1
        try:
            refreshing.refresh(Path(folder), quarter=Period.parse(quarter), today=dt.date(2011, 7, 29), progress=str)
            done = 0
        finally:
            os._exit(done)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print(json.dumps([os.waitstatus_to_exitcode(status), time.perf_counter() - begun]), flush=True)
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork to start refreshes quickly")


@pytest.fixture
def run():
    """Return a function that refreshes a folder in a process of its own, and kills that after some seconds if asked."""
    process = subprocess.Popen([sys.executable, "-c", FORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def one(folder, quarter, seconds=None):
        process.stdin.write(json.dumps([str(folder), quarter, seconds]) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield one
    process.stdin.close()
    assert process.wait(timeout=300) == 0
    process.stdout.close()


def begin_again(folder, master, counts):
    """Put a folder back as it was: what Checks say about a refresh depends on the record of those before it."""
    (folder / "master.xlsm").write_bytes(master)
    shutil.rmtree(folder / "counts")
    shutil.copytree(counts, folder / "counts")


def test_a_killed_refresh_leaves_the_former_master_or_the_new_one_and_the_next_goes_on(run, example, tmp_path):
    master = example / "master.xlsm"
    former, wanted, taken = master.read_bytes(), {}, []
    counts = shutil.copytree(example / "counts", tmp_path / "counts")
    for quarter in ("2010-11 Q4", "2010-11 Q3"):
        folder = shutil.copytree(example, tmp_path / quarter)
        code, seconds = run(folder, quarter)
        assert code == 0
        wanted[quarter] = (folder / "master.xlsm").read_bytes()
        taken.append(seconds)
    chance = random.Random(20110729)  # noqa: S311 - moments to kill at, nothing secret
    killed = replaced = 0
    for _ in range(KILLS):
        quarter = chance.choice(sorted(wanted))
        code, seconds = run(example, quarter, chance.uniform(0, 1.1 * min(taken)))
        killed += code != 0
        if code == 0:  # the machine was busier when the time was taken
            taken.append(seconds)
        content = master.read_bytes()
        assert hashlib.sha256(content).digest() in {hashlib.sha256(each).digest() for each in (former, wanted[quarter])}
        if content != former:
            replaced += 1
        begin_again(example, former, counts)
    assert killed >= KILLS // 2
    sys.stdout.write(f"{KILLS} refreshes, {killed} killed, {replaced} with the new master in place\n")
    run(example, "2010-11 Q3", min(taken) / 2)
    assert run(example, "2010-11 Q4")[0] == 0  # whatever that one left
    begin_again(example, former, counts)
    assert run(example, "2010-11 Q4")[0] == 0
    assert master.read_bytes() == wanted["2010-11 Q4"]
    assert not [path.name for path in example.iterdir() if path.name.startswith((".master-", "master ("))]
