"""Writing and reading 50,000 by 12 values through the engine, as a multiple of UNO's own calls in the same run.

Run it with ``python tests/libreoffice/bench_engine.py``; the goal is 1.5 at most for numbers and texts.
"""

from __future__ import annotations

import datetime as dt
import gc
import sys
import time
from pathlib import Path

ROWS, COLUMNS, ROUNDS, GOAL = 50_000, 12, 5, 1.5


def blocks():
    """Return the blocks to write, by what they hold: numbers, numbers and texts, these and a column of dates."""
    numbers = [[float(row * column) for column in range(COLUMNS)] for row in range(ROWS)]
    words = [f"offence group {row % 45}" for row in range(ROWS)]
    mixed = [[word, *row[1:7], word, *row[8:]] for row, word in zip(numbers, words, strict=True)]
    first = dt.datetime(2011, 4, 1)  # noqa: DTZ001 - a cell has no time zone
    dated = [[first + dt.timedelta(days=index % 91), *row[1:]] for index, row in enumerate(mixed)]
    return {"numbers": numbers, "numbers and texts": mixed, "with a column of dates": dated}


def seconds(work):
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def ratio(sheet, rows):
    """Return the engine's time over UNO's, the best of some rounds of each."""
    from cdrp_xl.libreoffice.values import serial

    plain = tuple(tuple(serial(cell) if isinstance(cell, dt.datetime) else cell for cell in row) for row in rows)
    cells = sheet.api.getCellRangeByPosition(0, 0, COLUMNS - 1, ROWS - 1)
    block = sheet["A1"].resize(ROWS, COLUMNS)
    raw, engine = [], []
    for _round in range(ROUNDS):
        raw.append(seconds(lambda: cells.setDataArray(plain)) + seconds(cells.getDataArray))
        engine.append(seconds(lambda: setattr(block, "value", rows)) + seconds(lambda: block.value))
    assert block.value == rows
    return min(engine) / min(raw), min(raw), min(engine)


def main():
    sys.path.insert(0, str(Path(__file__).parents[2]))
    import xlwings as xw

    import cdrp_xl.libreoffice

    cdrp_xl.libreoffice.activate()
    with xw.App(visible=False) as app:
        for name, rows in blocks().items():
            times, raw, engine = ratio(app.books[0].sheets.add(), rows)
            print(f"{name}: {times:.2f} times UNO ({engine:.2f} s against {raw:.2f} s; goal {GOAL})")  # noqa: T201


if __name__ == "__main__":
    main()
