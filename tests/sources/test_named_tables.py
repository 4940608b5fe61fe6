"""Tables are found by their names wherever they stand, and one that has lost its name is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.sources import named_tables
from cdrp_xl.sources.named_tables import Form

FORM = Form(name="tblWords", sheet="Inputs", headings=("Word", "Meaning"))
ROWS = (("Word", "Kind", "Meaning"), (" a ", None, "first"), (None, None, None), ("b", 12, "=1+1"))


def workbook(folder, *, at=(2, 1), name="tblWords", sheet="Any name", rows=ROWS, below=(), height=None):
    path = folder / "book.xlsm"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("First").write_string(0, 0, "not this one")
        page = book.add_worksheet(sheet)
        top, left = at
        for down, row in enumerate((*rows, below)):
            for across, value in enumerate(row):
                write = page.write_string if isinstance(value, str) else page.write
                write(top + down, left + across, value)
        if name:
            columns = [{"header": heading} for heading in rows[0]]
            last = top + (height or len(rows) - 1)
            page.add_table(top, left, last, left + len(columns) - 1, {"name": name, "columns": columns})
    return path


def read(path, form=FORM):
    return named_tables.saved(path).read(form)


def texts(path):
    return [(line.row, line.texts) for line in read(path).lines(FORM)]


@pytest.mark.parametrize("at", [(0, 0), (2, 1), (40, 30)])
def test_a_table_is_read_wherever_it_stands(tmp_path, at):
    found = texts(workbook(tmp_path, at=at))
    first = at[0] + 2
    assert found == [(first, {"Word": " a ", "Meaning": "first"}), (first + 2, {"Word": "b", "Meaning": "=1+1"})]


def test_its_rows_end_where_it_ends_and_empty_ones_count(tmp_path):
    table = read(workbook(tmp_path, height=9))
    assert len(table.rows) == 9
    assert table.rows[-1] == ("", "", "")
    assert table.below == ("", "", "")


def test_the_row_under_it_is_not_in_it_but_known(tmp_path):
    table = read(workbook(tmp_path, below=("c", None, "stray")))
    assert [row[0] for row in table.rows] == [" a ", "", "b"]
    assert table.below == ("c", "", "stray")


def test_capitals_of_its_name_do_not_matter_and_another_name_is_another_table(tmp_path):
    assert read(workbook(tmp_path, name="TBLwords")).headings == ROWS[0]
    assert read(workbook(tmp_path, name="tblMine")) is None


def test_a_place_in_it_is_named_by_worksheet_table_and_row(tmp_path):
    table = read(workbook(tmp_path))
    assert table.place(4, 6, heading="Word") == (
        'book.xlsm, worksheet "Any name", table tblWords, row 4 and 6, heading "Word"'
    )


def test_a_heading_that_is_gone_is_reported(tmp_path):
    table = read(workbook(tmp_path, rows=(("Word", "Kind", "Sense"), ("a", "", "x"))))
    with pytest.raises(ValueFoundError, match="no heading") as refused:
        list(table.lines(FORM))
    assert str(refused.value) == (
        'The table tblWords has no heading "Meaning".\n'
        'Where: book.xlsm, worksheet "Any name", table tblWords, row 3\n'
        "What to do: Write the heading again as it was; what is typed is read from under it."
    )


def test_headings_whose_table_has_lost_its_name_are_reported(tmp_path):
    with pytest.raises(ValueFoundError, match="tblWords is gone") as refused:
        read(workbook(tmp_path, name="tblMine", sheet="Inputs"))
    assert refused.value.where == 'book.xlsm, worksheet "Inputs", row 3'
    assert '"tblWords" again' in refused.value.remedy


def test_a_workbook_that_libreoffice_saved_has_its_tables_still(app, tmp_path):
    path = workbook(tmp_path)
    book = app.books.open(str(path))
    book.save(str(tmp_path / "again.xlsx"))
    book.close()
    assert texts(tmp_path / "again.xlsx") == texts(path)


def damaged(path):
    path.write_text("not a workbook", encoding="utf-8")


def some_archive(path):
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<x/>")


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (damaged, "is not a workbook, or it is damaged."),
        (some_archive, "is not a workbook, or it is damaged."),
        (Path.touch, "is empty."),
    ],
)
def test_what_is_no_workbook_is_reported_with_what_an_analyst_can_do_about_their_own(tmp_path, make, what):
    path = tmp_path / "book.xlsm"
    make(path)
    with pytest.raises(FileError, match=r"^book\.xlsm ") as refused:
        named_tables.saved(path)
    assert refused.value.what == f"book.xlsm {what}"
    assert refused.value.remedy.startswith(
        "Put a copy of it back in its place, or move it to another folder and refresh"
    )


def test_a_workbook_under_a_password_is_said_to_be_so(tmp_path):
    import msoffcrypto.format.ooxml as office

    plain, locked = workbook(tmp_path), tmp_path / "locked.xlsm"
    with plain.open("rb") as source, locked.open("wb") as target:
        office.OOXMLFile(source).encrypt("secret", target)
    with pytest.raises(
        FileError, match=r"^locked\.xlsm is encrypted with a password, .*\n.*\n.*Open it with the password"
    ):
        named_tables.saved(locked)


def test_an_entity_that_would_swell_is_refused(tmp_path):
    path = tmp_path / "book.xlsm"
    with zipfile.ZipFile(workbook(tmp_path)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts["xl/workbook.xml"].split(b"?>", 1)[1]
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    with pytest.raises(FileError, match=r"part \"xl/workbook\.xml\"\n.*Put a copy of it back"):
        named_tables.saved(path)
