"""Reads and prints workbooks in a LibreOffice that already runs; run by the system's Python, which has UNO.

    /usr/bin/python3 tests/libreoffice_driver.py PIPE ready
    /usr/bin/python3 tests/libreoffice_driver.py PIPE cells [--recalculate] FILE...
    /usr/bin/python3 tests/libreoffice_driver.py PIPE pdf FOLDER FILE...
    /usr/bin/python3 tests/libreoffice_driver.py PIPE save FOLDER SUFFIX FILTER FILE...
    /usr/bin/python3 tests/libreoffice_driver.py PIPE quit

Prints JSON: for ``cells``, by file and worksheet, what each cell shows and what it holds; for ``pdf`` and ``save``,
the files made.
"""

from __future__ import annotations

import contextlib
import csv
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uno
from com.sun.star.beans import PropertyValue

if TYPE_CHECKING:
    from collections.abc import Iterator

NEVER = 0  # com.sun.star.document.MacroExecMode.NEVER_EXECUTE and UpdateDocMode.NO_UPDATE
AS_SHOWN = "44,34,76,1,,0,true,true,true,false,false"  # commas, quotes, UTF-8, text quoted, as shown


def main(pipe: str, job: str, *arguments: str) -> None:
    """Do one job in the LibreOffice that listens on the pipe, and print its outcome as JSON."""
    desktop = connect(pipe)
    if job == "cells":
        recalculate = arguments[0] == "--recalculate"
        outcome: Any = {file: cells(desktop, file, recalculate=recalculate) for file in arguments[int(recalculate) :]}
    elif job == "pdf":
        folder, *files = arguments
        outcome = [print_to_pdf(desktop, file, Path(folder)) for file in files]
    elif job == "save":
        folder, suffix, how, *files = arguments
        outcome = [save(desktop, file, Path(folder), suffix, how) for file in files]
    else:
        outcome = desktop.terminate() if job == "quit" else job
    json.dump(outcome, sys.stdout)


def connect(pipe: str) -> Any:
    """Return the desktop of the LibreOffice that listens on the pipe."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def cells(desktop: Any, file: str, *, recalculate: bool) -> dict[str, dict[str, list[list[Any]]]]:
    """Return by worksheet, from A1 to the last cell in use, what each cell shows and the value that it holds."""
    with opened(desktop, file) as document:
        if recalculate:
            document.calculateAll()
        found = {}
        for number, sheet in enumerate(document.Sheets, start=1):
            values = values_held(sheet)
            found[sheet.Name] = {"shown": in_shape_of(values, strings_shown(document, number)), "values": values}
        return found


def values_held(sheet: Any) -> list[list[Any]]:
    """Return a worksheet's values: numbers, text, "" in an empty cell, null where a formula fails."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    return [list(row) for row in sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).DataArray]


def strings_shown(document: Any, sheet_number: int) -> list[list[str]]:
    """Return a worksheet's cells as shown, by way of a CSV file: asking cell by cell takes a millisecond each."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "shown.csv")
        how = properties(FilterName="Text - txt - csv (StarCalc)", FilterOptions=f"{AS_SHOWN},{sheet_number}")
        document.storeToURL(target.as_uri(), how)
        (written,) = Path(folder).iterdir()
        with written.open(encoding="utf-8", newline="") as lines:
            return list(csv.reader(lines))


def in_shape_of(values: list[list[Any]], strings: list[list[str]]) -> list[list[str]]:
    """Return the strings with empty ones added where only formatting reaches further than what is written."""
    height, width = len(values), len(values[0])
    return [(row + [""] * width)[:width] for row in (strings + [[]] * height)[:height]]


def print_to_pdf(desktop: Any, file: str, folder: Path) -> str:
    """Write the workbook as a PDF of the same name into the folder, and return its path."""
    target = (folder / Path(file).name).with_suffix(".pdf").resolve()
    with opened(desktop, file) as document:
        document.storeToURL(target.as_uri(), properties(FilterName="calc_pdf_Export"))
    return str(target)


def save(desktop: Any, file: str, folder: Path, suffix: str, how: str) -> str:
    """Save the workbook under the same name in the folder, in the form of a filter, and return its path."""
    target = (folder / Path(file).name).with_suffix(suffix).resolve()
    with opened(desktop, file) as document:
        document.storeToURL(target.as_uri(), properties(FilterName=how))
    return str(target)


@contextlib.contextmanager
def opened(desktop: Any, file: str) -> Iterator[Any]:
    """Open a workbook as a partner would, without its macros and links, and close it."""
    how = properties(Hidden=True, ReadOnly=True, MacroExecutionMode=NEVER, UpdateDocMode=NEVER)
    document = desktop.loadComponentFromURL(Path(file).resolve().as_uri(), "_blank", 0, how)
    if document is None:
        sys.exit(f"LibreOffice can't open {file}")
    try:
        yield document
    finally:
        document.close(True)


def properties(**named: Any) -> tuple[PropertyValue, ...]:
    """Return values as UNO takes them."""
    return tuple(PropertyValue(Name=name, Value=value) for name, value in named.items())


if __name__ == "__main__":
    main(*sys.argv[1:])
