"""Parts are found by their names in any case of letters, as the packaging standard says, by every reader."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter

from cdrp_xl.packages import Package, Parts, Relation, open_package
from cdrp_xl.sources import files, grids, named_tables, spreadsheets

HEADINGS, ROWS = ("Section id", "Commentary"), (("farm", "Fewer thefts"), ("summary", "A quiet quarter"))


@pytest.fixture(scope="module")
def workbook():
    """A workbook with texts, a date, a table and a picture's worth of parts, as a program writes it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("Inputs")
        page.add_table(
            0, 0, 2, 1, {"name": "tblWords", "columns": [{"header": each} for each in HEADINGS], "data": ROWS}
        )
        page.write_datetime("D1", dt.date(2011, 7, 29), book.add_format({"num_format": "d mmmm yyyy"}))
    return content.getvalue()


def renamed(content, rename):
    """Return a workbook whose parts have their names in other letters, while what leads to them stays."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(rename(name), old.read(name))
    return made.getvalue()


@pytest.fixture(params=[str, str.lower, str.upper, str.swapcase], ids=["as written", "lower", "upper", "swapped"])
def path(request, workbook, tmp_path):
    file = tmp_path / "book.xlsx"
    file.write_bytes(renamed(workbook, request.param))
    return file


def test_a_return_is_read_whatever_the_case_of_its_parts_names(path):
    (sheet,) = spreadsheets.read(path).sheets
    assert [sheet.cells[0, column].value for column in (0, 1, 3)] == [*HEADINGS, dt.date(2011, 7, 29)]


def test_rows_and_tables_are_read_whatever_the_case_of_their_parts_names(path):
    assert grids.read(path).cells[1][:2] == ROWS[0]
    with files.opened(path) as rows:
        assert [row[:2] for row in rows.fetch(rows.relation().replace("*", '"Section id", "Commentary"'))] == [*ROWS]
    form = named_tables.Form(name="tblWords", sheet="Inputs", headings=HEADINGS)
    table = named_tables.saved(path).read(form)
    assert (table.headings, table.rows) == (HEADINGS, ROWS)


def test_a_changed_part_stays_where_it_was_under_its_own_name(path):
    content = path.read_bytes()
    parts = Parts(content, name="book.xlsx")
    (book,) = parts.related("", "officeDocument")
    (sheet,) = parts.related(book, "worksheet")
    assert {book, sheet} <= set(parts.names())
    parts.tree(sheet.lower()).set("planted", "yes")
    parts.altered(sheet.upper())
    now = open_package(parts.content(), "book.xlsx")
    assert list(now.parts) == list(open_package(content, "book.xlsx").parts)
    assert now.parse(sheet).get("planted") == "yes"


def test_the_directory_is_seen_as_it_is():
    package = open_package(renamed(zipped("a.xml", "B.xml"), str), "made.xlsx")
    assert isinstance(package, Package)
    assert (list(package.parts), package.named("b.XML"), package.named("c.xml")) == (["a.xml", "B.xml"], "B.xml", "")


def zipped(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "<a/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("kind", "is_one"), [("http://x/relationships/hyperlink", "hyperlink"), ("hyperlink", ""), ("", "")]
)
def test_what_kind_a_relation_is_of_is_the_last_word_of_its_type(kind, is_one):
    assert Relation(id="r", type=kind, source="", target="a").kind == is_one
