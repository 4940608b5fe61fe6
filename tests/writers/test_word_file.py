"""The writer of Word documents: text stays text, tables and charts are Word's own, a template gives its looks alone."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from cdrp_xl.errors import CannotBeWrittenError, FileError
from cdrp_xl.sheets import Chart, Column, Properties, Series, SeriesKind, Sheet, Sparkline, Table, Text
from cdrp_xl.styles import BLUE, LIGHT_BLUE, ORANGE, Style
from cdrp_xl.writers import language, word_file, xlsx_file
from cdrp_xl.writers.word_file import Template

PROPERTIES = Properties(
    title="Performance report",
    subject="A subject",
    author="Research Group",
    date=dt.date(2011, 7, 29),
    marking="OFFICIAL",
    is_final=True,
)
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def sheet(name, *blocks, title=""):
    head = (
        Text(name="title", value=title or name, style=Style.TITLE),
        Text(name="marking", value="OFFICIAL", style=Style.MARKING, row=1),
    )
    return Sheet(name=name, blocks=(*head, *blocks), widths=(20.0,) * 3)


def table(name, headings, *rows, row=3, **other):
    columns = tuple(Column(heading=heading, style=style, width=12) for heading, style in headings)
    return Table(name=name, columns=columns, rows=rows, row=row, **other)


MONTHS = table(
    "tblMonths",
    [("Month", Style.NAME), ("Offences", Style.COUNT), ("Baseline", Style.COUNT)],
    ("Apr-11", 441, 400),
    ("May-11", "[c]", 410),
    ("Jun-11", 425, 420),
    caption="Offences by month",
)
DRAWN = Chart(
    name="chtMonths",
    table=MONTHS,
    categories="Month",
    series=(
        Series(heading="Offences", kind=SeriesKind.COLUMNS, colour=BLUE),
        Series(heading="Baseline", kind=SeriesKind.LINE, colour=ORANGE),
    ),
    title="Offences by month",
    across="Month",
    alt_text='Offences "by month" & <more>.',
    row=9,
)


def written(*blocks, template=None, properties=PROPERTIES):
    laid_out = (sheet("Cover", title="Performance report"), sheet("Figures", *blocks))
    workbook = language.in_english(xlsx_file.write(laid_out, properties))
    return word_file.write(laid_out, properties, workbook=workbook, template=template)


def opened(*blocks, template=None):
    return docx.Document(io.BytesIO(written(*blocks, template=template)))


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return etree.fromstring(package.read(name))


def test_text_stays_text_whatever_it_begins_with_or_holds():
    shown = "=1+1 & <w:p> 'x'\nsecond line"
    document = opened(Text(name="told", value=shown, row=3))
    assert [each.text for each in document.paragraphs][-1] == shown


def test_a_title_is_a_heading_and_the_first_is_the_document_s():
    document = opened(Text(name="more", value="More", style=Style.SUBHEADING, row=4))
    named = {each.text: each.style.name for each in document.paragraphs}
    assert (named["Performance report"], named["Figures"], named["More"]) == ("Title", "Heading 1", "Heading 2")
    assert document.core_properties.title == "Performance report"
    assert document.core_properties.language == "en-GB"
    assert (document.core_properties.author, document.core_properties.last_modified_by) == ("Research Group",) * 2


def test_a_heading_row_is_repeated_and_no_row_is_parted():
    (made,) = opened(MONTHS).tables
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in made.rows]
    assert repeated == [True, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in made.rows)
    assert made._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Offences by month"


def test_a_figure_is_shown_as_in_a_cell_and_a_symbol_as_it_is():
    (made,) = opened(MONTHS).tables
    assert [cell.text for cell in made.rows[1].cells] == ["Apr-11", "441", "400"]
    assert [cell.text for cell in made.rows[2].cells] == ["May-11", "[c]", "410"]


def test_a_chart_is_word_s_own_with_words_and_figures_and_without_references():
    content = written(MONTHS, DRAWN)
    named = docx.Document(io.BytesIO(content)).element.body.findall(f".//{qn('wp:docPr')}")
    assert [each.get("descr") for each in named] == ['Offences "by month" & <more>.']
    chart = part(content, "word/charts/chart1.xml")
    assert list(chart.iter(f"{C}f", f"{C}externalData")) == []
    (blanks,) = chart.iter(f"{C}dispBlanksAs")
    assert blanks.get("val") == "gap"  # a count that is hidden is never drawn as nought
    points = [[point.findtext(f"{C}v") for point in each.iter(f"{C}pt")] for each in chart.iter(f"{C}numLit")]
    assert points == [["441", "425"], ["400", "410", "420"]]


def test_a_document_has_every_chart_of_its_workbook_or_none_is_written():
    laid_out = (sheet("Cover"), sheet("Figures", MONTHS, DRAWN))
    other = (sheet("Cover"), sheet("Figures", MONTHS, replace(DRAWN, alt_text="Another.")))
    workbook = language.in_english(xlsx_file.write(other, PROPERTIES))
    with pytest.raises(CannotBeWrittenError, match="different charts"):
        word_file.write(laid_out, PROPERTIES, workbook=workbook)


LINED = table("tblLined", [("Offence", Style.NAME), ("3 months", Style.TEXT)], ("All Crime", None), row=20)
LINE = Sparkline(sheet="Figures", table=MONTHS, heading="Offences", row=21, column=1)


def test_a_small_chart_is_word_s_own_in_its_cell_and_says_its_ends_in_words():
    content = written(MONTHS, LINED, LINE)
    made = docx.Document(io.BytesIO(content)).tables[1]
    assert [cell.text for cell in made.rows[0].cells] == ["Offence", "3 months"]
    cell = made.rows[1].cells[1]
    (drawn,) = cell._tc.iter(qn("wp:inline"))
    assert drawn.find(qn("wp:docPr")).get("descr") == "Offences: Apr-11 441 to Jun-11 425"
    assert 0 < int(drawn.find(qn("wp:extent")).get("cx")) < cell.width


def test_a_small_chart_holds_its_column_and_nothing_of_a_month_that_is_hidden():
    chart = part(written(MONTHS, LINED, LINE), "word/charts/chart1.xml")
    assert [each.text for each in chart.iter(f"{C}v")] == ["Offences", "Apr-11", "May-11", "Jun-11", "441", "425"]
    assert [each.get("idx") for each in chart.iterfind(f".//{C}numLit/{C}pt")] == ["0", "2"]
    scale = [(chart.find(f".//{C}{name}").get("val")) for name in ("min", "max", "dispBlanksAs")]
    assert scale == ["0", "441", "gap"]
    fills = [each.get("val") for each in chart.iter("{*}srgbClr")]
    assert fills == [LIGHT_BLUE.removeprefix("#"), BLUE.removeprefix("#")]  # the last month stands out


def test_a_small_chart_of_large_or_of_hidden_figures_is_true_too():
    large = replace(MONTHS, rows=(("Apr-11", 1234567, 1), ("May-11", 7654321, 1)))
    chart = part(written(large, LINED, replace(LINE, table=large)), "word/charts/chart1.xml")
    assert [each.text for each in chart.iterfind(f".//{C}numLit//{C}v")] == ["1234567", "7654321"]
    hidden = replace(MONTHS, rows=(("Apr-11", "[c]", 1), ("May-11", "[c]", 1)))
    chart = part(written(hidden, LINED, replace(LINE, table=hidden)), "word/charts/chart1.xml")
    assert chart.find(f".//{C}numLit/{C}pt") is None


def test_charts_and_small_charts_have_numbers_of_their_own():
    named = opened(MONTHS, DRAWN, LINED, LINE).element.body.iter(qn("wp:docPr"))
    assert sorted(each.get("id") for each in named) == ["1", "2"]


def test_pages_are_a4_and_a_table_that_is_too_wide_turns_its_own():
    wide = table("tblWide", [(f"Neighbourhoods{n}", Style.COUNT) for n in range(9)], tuple(range(9)))
    upright, turned = opened(wide).sections
    assert (upright.page_width.mm, upright.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    assert (turned.orientation, round(turned.page_width.mm)) == (WD_ORIENT.LANDSCAPE, 297)
    assert len(opened(MONTHS).sections) == 1


def test_no_type_is_under_nine_points():
    sizes = {int(each.get(qn("w:val"))) / 2 for each in opened(MONTHS).styles.element.iter(qn("w:sz"))}
    assert min(sizes) == 9


@pytest.mark.parametrize("template", [None, "council"])
def test_titles_and_rules_have_the_partnership_s_own_accent(template):
    own = replace(PROPERTIES, accent="#5b2a86")
    content = written(MONTHS, template=council() if template else None, properties=own)
    styles = etree.tostring(part(content, "word/styles.xml"))
    assert b"5B2A86" in styles
    assert BLUE.removeprefix("#").encode() not in styles


def test_the_same_layout_gives_the_same_bytes_and_no_time_is_in_them():
    content = written(MONTHS, DRAWN, LINED, LINE)
    assert content == written(MONTHS, DRAWN, LINED, LINE)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert docx.Document(io.BytesIO(content)).core_properties.modified.date() == dt.date(2011, 7, 29)


def council(change=None):
    """Return a template as a council may have it: a header, margins, a look of its own, and words in it."""
    made = docx.Document()
    section = made.sections[0]
    section.header.paragraphs[0].text = "Example District Council"
    section.left_margin = section.right_margin = Mm(30)
    made.styles["Heading 1"].font.name = "Georgia"
    made.add_paragraph("Type your report here")
    made.core_properties.author = "Ann Example"
    if change:
        change(made)
    content = io.BytesIO()
    made.save(content)
    return Template(name="template.docx", content=content.getvalue())


def test_of_a_template_header_margins_and_styles_are_taken_and_nothing_else():
    content = written(MONTHS, template=council())
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "Example District Council"
    assert (round(section.left_margin.mm), round(section.page_width.mm)) == (30, 210)
    assert document.styles["Heading 1"].font.name == "Georgia"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert [name for name in package.namelist() if "customXml" in name or "thumbnail" in name] == []
        held = b"".join(package.read(name) for name in package.namelist())
    assert [each for each in (b"Type your report", b"Ann Example", b"python-docx") if each in held] == []


def test_a_template_of_word_s_own_form_is_taken_too():
    template = council()
    with zipfile.ZipFile(io.BytesIO(template.content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    types = parts["[Content_Types].xml"].replace(b"document.main+xml", b"template.main+xml")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, held in (parts | {"[Content_Types].xml": types}).items():
            package.writestr(name, held)
    document = opened(MONTHS, template=Template(name="template.dotx", content=content.getvalue()))
    assert document.sections[0].header.paragraphs[0].text == "Example District Council"


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"words", xlsx_file.write((sheet("Cover"),), PROPERTIES)])
def test_a_template_that_is_no_document_is_refused_by_name(content):
    with pytest.raises(FileError) as refused:
        written(MONTHS, template=Template(name="template.docx", content=content))
    assert "template.docx" in f"{refused.value.what} {refused.value.where}"


def test_a_style_of_ours_in_a_template_is_the_template_s():
    def change(document):
        document.styles.add_style("Report finding", 1).font.name = "Georgia"

    document = opened(Text(name="found", value="Burglary fell.", style=Style.FINDING, row=2), template=council(change))
    (found,) = [each for each in document.paragraphs if each.text == "Burglary fell."]
    assert found.style.font.name == "Georgia"
