"""Rows that are put in move all that stands on them, and all that points at them, as Excel would."""

from __future__ import annotations

import re

import pytest

from cdrp_xl.addresses import Rectangle
from cdrp_xl.packages import Parts
from cdrp_xl.writers.saved_workbook.book import Book

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
X14 = (
    '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:conditionalFormattings>'
    '<x14:conditionalFormatting><x14:cfRule type="expression"><xm:f>$B$9&gt;1</xm:f></x14:cfRule>'
    "<xm:sqref>B8:B9</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)
VML = (
    '<xml xmlns:x="urn:schemas-microsoft-com:office:excel"><x:ClientData ObjectType="Note">'
    "<x:Anchor>1, 15, 8, 2, 3, 15, 12, 4</x:Anchor><x:Row>8</x:Row><x:Column>1</x:Column></x:ClientData>"
    "<x:ClientData><x:Anchor>1, 15, 2, 2, 3, 15, 12, 4</x:Anchor><br></x:ClientData></xml>"
)


USED = """<row r="40" ht="33" customHeight="1"><c r="A40"><f>SUM(A9:A12)+Summary!D6</f><v>1</v></c></row></sheetData>\
<mergeCells count="2"><mergeCell ref="D9:E10"/><mergeCell ref="D2:E2"/></mergeCells>\
<conditionalFormatting sqref="A8:A9 D40"><cfRule type="expression" priority="9"><formula>A9=1</formula></cfRule>\
</conditionalFormatting><dataValidations count="1"><dataValidation type="list" sqref="D40">\
<formula1>$A$9:$A$12</formula1></dataValidation></dataValidations>\
<hyperlinks><hyperlink ref="D40" location="Cover!A1"/></hyperlinks>"""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = f"""<Relationship Id="rId8" Type="{OFFICE}/comments" Target="../comments1.xml"/>\
<Relationship Id="rId9" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing9.vml"/></Relationships>"""
TITLES = '<definedName name="_xlnm.Print_Titles"'
BREAKS = '</headerFooter><rowBreaks count="2"><brk id="5"/><brk id="30"/></rowBreaks>'
COMMENTS = f'<comments {MAIN}><commentList><comment ref="B9" authorId="0"/></commentList></comments>'


@pytest.fixture
def spread(saved, parts_of, with_parts):
    """Return a master on whose worksheet Notes a person used much of what a worksheet can have."""
    notes = [
        ("</sheetData>", USED),
        ("</headerFooter>", BREAKS),
        ("</tableParts>", f"</tableParts>{X14}"),
    ]
    cover = '<row r="50"><c r="B50"><f>Notes!A9*2</f><v>7</v></c></row></sheetData>'
    number = parts_of(saved).sheets.index("Notes")
    printed = f'<definedName name="_xlnm.Print_Area" localSheetId="{number}">Notes!$A$1:$B$40</definedName>'
    names = [
        ("<definedNames>", '<definedNames><definedName name="aaa">Notes!$A$40</definedName>'),
        (TITLES, printed + TITLES),
    ]
    changes = {
        "worksheet Notes": notes,
        "worksheet Cover": [("</sheetData>", cover)],
        "xl/workbook.xml": names,
        "relations Notes": [("</Relationships>", RELATIONS)],
        "xl/charts/chart9.xml": [("'Dwelling burglary'!$B$12", "Notes!$A$13")],
    }
    return with_parts(saved, changes, new={"xl/comments1.xml": COMMENTS, "xl/drawings/vmlDrawing9.vml": VML})


def test_what_stands_on_the_rows_and_what_points_at_them_moves(spread, parts_of):
    book = Book(Parts(spread, name="master.xlsm"))
    book.insert_rows("Notes", 7, 2)
    book.finish()
    content = book.parts.content()
    parts = parts_of(content)

    def text(name):
        return parts[name].decode("utf-8", "replace")

    sheet = text("worksheet Notes")
    for moved in (
        '<row r="42" ht="33" customHeight="1"><c r="A42"><f>SUM(A11:A14)+Summary!D6</f><v>1</v></c></row>',
        '<mergeCell ref="D11:E12"/><mergeCell ref="D2:E2"/>',
        '<conditionalFormatting sqref="A10:A11 D42">',
        "<formula>A11=1</formula>",
        'sqref="D42"><formula1>$A$11:$A$14</formula1>',
        '<hyperlink ref="D42" location="Cover!A1"/>',
        '<brk id="5"/><brk id="32"/>',
        "<xm:f>$B$11&gt;1</xm:f>",
        "<xm:sqref>B10:B11</xm:sqref>",
        '<dimension ref="A1:B42"/>',
    ):
        assert moved in sheet
    assert "<f>Notes!A11*2</f><v>7</v>" in text("worksheet Cover")
    assert '<definedName name="aaa">Notes!$A$42</definedName>' in text("xl/workbook.xml")
    assert "Notes!$A$1:$B$42" in text("xl/workbook.xml")
    assert '<comment ref="B11"' in text("xl/comments1.xml")
    assert "<c:f>Notes!$A$15</c:f>" in text("xl/charts/chart9.xml")
    legacy = text("xl/drawings/vmlDrawing9.vml")
    assert "<x:Anchor>1, 15, 10, 2, 3, 15, 14, 4</x:Anchor><x:Row>10</x:Row>" in legacy
    assert "<x:Anchor>1, 15, 2, 2, 3, 15, 12, 4</x:Anchor><br>" in legacy
    former = parts_of(spread)
    for table, first in (("tblNotes", 0), ("tblSymbols", 2)):
        top, bottom = map(int, re.search(rb' ref="A(\d+):B(\d+)"', former[f"table {table}"]).groups())
        assert f' ref="A{top + first}:B{bottom + 2}"' in text(f"table {table}")


def test_charts_pictures_and_buttons_move_with_the_rows_under_them(saved, parts_of):
    book = Book(Parts(saved, name="master.xlsm"))
    book.insert_rows("Dwelling burglary", 3, 5)
    drawing = parts_of(book.parts.content())["xl/drawings/drawing2.xml"].decode()
    assert "<xdr:row>16</xdr:row>" in drawing
    assert "<xdr:row>28</xdr:row>" in drawing
    book = Book(Parts(saved, name="master.xlsm"))
    book.insert_rows("Dwelling burglary", 18, 5)
    assert parts_of(book.parts.content())["xl/drawings/drawing2.xml"] == parts_of(saved)["xl/drawings/drawing2.xml"]
    book = Book(Parts(saved, name="master.xlsm"))
    book.insert_rows("Control", 2, 1)
    assert (
        b"<x:Anchor>0, 0, 6, 0, 0, 130, 7, 12</x:Anchor>"
        in parts_of(book.parts.content())["xl/drawings/vmlDrawing1.vml"]
    )


def test_a_shared_formula_is_written_out_before_its_cells_have_to_follow_each_in_its_own_way(
    saved, with_parts, parts_of
):
    shared = (
        '<row r="60"><c r="A60"><f t="shared" ref="A60:A62" si="0">Notes!A6+B60</f><v>1</v></c></row>'
        '<row r="61"><c r="A61"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="62"><c r="A62"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    content = with_parts(saved, {"worksheet Cover": [("</sheetData>", f"{shared}</sheetData>")]})
    book = Book(Parts(content, name="master.xlsm"))
    book.insert_rows("Notes", 6, 1)
    text = parts_of(book.parts.content())["worksheet Cover"].decode()
    for formula in ("<f>Notes!A6+B60</f>", "<f>Notes!A8+B61</f>", "<f>Notes!A9+B62</f>"):
        assert formula in text
    book = Book(Parts(content, name="master.xlsm"))
    book.insert_rows("Summary", 6, 1)
    assert 't="shared"' in parts_of(book.parts.content())["worksheet Cover"].decode()


def test_the_list_of_cells_with_formulas_goes_when_one_of_them_moved(spread, with_parts, parts_of):
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    chained = with_parts(
        spread,
        {
            "xl/_rels/workbook.xml.rels": [
                ("</Relationships>", f'<Relationship Id="rId99" Type="{kind}" Target="calcChain.xml"/></Relationships>')
            ],
            "[Content_Types].xml": [("</Types>", '<Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>')],
        },
        new={"xl/calcChain.xml": f'<calcChain {MAIN}><c r="A40" i="9"/></calcChain>'},
    )
    book = Book(Parts(chained, name="master.xlsm"))
    book.insert_rows("Notes", 50, 1)
    book.finish()
    assert "xl/calcChain.xml" in parts_of(book.parts.content())
    book.insert_rows("Notes", 7, 1)
    book.finish()
    parts = parts_of(book.parts.content())
    assert "xl/calcChain.xml" not in parts
    assert b"calcChain" not in parts["xl/_rels/workbook.xml.rels"] + parts["[Content_Types].xml"]


def test_a_name_is_given_in_its_place_by_the_alphabet(saved, parts_of):
    book = Book(Parts(saved, name="master.xlsm"))
    for name in ("aaa", "Notes_intro_00", "zzz"):
        book.add_name(name, Rectangle(sheet="It's", row=1, column=2))
    names = list(book.names())
    assert [names[0], names[-1]] == ["aaa", "zzz"]
    assert names.index("Notes_intro_00") == names.index("notes_intro_0") + 1
    assert book.names()["zzz"] == "'It''s'!$C$2"
    assert "zzz" not in book.named_areas()  # there is no such worksheet


def test_a_workbook_that_says_nothing_of_calculation_is_asked_to_calculate(saved, with_parts, parts_of):
    plain = with_parts(saved, {"xl/workbook.xml": [('<calcPr calcId="124519" fullCalcOnLoad="1"/>', "")]})
    book = Book(Parts(plain, name="master.xlsm"))
    book.calculate_on_opening()
    workbook = parts_of(book.parts.content())["xl/workbook.xml"]
    assert b'</definedNames><calcPr fullCalcOnLoad="1"/>' in workbook
