"""What a damaged table holds, counted without cdrp-xl: by csv, openpyxl and plain Python.

A count is None where the table is no longer that simple, such as one with a heading that is gone. What is read of it
then is not compared.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import re
import warnings
from collections import Counter
from typing import TYPE_CHECKING

import openpyxl

from cdrp_xl.periods import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cdrp_xl import tables

Rows = list[list[str]]
Counted = dict[object, int] | None


def rows_in(path: Path) -> Rows | None:
    """Return the rows of a .csv or of the first worksheet of an .xlsx, None where they can't be had."""
    try:
        if path.suffix == ".csv":
            text = path.read_bytes().decode("utf-8-sig")
            return list(csv.reader(io.StringIO(text, newline=""), strict=True)) if "\0" not in text else None
        if path.suffix == ".xlsx":
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(path, data_only=True)
            # Several worksheets or hidden rows are another matter.
            return (
                [[_text(cell) for cell in row] for row in book.worksheets[0].values]
                if len(book.worksheets) == 1
                else None
            )
    except Exception:  # noqa: BLE001 - whatever a library says about a damaged file
        return None
    return None


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def extract(ordinary: Rows) -> Callable[[Rows], Counted]:
    """Return what counts South Cambridgeshire's offences by month, areas and codes being those of `ordinary`."""
    head, *rest = ordinary
    areas, codes = ({row[head.index(name)] for row in rest} for name in ("District", "HO Code"))

    def counted(rows: Rows) -> Counted:
        months: Counter[object] = Counter()
        references = []
        for row in _named(rows, "Crime Reference", "Date Recorded", "HO Code", "District") or [None]:
            day = _day(row["Date Recorded"]) if row else None
            if row is None or day is None or row["HO Code"] not in codes or row["District"] not in areas:
                return None
            references.append(row["Crime Reference"])
            months[day.year, day.month] += row["District"] == "South Cambridgeshire"
        return dict(+months) if len(set(references)) == len(references) and all(references) else None

    return counted


def _day(text: str) -> dt.date | None:
    found = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text)
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def of_extract(counts: tables.Counts) -> Counted:
    """Return what was read of an extract, by month."""
    cells = counts.cells.items()
    return {
        (period.first.year, period.first.month): count
        for (_, row, period), count in cells
        if row == "all-crime" and count
    }


def street(rows: Rows) -> Counted:
    """Return the offences of Ashford by category, where each row has an ID of its own."""
    counted: Counter[object] = Counter()
    ids = []
    for row in _named(rows, "Month", "LSOA code", "LSOA name", "Crime type", "Crime ID") or [None]:
        known = row and row["Crime type"] in {"Burglary", "Drugs"} and row["Month"] == "2024-01"
        if not known or row["LSOA name"] != "Ashford 001A" or row["LSOA code"] != "E01024001":
            return None
        ids.append(row["Crime ID"])
        counted[row["Crime type"].lower()] += 1
    return dict(counted) if all(ids) and len(set(ids)) == len(ids) else None


def of_street(counts: tables.Counts) -> Counted:
    """Return what was read of street-level files, by category."""
    return {row: count for (_, row, _), count in counts.cells.items() if row != "all-crime" and count}


def similar(rows: Rows) -> Counted:
    """Return the burglaries of a group by area and period."""
    counted: dict[object, int] = {}
    for row in _named(rows, "Area", "Period", "Offence", "Offences") or [None]:
        is_figure = row and re.fullmatch(r"\d{1,9}", row["Offences"])
        year = re.fullmatch(r"(20\d\d)-(\d\d)( Q[1-4])?", row["Period"]) if row else None
        if row is None or not is_figure or year is None or int(year[2]) != (int(year[1]) + 1) % 100:
            return None
        place = (row["Area"], row["Period"])
        is_usual = (
            re.fullmatch(r"South Cambridgeshire|Area [A-Z]", row["Area"]) and row["Offence"] == "Burglary Dwelling"
        )
        if place in counted or not is_usual:
            return None
        counted[place] = int(row["Offences"])
    return counted


def of_similar(figures: tables.AreaFigures) -> Counted:
    """Return what was read of a group."""
    return {(area, period.name): count for (area, _, period), count in figures.counts.cells.items()}


def people(rows: Rows) -> Counted:
    """Return people and households by area."""
    counted: dict[object, int] = {}
    for row in _named(rows, "Area", "Population", "Households") or [None]:
        if row is None or not re.fullmatch(r"[A-Z][a-z]+", row["Area"]) or row["Area"] in counted:
            return None
        if not re.fullmatch(r"[1-9]\d{2,7}", row["Population"]) or not re.fullmatch(r"[1-9]\d{2,7}", row["Households"]):
            return None
        counted[row["Area"]] = (int(row["Population"]), int(row["Households"]))
    return counted


def of_people(read: tables.Populations) -> Counted:
    """Return what was read of people."""
    return {area: (each.population, each.households) for area, each in read.areas.items()}


def cadet(ordinary: Rows) -> Callable[[Rows], Counted]:
    """Return what counts the printed table's rows by name and both figures, the names being those of `ordinary`."""
    names = Counter(row[0] for row in ordinary[3:])

    def counted(rows: Rows) -> Counted:
        table = [row for row in rows if any(row)]
        if table[2:3] != [ordinary[2]] or Counter(row[0] for row in table[3:]) != names:
            return None
        figures = [
            (row[0], row[1], row[3]) for row in table[3:] if len(row) == len(ordinary[2]) and not row[2] + row[4]
        ]
        if len(figures) < len(table[3:]) or not all(_is_figure(each) for _, *both in figures for each in both):
            return None
        return Counter((name, *(int(each.replace(",", "")) for each in both)) for name, *both in figures)

    return counted


def _is_figure(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}(,\d{3})*|\d+", text) is not None


def of_cadet(counts: tables.Counts) -> Counted:
    """Return what was read of the printed table."""
    earlier, later = (Period.parse(text) for text in ("Apr-10 to Jun-10", "Apr-11 to Jun-11"))
    (area,) = counts.areas
    return Counter(
        (row.name, counts.cells[area, row.row_id, earlier], counts.cells[area, row.row_id, later])
        for row in counts.classification.rows
        if (area, row.row_id, earlier) in counts.cells
    )


def _named(rows: Rows, *needed: str) -> Iterator[dict[str, str]] | None:
    """Return every row that holds anything by its headings; None where one is not there once, or a row is too long."""
    head, *rest = rows or [[]]
    if any(head.count(name) != 1 for name in needed) or any(len(row) > len(head) for row in rest):
        return None
    width = len(head)
    return [dict(zip(head, [*row, *[""] * (width - len(row))], strict=True)) for row in rest if any(row)]
