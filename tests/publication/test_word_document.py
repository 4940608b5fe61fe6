"""Word documents through the gate: a good one passes, what is planted is found, and no value of a row is missed."""

from __future__ import annotations

import base64
from dataclasses import replace

import docx
import pytest
from corpus_documents import BEGIN, BODY, CHART, DOCUMENTS, PROPERTIES, document, good, sheet, sheets, table, workbook
from corpus_packages import replaced, unpacked

from cdrp_xl.publication import Severity, inspect
from cdrp_xl.publication.canaries import Canary, found_in, texts_in
from cdrp_xl.publication.gate import read
from cdrp_xl.publication.strings import odd_words
from cdrp_xl.sheets import Sparkline
from cdrp_xl.styles import Style
from cdrp_xl.writers import word_file


def found(content, name="made.docx"):
    return {finding.rule_id: finding for finding in inspect(content, name)}


def test_nothing_is_found_in_a_document_as_it_is_published():
    assert inspect(good(), "made.docx") == ()


def lined():
    """Return a document with a small chart of a column on another page, under the heading of the figures."""
    (months,) = sheets()[2].tables
    headings = [("Offence", Style.NAME), ("2 months", Style.TEXT)]
    of = replace(table("tblLined", headings, ("All Crime", None)), row=20)
    return document(of, Sparkline(sheet="By month", table=months, heading="Offences", row=21, column=1))


def test_a_small_chart_of_a_whole_column_on_another_page_is_as_it_is_published():
    assert inspect(lined(), "made.docx") == ()


def test_a_small_chart_has_no_figure_where_its_column_has_a_symbol_and_a_figure_there_is_found():
    months = replace(sheets()[2].tables[0], rows=(("Apr-11", 441), ("May-11", "[c]"), ("Jun-11", 430)))
    headings = [("Offence", Style.NAME), ("3 months", Style.TEXT)]
    of = replace(table("tblLined", headings, ("All Crime", None)), row=20)
    cover, figures, _, notes = sheets(
        of, Sparkline(sheet="By month", table=months, heading="Offences", row=21, column=1)
    )
    laid_out = (cover, figures, sheet("By month", months), notes)
    content = word_file.write(laid_out, PROPERTIES, workbook=workbook(laid_out))
    assert inspect(content, "made.docx") == ()
    second = '<c:pt idx="1"><c:v>3</c:v></c:pt><c:pt idx="2"><c:v>430'
    assert "figure-of-chart" in found(replaced(content, CHART, '<c:pt idx="2"><c:v>430', second))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<c:v>441</c:v>", "<c:v>442</c:v>"),
        ("<c:v>441</c:v>", "<c:v>455</c:v>"),  # a figure of the column, in another month
        ("<c:v>Apr-11</c:v>", "<c:v>May-11</c:v>"),
        ("<c:v>Offences</c:v>", "<c:v>Change</c:v>"),
        ('<c:pt idx="0"><c:v>441</c:v></c:pt>', ""),
        ('<c:pt idx="1"><c:v>455</c:v></c:pt>', '<c:pt idx="1"><c:v>455</c:v></c:pt><c:pt idx="2"><c:v>9</c:v></c:pt>'),
        ('<c:pt idx="1"><c:v>455</c:v></c:pt>', '<c:pt idx="1"><c:v>9</c:v></c:pt><c:pt idx="1"><c:v>455</c:v></c:pt>'),
        ("</c:ser>", "</c:ser><c:ser><c:tx><c:v>Rows</c:v></c:tx></c:ser>"),
        ("</c:ser>", "<c:bubbleSize><c:numLit><c:pt><c:v>9</c:v></c:pt></c:numLit></c:bubbleSize></c:ser>"),
    ],
)
def test_a_small_chart_that_holds_anything_else_is_found(old, new):
    finding = found(replaced(lined(), CHART, old, new))["figure-of-chart"]
    assert (finding.sheet, finding.part) == ("Figures", CHART)


