"""How fast many partnerships are counted and published, beside the bare work: ratios within one run.

``make bench`` runs it after the rest. Areas and counts are made up; `--areas` takes fewer.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import datetime as dt
import importlib
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import openpyxl
from bench import in_turn, run, say

from cdrp_xl import geography
from cdrp_xl.workbooks.national import running

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = dt.date(2025, 5, 1)
MONTHS = [f"{year}-{month:02d}" for year in (2022, 2023, 2024) for month in range(1, 13)] + [
    f"2025-{month:02d}" for month in (1, 2, 3)
]
CATEGORIES = (
    *("Anti-social behaviour", "Bicycle theft", "Burglary", "Criminal damage and arson", "Drugs", "Other crime"),
    *("Other theft", "Possession of weapons", "Public order", "Robbery", "Shoplifting", "Theft from the person"),
    *("Vehicle crime", "Violence and sexual offences"),
)
NATIONAL = 'template = "template/"\nareas = "all"\nquarter = "2024-25 Q4"\nout = "packs/"\n'
TEMPLATE = """
[partnership]
name = "Example Community Safety Partnership"
area = "Example"
[report]
date = 2025-05-01
[sources.published]
files = ["counts.csv"]
classification = "police-uk"
is_tally = true
headings = { area = "Area", offence = "Offence", period = "Month", offences = "Offences", force = "Force" }
[[priorities]]
id = "burglary"
title = "Burglary"
objective = "Fewer burglaries than in 2023-24"
deadline = "2026-27"
measure = { rows = ["burglary"] }
baseline = { year = "2023-24" }
"""
COUNTING = """
import sys
from pathlib import Path
from cdrp_xl.sources.warehouse import WarehouseColumns, WarehouseSettings, counting
columns = WarehouseColumns(area="area", offence="offence", date="recorded", force="force")
settings = WarehouseSettings(counts="counts.csv", files=("rows.parquet",), columns=columns)
counting.count(settings, Path(sys.argv[1]))
"""
BARE_COUNTING = """
import sys, duckdb
duckdb.sql(f'''SELECT area, offence, force, EXTRACT(YEAR FROM recorded), EXTRACT(MONTH FROM recorded), COUNT(*)
    FROM '{sys.argv[1]}/rows.parquet' GROUP BY ALL''').fetchall()
"""
BARE_WRITING = """
import io, json, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
import xlsxwriter

def write(file):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False})
    for name, cells in json.loads(file.read_text()).items():
        sheet = book.add_worksheet(name)
        for row, column, value in cells:
            sheet.write(row, column, value)
    book.close()
    file.with_suffix(".xlsx").write_bytes(content.getvalue())

files = sorted(Path(sys.argv[1], "cells").glob("*.json"))
with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
    list(pool.map(write, files))
"""


class Unseen:
    """Progress that nobody looks at."""

    def doing(self, what: str) -> None:
        """Show nothing."""

    def made(self, done: int, of: int, area: str) -> None:
        """Show nothing."""


def main() -> None:
    """Run every comparison and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of Parquet to count")
    parser.add_argument("--areas", type=int, default=300, help="partnerships of the longest run")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cdrp-xl-bench-") as scratch:
        counted(Path(scratch), chosen.rows)
        asked_of_a_server(Path(scratch))
        published(Path(scratch), chosen.areas)


def counted(folder: Path, rows: int) -> None:
    """Compare counting Parquet files with DuckDB's bare scan of them."""
    made_rows(folder / "rows.parquet", rows)
    ours, bare = in_turn(COUNTING, BARE_COUNTING, folder, runs=5)
    say(f"count all areas of {rows:,} rows, against DuckDB's bare typed scan", ours.seconds / bare.seconds, 1.3)


def asked_of_a_server(folder: Path) -> None:
    """Compare counting in PostgreSQL with psql running the same query."""
    tests = importlib.import_module("sources.test_warehouse")
    from cdrp_xl.sources.warehouse import WarehouseColumns, WarehouseSettings, dialects, query, server

    programs = tests._programs()
    if programs is None:
        sys.stdout.write("PostgreSQL is not installed: its line is left out\n")
        return
    columns = WarehouseColumns(area="area", offence="offence", date="recorded", force="force")
    place = Path(tempfile.mkdtemp(prefix="cdrp-xl-bench-pg-"))
    postgresql = tests.PostgreSQL(programs, place)
    try:
        postgresql.do(
            "CREATE TABLE rows AS SELECT 'Area ' || i % 300 AS area, 'F' || i % 43 AS force, "
            "'O' || i / 300 % 90 AS offence, "
            "DATE '2022-01-01' + i / 7 % 1096 AS recorded FROM generate_series(1, 2000000) AS s(i)",
            "ANALYZE rows",
        )
        settings = WarehouseSettings(counts="c.csv", columns=columns, database=postgresql.address, table="rows")
        sql = query.counting(columns, query.table("rows"))
        (folder / "query.sql").write_text(dialects.write(sql, "postgres"), encoding="utf-8")
        command = ["psql", "-q", "-At", "-h", "127.0.0.1", "-p", str(postgresql.port), "-U", "tester", "postgres"]
        times: dict[str, list[float]] = {"ours": [], "psql": []}
        environment = {server.USER: "tester"}
        for _ in range(6):
            begun = time.perf_counter()
            with server.connected(settings, environment=environment) as engine:
                assert engine.copy(sql, folder / "answer.csv")
            times["ours"].append(time.perf_counter() - begun)
            begun = time.perf_counter()
            subprocess.run([*command, "-f", folder / "query.sql", "-o", folder / "answer.txt"], check=True)
            times["psql"].append(time.perf_counter() - begun)
        ours, bare = (statistics.median(each[1:]) for each in times.values())
        say("count 2,000,000 rows in PostgreSQL, against psql running the same query", ours / bare, 1.2)
    finally:
        postgresql.end()
        shutil.rmtree(place, ignore_errors=True)


