"""How fast a worksheet function answers, beside the bare look-up: ratios within one run, and the memory of the counts.

``make bench`` runs it after the rest.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import timeit
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from bench import in_turn, say

from cdrp_xl import functions, offences
from cdrp_xl.periods import Month, Period
from cdrp_xl.sources import stored_counts
from cdrp_xl.tables import Counts, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdrp_xl.functions import Figures

DISTRICTS = 330
YEARS = 15
FIRST = 2010
CLASSIFICATION = offences.load("cadet-2011")
SETTINGS = """
[partnership]
name = "Bench"
area = "District 7"
[sources.recorded_crime]
files = ["none.csv"]
headings = { offence_reference = "a", date_recorded = "b", offence = "c" }
"""
SERVER = "from cdrp_xl import worksheet_functions"
BARE_SERVER = "import xlwings, numpy"
LOADED = """
import subprocess
import sys
from pathlib import Path
from cdrp_xl import functions, settings
from cdrp_xl.sources import stored_counts
def held():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
before = held()
figures = functions.load(Path(sys.argv[1]))
print((held() - before) / 1024)
"""


def main() -> None:
    """Run every comparison and print a line for each."""
    with tempfile.TemporaryDirectory(prefix="cdrp-xl-bench-") as scratch:
        folder = Path(scratch)
        kept(folder)
        calls(functions.load(folder))
        ours, bare = in_turn(SERVER, BARE_SERVER, folder, runs=15)
        say("start of the function server, against importing xlwings and numpy", ours.seconds / bare.seconds, 1.2)
        loaded = subprocess.run([sys.executable, "-c", LOADED, folder], capture_output=True, text=True, check=True)
        cells = DISTRICTS * YEARS * 12 * len(CLASSIFICATION.rows)
        say(f"memory in MiB of {cells:,} counts", float(loaded.stdout), 150)


def calls(figures: Figures) -> None:
    """Compare one count, one year and one column of counts with looking the same keys up in a dictionary."""
    row, area, month, year = "arson", "District 7", "Apr-11", "2011-12"
    months = [str(Month(2011, 4) + i) for i in range(12)]
    bare = {(row, area, name): functions.count(figures, row, area, name) for name in [*months, year]}
    names = [f"District {number % DISTRICTS}" for number in range(10_000)]
    column = [[name] for name in names]
    bare |= {(row, name, month): functions.count(figures, row, name, month) for name in names}
    totals = figures.table.running_totals[row_key(area, row)]
    begins = Month(2011, 4).index - figures.table.first_month.index
    one = ratio(lambda: functions.count(figures, row, area, month), lambda: bare[row, area, month], times=50_000)
    say("one count, against looking the same key up", one, 2)
    summed = ratio(
        lambda: totals[begins + 12] - totals[begins],
        lambda: sum([bare[row, area, name] for name in months]),
        times=20_000,
    )
    say("a year from running totals, against twelve look-ups and their sum", summed, 0.5)
    asked = ratio(
        lambda: functions.count(figures, row, area, year),
        lambda: sum([bare[row, area, name] for name in months]),
        times=20_000,
    )
    say("a year as it is asked for, against the same", asked, 0.5)
    array = ratio(
        lambda: functions.count(figures, row, column, month),
        lambda: [bare[row, name, month] for name in names],
        times=20,
    )
    say("10,000 counts in one call, against a bare loop", array, 3)


def row_key(area: str, row: str) -> tuple[str, str]:
    """Return the key of a row's running totals."""
    return area, row


def ratio(ours: Callable[[], Any], bare: Callable[[], Any], *, times: int) -> float:
    """Return how many times longer one thing takes than another, timed in turn."""
    taken = [(timeit.timeit(ours, number=times), timeit.timeit(bare, number=times)) for _ in range(9)]
    return statistics.median(one for one, _ in taken) / statistics.median(other for _, other in taken)


def kept(folder: Path) -> None:
    """Keep counts of every district, month and row, as a refresh of a whole country would."""
    (folder / "partnership.toml").write_text(SETTINGS, encoding="utf-8")
    months = [Month(FIRST, 4) + i for i in range(YEARS * 12)]
    areas = tuple(f"District {number}" for number in range(DISTRICTS))
    empty = Counts(
        classification=CLASSIFICATION,
        areas=areas,
        covered=dict.fromkeys(areas, frozenset(Period(month, month) for month in months)),
        cells={},
        origin=Origin(source="Bench"),
    )
    stored_counts.save(folder, {"recorded_crime": empty}, quarter=Period(Month(2011, 4), Month(2011, 6)))
    path = stored_counts.place(folder)
    (described,) = duckdb.execute(
        f"SELECT value FROM parquet_kv_metadata('{path}') WHERE key = 'cdrp_xl'"
    ).fetchone() or ("",)
    rows = ", ".join(f"'{json.dumps(row.row_id)}'" for row in CLASSIFICATION.rows)  # as the file has them
    first = months[0].index
    duckdb.execute(
        f"""COPY (SELECT 'recorded_crime' AS source, 'District ' || d AS area, row_id, {first} + m AS first_month,
            {first} + m AS last_month, 1 + hash(d * 1000 + m) % 90 AS offences
            FROM range({DISTRICTS}) t(d), range({len(months)}) u(m), (SELECT unnest([{rows}]) AS row_id))
        TO '{path}' (FORMAT parquet, KV_METADATA {{cdrp_xl: $${described.decode()}$$}})"""
    )


if __name__ == "__main__":
    main()
