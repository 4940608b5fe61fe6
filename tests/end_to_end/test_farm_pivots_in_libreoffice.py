"""The master's pivot tables in LibreOffice: listed, counted again, filtered, cell for cell as pandas counts."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from cdrp_xl import addin
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.workbooks import master
from cdrp_xl.writers.open_workbook import filling

DATA, PIVOTS = "Farm crime data", "Farm crime pivots"
TODAY = dt.date(2011, 7, 29)
YEAR, QUARTER = "Financial year", "Quarter"
EDITED = (1, 50, 51, 99, 120, 161, 162, 200, 240, 265)
"""Ten rows all over the table, which get another group, year or locus by hand."""


@pytest.fixture
def book(app, example):
    book = app.books.open(str(example / "master.xlsm"))
    yield book
    book.close()


def rows_of(book):
    headings, *rows = book.sheets[DATA].tables["tblFarmOffences"].range.value
    return pd.DataFrame(rows, columns=headings)


def counted(rows, columns):
    """What pandas counts by group and columns, with the totals, as {(group, *labels): offences}; noughts left out."""
    cells = {}
    for depth in range(len(columns) + 1):
        for keys in ([], ["Offence group"]):
            by = [*keys, *columns[:depth]]
            sizes = rows.groupby(by).size() if by else {(): len(rows)}
            for labels, count in sizes.items():
                path = labels if isinstance(labels, tuple) else (labels,)
                cells[path if keys else ("Total Result", *path)] = count
    return cells


def shown(pivot):
    """The figures that a pivot table shows, by group and labels."""
    values = pivot.range.options(ndim=2).value
    (at,) = (number for number, row in enumerate(values) if row[0] == "Offence group")
    depth = len(pivot.columns)
    over = [None] * depth
    cells = {}
    for column in range(1, len(values[0])):
        labels = [values[at - depth + 1 + level][column] for level in range(depth)]
        path = path_of(labels, over)
        for row in values[at + 1 :]:
            if row[column] is not None:
                cells[row[0], *path] = row[column]
    return cells


def path_of(labels, over):
    """The labels that a column stands under; a total stands under fewer, all of them under none."""
    if labels[0] == "Total Result":
        return ()
    if str(labels[0]).endswith(" Result"):
        return (labels[0].removesuffix(" Result"),)
    for level, label in enumerate(labels):
        over[level] = label if label is not None else over[level]
    return tuple(over)


def both(book):
    return [(book.sheets[PIVOTS].pivot_tables[name], columns) for name, columns in TABLES.items()]


TABLES = {"pvtFarmByYear": [YEAR], "pvtFarmByQuarter": [YEAR, QUARTER]}


def test_libreoffice_lists_the_pivot_tables_with_their_fields_and_filter(book):
    pivots = list(book.sheets[PIVOTS].pivot_tables)
    assert [pivot.name for pivot in pivots] == list(TABLES)
    for pivot, columns in both(book):
        assert [field.name for field in pivot.rows] == ["Offence group"]
        assert [field.name for field in pivot.columns] == columns
        assert [field.name for field in pivot.filters] == ["Locus subtype"]
        (value,) = pivot.values  # noqa: PD011 - a pivot table of xlwings, no data frame
        assert value.function == "count"


def test_on_opening_they_show_table_1_1_with_its_totals_and_the_quarter(book):
    for pivot, columns in both(book):
        assert shown(pivot) == counted(rows_of(book), columns)
    by_quarter = shown(book.sheets[PIVOTS].pivot_tables["pvtFarmByQuarter"])
    assert [by_quarter["Burglary", year] for year in ("2009-10", "2010-11")] == [41, 35]
    assert [by_quarter["Total Result", year] for year in ("2009-10", "2010-11")] == [121, 115]
    assert by_quarter["Total Result", "2011-12", "Q1"] == 30


def test_after_ten_rows_are_edited_by_hand_a_refresh_counts_them_anew(book):
    before = {pivot.name: shown(pivot) for pivot, _ in both(book)}
    data = book.sheets[DATA].tables["tblFarmOffences"].data_body_range
    for number, row in enumerate(EDITED):
        data[row, 1 + number % 3].value = ["Arson of ricks", "2012-13", "Q3"][number % 3]
    for pivot, columns in both(book):
        pivot.refresh()
        assert shown(pivot) == counted(rows_of(book), columns)
        assert shown(pivot) != before[pivot.name]
        assert shown(pivot)["Arson of ricks",] == 4


def test_rows_that_are_added_to_the_table_are_counted_at_the_next_refresh(book):
    table = book.sheets[DATA].tables["tblFarmOffences"]
    table.resize(table.range.resize(table.range.rows.count + 2))
    table.range[-2:, :].value = [[900, "Arson of ricks", "2011-12", "Q1", "Barn"]] * 2
    for pivot, columns in both(book):
        pivot.refresh()
        assert shown(pivot) == counted(rows_of(book), columns)
        assert shown(pivot)["Total Result",] == 268


@pytest.mark.parametrize("locus", ["Barn", "Farm"])
def test_they_follow_their_filter(book, locus):
    rows = rows_of(book)
    for pivot, columns in both(book):
        (field,) = pivot.filters
        field.api.SelectedPage = locus
        pivot.refresh()
        assert shown(pivot) == counted(rows[rows["Locus subtype"] == locus], columns)


def edit(book):
    """Let all farm crime be of one group, and count that."""
    book.sheets[DATA].tables["tblFarmOffences"].data_body_range[:, 1].value = "Arson of ricks"
    for pivot in book.sheets[PIVOTS].pivot_tables:
        pivot.refresh()


def test_a_refresh_of_the_open_master_counts_them_with_their_table(book):
    before = [shown(pivot) for pivot, _ in both(book)]
    edit(book)
    book.sheets["Control"].tables["tblControl"].data_body_range[1, 1].value = "2010-11 Q3"
    addin.refresh(book, today=TODAY)
    for pivot, columns in both(book):
        assert shown(pivot) == counted(rows_of(book), columns)
        assert not [path for path in shown(pivot) if "2011-12" in path or "Arson of ricks" in path]
    book.sheets["Control"].tables["tblControl"].data_body_range[1, 1].value = None
    addin.refresh(book, today=TODAY)
    assert [shown(pivot) for pivot, _ in both(book)] == before


def test_without_any_farm_offence_they_show_no_former_figure(book, example):
    settings = example / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    section = text.index("[farm]")
    nowhere = text[section:].replace('["Barn", "Farm"]', '["House"]')  # no House is Agricultural
    settings.write_text(text[:section] + nowhere, encoding="utf-8")
    addin.refresh(book, today=TODAY)
    for pivot, _ in both(book):
        figures = [each for row in pivot.range.options(ndim=2).value for each in row if isinstance(each, float)]
        assert not [figure for figure in figures if figure > 1]


def test_when_a_refresh_fails_they_show_the_former_figures_again(book, monkeypatch):
    edit(book)
    before = [shown(pivot) for pivot, _ in both(book)]

    def fails(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(filling.Filling, "_chart", fails)
    with pytest.raises(CannotBeWrittenError, match="the former figures are back"):
        addin.refresh(book, today=TODAY)
    assert [shown(pivot) for pivot, _ in both(book)] == before


def test_one_that_the_analyst_deleted_stays_away(book):
    book.sheets[PIVOTS].pivot_tables["pvtFarmByYear"].delete()
    edit(book)
    addin.refresh(book, today=TODAY)
    (left,) = book.sheets[PIVOTS].pivot_tables
    assert shown(left) == counted(rows_of(book), TABLES[left.name])


def test_a_new_master_has_native_ones_after_its_first_refresh(app, example):
    (example / "master.xlsm").write_bytes(master.unfilled())
    book = app.books.open(str(example / "master.xlsm"))
    try:
        addin.refresh(book, today=TODAY)
        for pivot, columns in both(book):
            assert pivot.api.SourceRange.Sheet == book.sheets[DATA].index - 1
            assert shown(pivot) == counted(rows_of(book), columns)
        edit(book)
        assert shown(both(book)[0][0])["Arson of ricks",] == 266
    finally:
        book.close()
