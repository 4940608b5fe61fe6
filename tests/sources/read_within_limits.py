"""Collect one folder after another, each in a child process with little time and memory; print what was said.

Run with ``python read_within_limits.py SECONDS BYTES FOLDER…``.
"""

import datetime as dt
import json
import os
import resource
import sys
from pathlib import Path

from cdrp_xl import settings
from cdrp_xl.periods import Period
from cdrp_xl.sources import returns
from cdrp_xl.sources.spreadsheets import office_open, open_document  # noqa: F401 - loaded once, before the children are made

SECONDS, MEMORY = int(sys.argv[1]), int(sys.argv[2])


def read(folder: Path) -> dict[str, object]:
    """Return what a collection of the worked example's quarter says."""
    collected = returns.collect(
        settings.read(folder).returns, folder, quarter=Period.parse("2011-12 Q1"), today=dt.date(2011, 7, 29)
    )
    return {
        "states": [each.state.value for each in collected.returns],
        "queries": [str(query) for each in collected.returns if each.filled for query in each.filled.queries],
        "refused": [str(each.refused) for each in collected.returns if each.refused],
        "strays": [str(fault) for fault in collected.strays],
    }


def in_a_child(folder: Path) -> dict[str, object]:
    """Return the same from a child process, or how it ended."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        try:
            said = read(folder)
        except BaseException as fault:  # noqa: BLE001 - whatever it is, the test has to see it
            said = {"fault": repr(fault)}
        os.write(write_end, json.dumps(said).encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read()
    _, status, used = os.wait4(child, 0)
    cost = {"status": status, "seconds": used.ru_utime + used.ru_stime, "bytes": used.ru_maxrss * 1024}
    return (json.loads(said) if said else {}) | cost


print(json.dumps({name: in_a_child(Path(name)) for name in sys.argv[3:]}))  # noqa: T201
