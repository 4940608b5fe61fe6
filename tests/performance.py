"""Run every bench once and write what it measured into docs/performance.md, beside the goals.

``make performance`` runs it; ``python tests/performance.py "bench.py start"`` takes a part alone. On a busy machine the
ratios hold only roughly: run it where nothing else does.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "performance.md"
BENCHES = ("bench.py", "bench_functions.py", "bench_live.py", "bench_national.py")
TABLE = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- end of table -->)", re.DOTALL)

_LINE = re.compile(r" *(?P<figure>[\d.]+)  \(goal: at most (?P<goal>[^)]+)\)(?P<missed>  MISSED)?  (?P<what>.+)")
_WHY = {
    "count an .xlsx extract": "a quarter is fastexcel's reading; a third is looking for hidden rows and for cells far "
    "off, for which the worksheet is unpacked twice more",
    "check the published copy": "about 1 is parsing; the rest is one Python step for each of 12,000 elements, since "
    "each is compared with the schema, and 90 rules over 1,900 cells",
    "check 480,000 cells": "a third is taking cells one by one into the rules' view, a quarter is holding each row "
    "against the schema",
    "check a workbook of": "it is the same work as above, for 6.8 million cells",
    "a run of 300 partnerships": "with a pack's formats and charts XlsxWriter takes five times what its cells alone "
    "take; a pack is also built, checked and recorded: [scaling.md](scaling.md)",
    "cdrp-xl --help": "importing typer is nearly all of it; the rest is what every command needs to print safely",
    "write the published copy": "what is over is the layout's way into XlsxWriter's calls",
    "the same copy, against openpyxl": "XlsxWriter alone takes about half of what openpyxl takes",
    "fill the saved master with the same": "two fifths are finding each text and table, and comparing their headings "
    "and rows before a cell is changed; as much is reading them to write only what differs; rewriting reads nothing",
    "fill the saved master with a quarter": "a third is finding and comparing; half is writing cells, giving tables "
    "other sizes, and moving what points to the cells below",
    "look for 1,000,000 values": "each value is trimmed, and both its ends are put into small letters and looked up in "
    "DuckDB; reading does none of this",
    "memory in MiB of": "20 are the counts, 30 DuckDB itself, the rest what it has not given back after reading them",
    "one count": "a call has three arguments to tell apart; what they named last time is looked up by all three",
    "refresh the open master": "four fifths are calls of LibreOffice, where bare UNO takes one for each text and "
    "table: what is there is read first, so that a refresh that fails can be undone, and rows, charts and pivot "
    "tables follow",
    "the same, without reading": "as above",
    "refresh a 50,000-row extract": "a quarter is imports, a third counting, the rest the report, the master and what "
    "is kept of its counts",
}
"""What the profile shows where a goal is missed, by the beginning of the measure."""


class Measure(NamedTuple):
    """One line of a bench."""

    what: str
    goal: str
    figure: str
    is_missed: bool


def main() -> None:
    """Run the benches that are named, all if none is, and write their table."""
    measures = [each for bench in sys.argv[1:] or BENCHES for each in _run(bench)]
    text = PAGE.read_text(encoding="utf-8")
    said = f"Python {platform.python_version()}, {os.cpu_count()} cores.\n\n"
    PAGE.write_text(TABLE.sub(lambda _: f"\n{said}{table(measures)}\n", text), encoding="utf-8")
    sys.exit(not measures)


def _run(bench: str) -> list[Measure]:
    """Return what a bench prints, which is shown as it comes."""
    measures, (name, *only) = [], bench.split()
    with subprocess.Popen([sys.executable, TESTS / name, *only], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            if found := _LINE.fullmatch(line.rstrip("\n")):
                measures.append(Measure(found["what"], found["goal"], found["figure"], bool(found["missed"])))
    if process.returncode:
        sys.exit(f"{bench} ended with {process.returncode}; {PAGE.name} is as it was.")
    return measures


def table(measures: list[Measure]) -> str:
    """Return the measures as a table in Markdown, with a word on each goal that is missed."""
    rows = [f"| {each.what} | {each.goal} | {each.figure} | {_remark(each)} |" for each in measures]
    return "\n".join(["| measured | goal, at most | figure | where missed |", "|---|---:|---:|---|", *rows])


def _remark(measure: Measure) -> str:
    if not measure.is_missed:
        return ""
    return next((why for what, why in _WHY.items() if measure.what.startswith(what)), "missed; not looked into yet")


if __name__ == "__main__":
    main()
