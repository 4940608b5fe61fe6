"""Words belong to the quarter that they were written for: kept for ever, and published for no other.

The saved master is filled without any program here; tests/end_to_end does the same in LibreOffice.
"""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from openpyxl.styles import Font

from cdrp_xl.periods import Period
from cdrp_xl.sources import master as master_file
from cdrp_xl.workbooks import publishing, refreshing

TODAY = dt.date(2011, 7, 29)
Q4, Q1 = Period.parse("2010-11 Q4"), Period.parse("2011-12 Q1")


def refresh(folder, quarter):
    return refreshing.refresh(folder, quarter=quarter, today=TODAY, progress=str)


def published(folder):
    """Publish, and return every text of the copy and its certificate."""
    done = publishing.publish(folder, today=TODAY, progress=str)
    book = openpyxl.load_workbook(done.copy)
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return "\n".join([*cells, done.certificate.read_text(encoding="utf-8")])


def inputs_of(folder):
    book = openpyxl.load_workbook(folder / "master.xlsm", keep_vba=True)
    return book, book["Inputs"]


def rows_of(sheet, table):
    return sheet[sheet.tables[table].ref][1:]


def values(folder, table):
    _, sheet = inputs_of(folder)
    return [tuple(cell.value for cell in row) for row in rows_of(sheet, table)]


def type_words(folder, quarter):
    """Type words for a quarter into every table, as an analyst would: into the rows that the refresh made for it."""
    book, sheet = inputs_of(folder)
    row = next(
        row for row in rows_of(sheet, "tblCommentary") if (row[0].value, row[3].value) == ("headlines", f"{quarter}")
    )
    row[2].value, row[2].font = f"Commentary of {quarter}", Font(name="Arial", bold=True)
    row = next(
        row for row in rows_of(sheet, "tblOverrides") if (row[0].value, row[3].value) == ("farm-crime", f"{quarter}")
    )
    row[1].value, row[2].value = "Worse position", f"Judged in {quarter}."
    free = next(row for row in rows_of(sheet, "tblAcceptances") if row[0].value is None)
    for cell, value in zip(free, (f"finding-{quarter}", f"Accepted in {quarter}.", f"{quarter}"), strict=True):
        cell.value = value
    book.save(folder / "master.xlsm")


def words_of(quarter):
    return {f"Commentary of {quarter}", f"Judged in {quarter}.", f"Accepted in {quarter}."}


def shown(text):
    return {words for quarter in (Q4, Q1) for words in words_of(quarter) if words in text}


def test_words_are_published_for_their_quarter_alone_and_again_when_it_is_refreshed_again(example):
    refresh(example, Q4)
    type_words(example, Q4)
    refresh(example, Q4)
    assert shown(published(example)) == words_of(Q4)
    done = refresh(example, Q1)
    assert (done.former, done.reason) == (None, "")
    assert [line.partition(":")[0] for line in done.report.words_to_look_at] == [
        "1 section has no commentary for 2011-12 Q1 yet",
        "1 priority that you judged for another quarter has no judgement of yours for 2011-12 Q1",
    ]
    assert shown(published(example)) == set()
    type_words(example, Q1)
    typed = master_file.read_inputs(example / "master.xlsm")
    assert refresh(example, Q1).report.words_to_look_at == ()
    assert shown(published(example)) == words_of(Q1)
    refresh(example, Q4)
    assert shown(published(example)) == words_of(Q4)
    assert master_file.read_inputs(example / "master.xlsm") == typed