def published(folder: Path, areas: int) -> None:
    """Compare whole runs with one another, and with bare XlsxWriter; then look at memory."""
    few = max(3, areas // 10)
    most = made_run(folder / "most", areas)
    with most_memory() as memory:
        whole = seconds(most, workers=2)
    again = seconds(most, workers=2)
    write_cells(folder, most / "packs")
    bare = statistics.median(run(BARE_WRITING, folder).seconds for _ in range(3))
    small = [seconds(made_run(folder / f"few{number}", few), workers=2) for number in range(3)]
    alone = seconds(made_run(folder / "alone", few * 2), workers=1)
    both = seconds(made_run(folder / "both", few * 2), workers=2)
    say(f"a run of {areas} partnerships, against bare XlsxWriter writing the same cells", whole / bare, 2.5)
    say("two processes, against one", both / alone, 0.6)
    say("memory of a process that makes packs, in MiB", memory[0], 250)
    ratio = whole / areas / (statistics.median(small) / few)
    say(f"seconds a pack in a run of {areas}, against a run of {few}", ratio, 1.1)
    say("a second run in which nothing changed, against the first", again / whole, 0.05)


def seconds(folder: Path, *, workers: int) -> float:
    """Return how long a run takes."""
    begun = time.perf_counter()
    ran = running.run(folder / "national.toml", today=TODAY, progress=Unseen(), workers=workers)
    taken = time.perf_counter() - begun
    assert not ran.failed, ran.failed[0]
    return taken


def made_rows(file: Path, rows: int) -> None:
    """Write made-up rows of 300 areas in three years."""
    with duckdb.connect() as engine:
        engine.execute(
            f"""COPY (
            SELECT 'Area ' || hash(i) % 300 AS area, 'Force ' || hash(i) % 300 % 43 AS force,
            'Offence ' || (hash(i + 1) % 130) * (hash(i + 3) % 130) // 130 AS offence,
            DATE '2022-01-01' + (hash(i + 2) % 1096)::INTEGER AS recorded FROM range({rows}) AS made(i)
            ) TO '{file}' (FORMAT parquet)"""
        )


def made_run(folder: Path, areas: int) -> Path:
    """Return the folder of a run that was not started yet, of so many areas."""
    draw = random.Random(areas)  # noqa: S311 - made-up counts
    chosen = random.Random(1).sample(geography.areas(), areas)  # noqa: S311 - any areas
    (folder / "template").mkdir(parents=True)
    (folder / "template" / "partnership.toml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "national.toml").write_text(NATIONAL, encoding="utf-8")
    with (folder / "template" / "counts.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Force", "Area", "Month", "Offence", "Offences"])
        for area in chosen:
            usual = {category: draw.randint(5, 400) for category in CATEGORIES}
            for month in MONTHS:
                for category, count in usual.items():
                    writer.writerow(
                        [area.force.police_uk_name, area.name, month, category, int(count * draw.uniform(0.8, 1.2))]
                    )
    return folder


def write_cells(folder: Path, packs: Path) -> None:
    """Write the cells of every pack as JSON, for bare XlsxWriter to read."""
    (folder / "cells").mkdir()
    for copy in packs.glob("*/published/*.xlsx"):
        cells = {
            sheet.title: [
                (cell.row - 1, cell.column - 1, cell.value)
                for row in sheet.iter_rows()
                for cell in row
                if isinstance(cell.value, str | int | float)
            ]
            for sheet in openpyxl.load_workbook(copy)
        }
        (folder / "cells" / f"{copy.stem}.json").write_text(json.dumps(cells), encoding="utf-8")


@contextlib.contextmanager
def most_memory() -> Iterator[list[float]]:
    """Yield the most that any process of ours holds meanwhile, in MiB."""
    most, done = [0.0], threading.Event()

    def look() -> None:
        while not done.wait(0.2):
            for task in Path("/proc/self/task").iterdir():
                with contextlib.suppress(OSError):
                    for child in (task / "children").read_text().split():
                        status = Path("/proc", child, "status").read_text()
                        held = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
                        most[0] = max(most[0], int(held.split()[1]) / 1024)

    watching = threading.Thread(target=look, daemon=True)
    watching.start()
    try:
        yield most
    finally:
        done.set()
        watching.join()


if __name__ == "__main__":
    main()
