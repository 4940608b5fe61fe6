"""How fast LibreOffice is filled, beside UNO's own calls: ratios within one run, the start of LibreOffice left out.

``make bench`` runs it after the rest, where LibreOffice and its Python bridge are installed.
"""

from __future__ import annotations

import datetime as dt
import gc
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw
from bench import say

import cdrp_xl.libreoffice
from cdrp_xl import addin
from cdrp_xl.libreoffice import OfficeUnavailableError
from cdrp_xl.libreoffice.values import serial
from cdrp_xl.prose import commentary
from cdrp_xl.sheets import Audience, Table, Text, lay_out
from cdrp_xl.workbooks import refreshing
from cdrp_xl.worked_example import demo
from cdrp_xl.writers import open_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdrp_xl.sheets import Sheet

TODAY = dt.date(2011, 7, 29)
QUARTERS = ("2010-11 Q3", "2011-12 Q1")
ROWS, COLUMNS = 50_000, 12


def main() -> None:
    """Run both comparisons and print a line for each."""
    cdrp_xl.libreoffice.activate()
    try:
        app = xw.App(visible=False, add_book=False)
    except OfficeUnavailableError as missing:
        sys.stdout.write(f"LibreOffice is not compared: {missing.what}\n")
        return
    with app, tempfile.TemporaryDirectory(prefix="cdrp-xl-bench-") as scratch:
        refresh(app, Path(scratch) / "demo")
        values(app)


def refresh(app: xw.App, folder: Path) -> None:
    """Compare refreshing the open worked example, quarter after quarter, with bare calls that know each cell."""
    demo.demo(folder, today=TODAY, progress=lambda _: None)
    copy = shutil.copy(folder / "master.xlsm", folder / "bare.xlsm")
    ours, bare = app.books.open(str(folder / "master.xlsm")), app.books.open(str(copy))
    settings = folder / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    times: dict[str, list[float]] = {"ours": [], "fill": [], "bare": [], "write": []}
    for turn in range(9):
        settings.write_text(text.replace(QUARTERS[1], QUARTERS[turn % 2]), encoding="utf-8")
        times["ours"].append(seconds(lambda: addin.refresh(ours, today=TODAY)))
        reading = time.perf_counter()
        sheets = laid_out(folder)
        read = time.perf_counter() - reading
        times["write"].append(seconds(lambda laid=sheets: write(bare, laid)))
        times["bare"].append(read + times["write"][-1])
        settings.write_text(text.replace(QUARTERS[1], QUARTERS[(turn + 1) % 2]), encoding="utf-8")
        other = laid_out(folder)
        times["fill"].append(seconds(lambda laid=other: open_workbook.fill(ours, laid, as_file=bytes, progress=str)))
        write(bare, other)
    medians = {name: statistics.median(taken[1:]) for name, taken in times.items()}
    say(
        "refresh the open master, against reading the same and writing it by UNO",
        medians["ours"] / medians["bare"],
        1.3,
    )
    say("the same, without reading: find, check, fill, against UNO's writing", medians["fill"] / medians["write"], 1.3)
    bare.close()
    ours.close()


def laid_out(folder: Path) -> tuple[Sheet, ...]:
    """Return the layout that both write."""
    prepared = refreshing.prepare(folder, quarter=None, today=TODAY, progress=lambda _: None)
    return lay_out(prepared.report, Audience.ANALYST, checked=commentary.check(prepared.report))


def write(book: xw.Book, sheets: tuple[Sheet, ...]) -> None:
    """Write every text and table in one call each, at the place that the layout gives it."""
    for sheet in sheets:
        cells = book.api.Sheets.getByName(sheet.name).getCellRangeByPosition
        for block in sheet.blocks:
            if isinstance(block, Text):
                cells(block.column, block.row, block.column, block.row).setDataArray(((bare_value(block.value),),))
            elif isinstance(block, Table) and not block.inputs:
                rows = [[column.heading for column in block.columns], *block.rows]
                last = block.column + len(block.columns) - 1, block.row + len(rows) - 1
                data = tuple(tuple(map(bare_value, row)) for row in rows)
                cells(block.column, block.row, *last).setDataArray(data)


def bare_value(value: Any) -> float | str:
    """Return a value as UNO takes it."""
    if isinstance(value, dt.date):
        return serial(value)
    return "" if value is None else value if isinstance(value, str) else float(value)


def values(app: xw.App) -> None:
    """Compare writing and reading 50,000 by 12 values with UNO's own calls."""
    numbers = [[float(row * column) for column in range(COLUMNS)] for row in range(ROWS)]
    words = [f"offence group {row % 45}" for row in range(ROWS)]
    mixed = [[word, *row[1:7], word, *row[8:]] for row, word in zip(numbers, words, strict=True)]
    first = dt.datetime(2011, 4, 1)  # noqa: DTZ001 - a cell has no time zone
    dated = [[first + dt.timedelta(days=index % 91), *row[1:]] for index, row in enumerate(mixed)]
    book = app.books.add()
    for kind, rows in (("numbers", numbers), ("numbers and texts", mixed), ("with a column of dates", dated)):
        sheet = book.sheets.add()
        cells, block = sheet.api.getCellRangeByPosition(0, 0, COLUMNS - 1, ROWS - 1), sheet["A1"].resize(ROWS, COLUMNS)
        plain = tuple(tuple(bare_value(value) for value in row) for row in rows)
        bare, ours = [], []
        for _ in range(5):
            bare.append(seconds(lambda c=cells, p=plain: c.setDataArray(p)) + seconds(cells.getDataArray))
            ours.append(seconds(lambda b=block, r=rows: setattr(b, "value", r)) + seconds(lambda b=block: b.value))
        say(f"write and read {ROWS:,} x {COLUMNS} values ({kind}), against UNO", min(ours) / min(bare), 1.5)
    book.close()


def seconds(work: Callable[[], object]) -> float:
    """Return how long something took."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