def test_a_new_quarter_has_its_rows_on_top_with_last_quarters_words_beside_and_no_other_row_changes(example):
    (example / "master.xlsm").unlink()
    refresh(example, Q4)
    type_words(example, Q4)
    before = {table: values(example, table) for table in ("tblCommentary", "tblOverrides", "tblAcceptances")}
    refresh(example, Q1)
    commentary, overrides = values(example, "tblCommentary"), values(example, "tblOverrides")
    new = len(before["tblCommentary"])
    assert commentary[:new] == [
        (section, title, None, "2011-12 Q1", f"Commentary of {Q4}" if section == "headlines" else None)
        for section, title, *_ in before["tblCommentary"]
    ]
    assert commentary[new:] == before["tblCommentary"]
    assert overrides == [
        ("farm-crime", None, None, "2011-12 Q1"),
        ("dwelling-burglary", None, None, "2011-12 Q1"),
        before["tblOverrides"][1],
    ], "a row on top in which nobody typed is used again"
    assert values(example, "tblAcceptances") == before["tblAcceptances"]
    _, sheet = inputs_of(example)
    rows = rows_of(sheet, "tblCommentary")
    assert [row[2].font.bold for row in rows] == [True] * (new + 1) + [False] * (new - 1), (
        "new rows look as the first one did"
    )
    covered = {str(each.sqref): each.type for each in sheet.data_validations.dataValidation}
    where = sheet.tables["tblOverrides"].ref.split(":")
    first, last = sheet[where[0]].row + 1, sheet[where[1]].row
    assert covered[f"B{first}:B{last}"] == "list"


def test_a_row_that_the_analyst_gave_another_quarter_is_for_that_one(example):
    refresh(example, Q4)
    type_words(example, Q4)
    book, sheet = inputs_of(example)
    next(row for row in rows_of(sheet, "tblCommentary") if row[2].value)[3].value = "Q1 2011/12"
    book.save(example / "master.xlsm")
    refresh(example, Q1)
    assert "Commentary of 2010-11 Q4" in published(example)
    typed = [row for row in values(example, "tblCommentary") if row[0] == "summary"]
    assert [(row[2], row[3]) for row in typed].count((None, "2011-12 Q1")) <= 1


def as_an_earlier_version_laid_it_out(folder, *, log=True):
    """Take out what masters had not before: a quarter beside commentary and acceptances, and last quarter's words."""
    book, sheet = inputs_of(folder)
    for name, columns in (("tblCommentary", 3), ("tblAcceptances", 2)):
        table = sheet.tables[name]
        cells = sheet[table.ref]
        for row in cells:
            for cell in row[columns:]:
                cell.value = None
        table.ref = table.autoFilter.ref = f"{cells[0][0].coordinate}:{cells[-1][columns - 1].coordinate}"
        del table.tableColumns[columns:]
    cells = rows_of(sheet, "tblCommentary")[0]
    cells[2].value = "Old words"
    cells = rows_of(sheet, "tblAcceptances")[0]
    cells[0].value, cells[1].value = "old", "Old reason"
    if not log:
        control = book["Control"]
        for row in rows_of(control, "tblRefreshLog"):
            for cell in row:
                cell.value = None
    book.save(folder / "master.xlsm")


@pytest.mark.parametrize("with_log", [True, False])
def test_words_of_an_earlier_versions_master_are_for_the_quarter_that_it_was_refreshed_to(example, with_log):
    as_an_earlier_version_laid_it_out(example, log=with_log)
    text = published(example)
    assert "Old words" in text
    assert "Old reason" in text
    former = (example / "master.xlsm").read_bytes()
    done = refresh(example, Q4)
    assert done.former.read_bytes() == former
    assert done.reason == (
        'The table tblCommentary was laid out by an earlier version, without "Quarter", "Last quarter\'s words".'
    )
    text = published(example)
    assert "Old words" not in text
    assert "Old reason" not in text
    found = master_file.read_inputs(example / "master.xlsm")
    assert [(each.quarter, each.text) for each in found.commentary] == [(Q1, "Old words")]
    assert [(each.quarter, each.reason) for each in found.acceptances] == [(Q1, "Old reason")]
    assert refresh(example, Q1).former is None
    assert "Old words" in published(example)


def test_words_of_an_earlier_version_whose_quarter_nobody_knows_are_kept_and_asked_about(example):
    as_an_earlier_version_laid_it_out(example, log=False)
    (example / "counts" / "refreshed.json").unlink()
    done = refresh(example, Q1)
    assert [line.partition(":")[0] for line in done.report.words_to_look_at] == [
        "1 section has no commentary for 2011-12 Q1 yet",
        "1 commentary names no quarter",
        "1 accepted warning names no quarter",
    ]
    assert "Old words" not in published(example)
    book, sheet = inputs_of(example)
    next(row for row in rows_of(sheet, "tblCommentary") if row[2].value)[3].value = "2011-12 Q1"
    book.save(example / "master.xlsm")
    refresh(example, Q1)
    assert "Old words" in published(example)