@pytest.mark.parametrize(("style", "odd"), [("TOCHeading", ()), ("TOCSmith", ("smith",)), ("FENHeading", ("fen",))])
def test_a_style_of_words_own_is_ordinary_though_its_name_begins_in_capitals(style, odd):
    assert odd_words("w:pStyle@w:val", style) == odd


def test_a_column_of_a_table_with_neither_words_nor_charts_is_blank():
    headings = [("Offence", Style.NAME), ("2 months", Style.TEXT)]
    of = replace(table("tblLined", headings, ("All Crime", None)), row=20)
    assert found(document(of))["blank-column"].sheet == "Figures"


@pytest.mark.parametrize("fault", DOCUMENTS, ids=str)
def test_what_is_planted_in_a_document_is_found_at_its_place(fault):
    findings = [each for each in inspect(fault.content(), "made.docx") if each.rule_id == fault.rule]
    assert findings
    assert (findings[0].sheet, findings[0].cell, findings[0].part) == (fault.sheet, fault.cell, fault.part)


def test_what_stands_under_each_main_heading_is_a_worksheet():
    book = read(good(), "made.docx")
    assert [sheet.name for sheet in book.sheets] == ["Cover", "Figures", "By month", "Notes"]
    (figures,) = book.sheets[1].tables
    assert figures.headings == ("Offence", "Offences", "Change", "Position", "As at")
    assert (figures.heading_rows, figures.block.rows) == (1, 3)
    assert {link.target for link in book.sheets[0].links} == {"'Figures'!A1", "'By month'!A1", "'Notes'!A1"}


def test_a_document_that_python_docx_makes_is_looked_into_with_its_author_and_its_thumbnail(tmp_path):
    made = docx.Document()
    made.add_heading("Burglary", 1)
    made.add_paragraph("12 offences were recorded.")
    made.save(tmp_path / "made.docx")
    findings = found((tmp_path / "made.docx").read_bytes())
    blocking = {rule for rule, finding in findings.items() if finding.severity is Severity.BLOCKS}
    assert blocking == {"base-of-links", "custom-xml"}  # what its template holds
    assert {"thumbnail", "no-title", "unmarked-sheet"} < set(findings)


def test_a_worksheet_in_a_document_and_a_header_in_a_workbook_are_on_no_list():
    from corpus_good import with_xlsxwriter
    from corpus_packages import with_part

    header = unpacked(good())["word/header.xml"]
    in_workbook = with_part(with_xlsxwriter(), "xl/header.xml", header, kind="header")
    assert found(in_workbook, "made.xlsx")["unknown-part"].part == "xl/header.xml"
    sheet = unpacked(with_xlsxwriter())["xl/worksheets/sheet1.xml"]
    in_document = with_part(good(), "word/sheet1.xml", sheet, kind="worksheet", source=BODY)
    assert found(in_document)["unknown-part"].part == "word/sheet1.xml"


@pytest.mark.parametrize(
    "written",
    [
        "SYN/11/001460",
        "SYN/11/</w:t></w:r><w:r><w:t>001460",
        base64.b64encode(b"SYN/11/001460").decode(),
        "SYN/11/001460".encode("utf-16-be").hex(),
    ],
)
def test_a_value_of_a_row_is_found_however_it_is_written(written):
    content = replaced(good(), BODY, BEGIN, f"{BEGIN}<w:r><w:t> {written} </w:t></w:r>")
    texts, book = texts_in(content, "made.docx"), read(content, "made.docx")
    findings = found_in(texts, [Canary("SYN/11/001460", "Crime Number", is_certain=True)], book.sheets)
    assert [finding.part for finding in findings] == [BODY]


def test_a_text_box_and_a_note_are_read():
    from cdrp_xl.sheets import Text

    assert found(document(Text(name="mention", value="Ring Ann Example on 01632 960123.", row=12)))["personal-mention"]
