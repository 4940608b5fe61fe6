"""Results of formulas that a change reaches are taken out of the file, directly or through others; the rest stay."""

from __future__ import annotations

import re

import pytest

from cdrp_xl.addresses import Rectangle
from cdrp_xl.packages import Parts
from cdrp_xl.writers.saved_workbook.book import Book
from cdrp_xl.writers.saved_workbook.formulas import Reach

CHANGED = [Rectangle(sheet="Summary", row=5, column=3)]
NAMES = '<definedNames><definedName name="all_of_it">Summary!$D$6:$D$7</definedName>'


@pytest.fixture
def reach(saved, with_parts):
    """Return what the change of Summary!D6 reaches."""
    book = Book(Parts(with_parts(saved, {"xl/workbook.xml": [("<definedNames>", NAMES)]}), name="master.xlsm"))
    return Reach(book, CHANGED)


@pytest.mark.parametrize(
    "formula",
    [
        "Summary!D6",
        "SUM('Summary'!$A$1:$J$7)",
        "SUM(summary!D:D)",
        "SUM(Summary!6:6)",
        "SUM(all_of_it)",
        "SUM(tblSummary[Offences])",
        'INDIRECT("A"&1)',
        "OFFSET(A1,1,1)",
        'CDRP_COUNT("Arson")',
        "SUM(First:Last!A1)",
        "[1]Other!A1",
    ],
)
def test_a_formula_is_reached_by_an_address_a_name_a_table_or_where_that_can_not_be_seen(reach, formula):
    assert reach.reaches(formula, own="Cover")


@pytest.mark.parametrize(
    "formula",
    ["D6", "Summary!D7", '"Summary!D6"', "SUM(tblSymbols[Meaning])", "Headlines!D6", "inputs_title", "TODAY()"],
)
def test_a_formula_that_mentions_other_cells_is_not_reached(reach, formula):
    assert not reach.reaches(formula, own="Cover")


def test_a_formula_without_a_worksheets_name_means_its_own(reach):
    assert reach.reaches("D6*2", own="Summary")


def test_results_go_that_are_reached_through_others_on_other_worksheets(saved, with_parts, parts_of):
    def cell(address, formula):
        return f'<c r="{address}"><f>{formula}</f><v>1</v></c>'

    cover = (
        f'<row r="60">{cell("A60", "Summary!D6")}{cell("B60", "Notes!A60+1")}{cell("C60", "1+1")}</row>'
        '<row r="61"><c r="A61"><f t="shared" ref="A61:B61" si="0">Headlines!A1</f><v>1</v></c>'
        '<c r="B61"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="62"><c r="A62"><f t="shared" ref="A62:B62" si="1">Summary!C6</f><v>1</v></c>'
        '<c r="B62"><f t="shared" si="1"/><v>1</v></c></row>'
    )
    notes = '<row r="60"><c r="A60" t="str"><f>Cover!A60&amp;""</f><v>1</v></c></row>'
    content = with_parts(
        saved,
        {
            "worksheet Cover": [("</sheetData>", f"{cover}</sheetData>")],
            "worksheet Notes": [("</sheetData>", f"{notes}</sheetData>")],
        },
    )
    book = Book(Parts(content, name="master.xlsm"))
    assert Reach(book, CHANGED).forget_results()
    parts = parts_of(book.parts.content())
    left = re.findall(r'r="([A-Z]+6\d)"[^>]*><f[^>]*?(?:/>|>[^<]*</f>)<v>', parts["worksheet Cover"].decode())
    assert left == ["C60", "A61", "B61"]
    assert '<c r="A60"><f>Cover!A60&amp;""</f></c>' in parts["worksheet Notes"].decode()


def test_results_go_from_every_cell_that_an_array_or_a_what_if_table_fills(saved, with_parts, parts_of):
    """Excel writes the formula into the first cell alone, and into the others only what they show."""
    cover = (
        '<row r="60"><c r="A60"><f t="array" ref="A60:B61">Summary!D6:E7</f><v>61</v></c><c r="B60"><v>104</v></c>'
        '<c r="C60"><f>SUM(B61)</f><v>104</v></c><c r="D60" t="str"><v>kept</v></c></row>'
        '<row r="61"><c r="A61" t="str"><v>x</v></c><c r="B61" t="inlineStr"><is><t>y</t></is></c></row>'
        '<row r="62"><c r="A62"><f t="array" ref="A62:B62">Headlines!A1:B1</f><v>1</v></c><c r="B62"><v>2</v></c></row>'
        '<row r="63"><c r="A63"><f t="dataTable" ref="A63:A64" r1="D60"/><v>1</v></c></row>'
        '<row r="64"><c r="A64"><v>2</v></c></row>'
    )
    content = with_parts(saved, {"worksheet Cover": [("</sheetData>", f"{cover}</sheetData>")]})
    book = Book(Parts(content, name="master.xlsm"))
    assert Reach(book, CHANGED).forget_results()
    after = parts_of(book.parts.content())["worksheet Cover"].decode()
    assert re.findall(r'<c r="([A-D]6\d)"[^>]*>(?:<f[^>]*?(?:/>|>[^<]*</f>))?<(?:v|is)>', after) == [
        "D60",
        "A62",
        "B62",
    ]
    assert '<c r="A60"><f t="array" ref="A60:B61">Summary!D6:E7</f></c><c r="B60"/>' in after
    assert '<c r="A61"/><c r="B61"/>' in after


def test_where_nothing_is_reached_no_part_is_touched(saved, with_parts, parts_of):
    content = with_parts(
        saved,
        {"worksheet Cover": [("</sheetData>", '<row r="60"><c r="A60"><f>1+1</f><v>2</v></c></row></sheetData>')]},
    )
    book = Book(Parts(content, name="master.xlsm"))
    assert not Reach(book, CHANGED).forget_results()
    assert parts_of(book.parts.content()) == parts_of(content)
