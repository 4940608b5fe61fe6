"""OpenDocument spreadsheets: what is planted in their parts is found, and good ones pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from corpus_document import cell, cell_style, chart, document, root, row, table
from corpus_good import png
from corpus_packages import packed, unpacked

from cdrp_xl.publication import Severity, inspect

PRIVATE = "Held at 14 Chapel Lane"
DATA = table("Data", row(PRIVATE), style="ta2")


def styled(name, family, properties):
    inside = f"<style:{family}-properties {properties}/>"
    return f'<style:style style:name="{name}" style:family="{family}">{inside}</style:style>'


TABLE_HIDDEN = styled("ta2", "table", 'table:display="false"')
FLAT_ROW = styled("ro9", "table-row", 'style:row-height="0in"')
FLAT_COLUMN = styled("co9", "table-column", 'style:column-width="0cm"')
WHITE_SPAN = styled("T9", "text", 'fo:color="#ffffff"')
NOTHING = '<number:number-style style:name="N9"><number:text/></number:number-style>'
NOTE = "<office:annotation><dc:creator>Ann Example</dc:creator><text:p>Ask her</text:p></office:annotation>"
PRINTER = (
    '<config:config-item-set config:name="ooo:configuration-settings">'
    '<config:config-item config:name="PrinterName">Room 12, HQ</config:config-item></config:config-item-set>'
)
NO_PRINTER = PRINTER.replace("Room 12, HQ", "")


def spanned(words):
    span = f'<text:span text:style-name="T9">{words}</text:span>'
    return f'<table:table-cell office:value-type="string"><text:p>Seen {span}</text:p></table:table-cell>'


def frame(inside, name="Picture 1"):
    return f'<draw:frame draw:name="{name}">{inside}</draw:frame>'


IMAGE = '<draw:image xlink:href="Pictures/1.png"/>'

PLANTED = {
    "hidden-sheet": (document(styles=TABLE_HIDDEN, tables=DATA), "Data", ""),
    "hidden-row": (document(row(PRIVATE, visibility="collapse")), "Offences", ""),
    "flat-row": (document(row(PRIVATE, style="ro9"), styles=FLAT_ROW), "Offences", ""),
    "hidden-column": (
        document(columns='<table:table-column/><table:table-column table:visibility="collapse"/>'),
        "Offences",
        "",
    ),
    "flat-column": (
        document(styles=FLAT_COLUMN, columns='<table:table-column/><table:table-column table:style-name="co9"/>'),
        "Offences",
        "",
    ),
    "active-filter": (document(row(PRIVATE, visibility="filter")), "Offences", "A7"),
    "formula": (document(row(cell(2, formula="of:=1+1"))), "Offences", "A7"),
    "named-range": (
        document(
            beside='<table:named-expressions><table:named-range table:name="Victims" '
            'table:cell-range-address="$Offences.$A$1"/></table:named-expressions>'
        ),
        "",
        "",
    ),
    "defined-name": (
        document(
            beside='<table:named-expressions><table:named-expression table:name="Victims" '
            'table:expression="of:=7"/></table:named-expressions>'
        ),
        "",
        "",
    ),
    "same-colour": (
        document(row(cell(PRIVATE, style="ce9")), styles=cell_style("ce9", text='fo:color="#ffffff"')),
        "Offences",
        "A7",
    ),
    "tiny-text": (
        document(row(cell(PRIVATE, style="ce9")), styles=cell_style("ce9", text='fo:font-size="1pt"')),
        "Offences",
        "A7",
    ),
    "hiding-format": (
        document(row(cell(35, style="ce9")), styles=NOTHING + cell_style("ce9", data_style="N9")),
        "Offences",
        "A7",
    ),
    "comment": (document(row(cell("Arson", inside=NOTE))), "Offences", "A7"),
    "revision": (document(beside="<table:tracked-changes/>"), "", ""),
    "pivot-table": (
        document(beside='<table:data-pilot-tables><table:data-pilot-table table:name="P"/></table:data-pilot-tables>'),
        "",
        "",
    ),
    "live-data": (document(beside="<table:dde-links><table:dde-link/></table:dde-links>"), "", ""),
    "external-link": (document(more='<table:table-source xlink:href="file:///S:/rows.ods"/>'), "", ""),
    "form-control": (document(more="<office:forms><form:form/></office:forms>"), "", ""),
    "macros": (document(scripts='<script:event-listener script:event-name="dom:load"/>'), "", ""),
    "embedded-file": (document(row(cell("", inside=frame("<draw:object-ole/>")))), "Offences", "A7"),
    "leads-out": (
        document(row(cell("", inside=frame('<draw:image xlink:href="https://example.org/pixel.png"/>')))),
        "Offences",
        "A7",
    ),
    "scenario": (document(more="<table:scenario/>"), "Offences", ""),
    "hyperlink-to-file": (
        document(
            row(
                '<table:table-cell><text:p><text:a xlink:href="file:///S:/rows.ods">Rows</text:a></text:p></table:table-cell>'
            )
        ),
        "Offences",
        "A7",
    ),
    "far-cell": (
        document(
            '<table:table-row table:number-rows-repeated="900"><table:table-cell/></table:table-row>', row(PRIVATE)
        ),
        "Offences",
        "",
    ),
    "custom-property": (
        document(meta='<meta:user-defined meta:name="Records number">35/1204/11</meta:user-defined>'),
        "",
        "",
    ),
    "person-as-author": (document(meta="<meta:initial-creator>Ann Example</meta:initial-creator>"), "", ""),
    "printer-settings": (document(settings=PRINTER), "", ""),
    "thumbnail": (document(parts={"Thumbnails/thumbnail.png": png()}), "", ""),
    "ribbon": (document(parts={"Configurations2/accelerator/current.xml": "<x/>"}), "", ""),
    "unknown-part": (document(parts={"rows.csv": PRIVATE}), "", ""),
    "picture-appended": (document(parts={"Pictures/1.png": png() + PRIVATE.encode()}), "", ""),
    "picture-unsaid": (document(row(cell("", inside=frame(IMAGE))), parts={"Pictures/1.png": png()}), "Offences", "A7"),
    "chart-keeps-more": (document(parts={"Chart 1/content.xml": chart(rows=9)}), "Offences", ""),
    "merged-cell": (document(row(cell("Both", number_columns_spanned=2))), "Offences", "A7:B7"),
    "xml-comment": (document(beside=f"<!--{PRIVATE}-->"), "", ""),
    "unmarked-sheet": (document(tables=table("Wards", row("Milton", 3))), "Wards", ""),
}


WHITE = cell_style("ce9", text='fo:color="#ffffff"')
WHITE_CHILD = '<style:style style:name="ce8" style:family="table-cell" style:parent-style-name="ce9"/>'
MAPPED = (
    '<style:style style:name="ce8" style:family="table-cell">'
    '<style:map style:condition="cell-content()!=0" style:apply-style-name="ce9"/></style:style>'
)
WORDS_FOR_FEW = (
    '<number:number-style style:name="N8P0"><number:text>[c]</number:text></number:number-style>'
    '<number:number-style style:name="N8"><number:number number:min-integer-digits="1"/>'
    '<style:map style:condition="value()&lt;5" style:apply-style-name="N8P0"/></number:number-style>'
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
CONDITION = (
    f"<calcext:conditional-formats {CALC}>"
    '<calcext:conditional-format calcext:target-range-address="Offences.A7:Offences.A7">'
    '<calcext:condition calcext:apply-style-name="ce9" calcext:value="!=0"/>'
    "</calcext:conditional-format></calcext:conditional-formats>"
)
MESSAGE = f"<table:help-message><text:p>{PRIVATE}</text:p></table:help-message>"
OFFERED = "of:cell-content-is-in-list(&quot;Ann Example&quot;;&quot;None&quot;)"
QUERY = '<table:database-source-sql table:database-name="crimes" table:sql-statement="select"/>'
HEADER = f"<style:header><text:p>{PRIVATE}</text:p></style:header>"


def text_box(style="", size=""):
    words = f'<text:p><text:span text:style-name="{style}">{PRIVATE}</text:span></text:p>'
    inside = f"<svg:title>Text</svg:title><draw:text-box>{words}</draw:text-box>"
    return row(cell("", inside=f'<draw:frame draw:name="Text" {size}>{inside}</draw:frame>'))


def validated(inside="", condition=""):
    how = f'table:name="v1" table:condition="{condition}"'
    one = f"<table:content-validation {how}>{inside}</table:content-validation>"
    return document(beside=f"<table:content-validations>{one}</table:content-validations>")


def with_header():
    master = f'<style:master-page style:name="Default">{HEADER}</style:master-page>'
    styles = f"<office:master-styles>{master}</office:master-styles>"
    return packed(unpacked(document()) | {"styles.xml": root("office:document-styles", styles).encode()})


HIDING = {
    "a column's usual style": (
        "same-colour",
        document(
            row("", PRIVATE),
            styles=WHITE,
            columns="<table:table-column/><table:table-column "
            'table:default-cell-style-name="ce9" table:number-columns-repeated="2"/>',
        ),
        "Offences",
        "B4",
    ),
    "a row's usual style": (
        "same-colour",
        document(
            f'<table:table-row table:default-cell-style-name="ce9">{cell(PRIVATE)}</table:table-row>', styles=WHITE
        ),
        "Offences",
        "A7",
    ),
    "a style before its parent": (
        "same-colour",
        document(row(cell(PRIVATE, style="ce8")), styles=WHITE_CHILD + WHITE),
        "Offences",
        "A7",
    ),
    "in a text box": ("same-colour", document(text_box("T9"), styles=WHITE_SPAN), "Offences", "A7"),
    "in a style's condition": (
        "hiding-condition",
        document(row(cell(PRIVATE, style="ce8")), styles=WHITE + MAPPED),
        "Offences",
        "A7",
    ),
    "in LibreOffice's condition": (
        "hiding-condition",
        document(row(PRIVATE), styles=WHITE, more=CONDITION),
        "Offences",
        "A7:A7",
    ),
    "words for small figures": (
        "hiding-format",
        document(row(cell(2, style="ce9")), styles=WORDS_FOR_FEW + cell_style("ce9", data_style="N8")),
        "Offences",
        "A7",
    ),
    "hidden while protected": (
        "hiding-format",
        document(
            row(cell(PRIVATE, style="ce9")),
            styles=cell_style("ce9", of_cell='style:cell-protect="hidden-and-protected"'),
        ),
        "Offences",
        "A7",
    ),
    "a folded group": (
        "hidden-row",
        document(f'<table:table-row-group table:display="false">{row(PRIVATE)}</table:table-row-group>'),
        "Offences",
        "",
    ),
    "a folded group of columns": (
        "hidden-column",
        document(
            columns='<table:table-column-group table:display="false"><table:table-column/></table:table-column-group>'
        ),
        "Offences",
        "",
    ),
    "of no size": ("hidden-shape", document(text_box(size='svg:width="0cm" svg:height="0cm"')), "Offences", "A7"),
    "another text than is shown": (
        "unshown-text",
        document(
            f'<table:table-row><table:table-cell office:value-type="string" office:string-value="{PRIVATE}">'
            "<text:p>Seen</text:p></table:table-cell></table:table-row>"
        ),
        "",
        "",
    ),
    "a message": ("cell-message", validated(MESSAGE), "Offences", ""),
    "a list": ("unshown-words", validated(condition=OFFERED), "", ""),
    "a header": ("unshown-words", with_header(), "", ""),
    "a query": (
        "connection",
        document(
            beside=f"<table:database-ranges><table:database-range>{QUERY}</table:database-range></table:database-ranges>"
        ),
        "",
        "",
    ),
    "ranges put together": (
        "unknown-element",
        document(beside='<table:consolidation table:source-cell-range-addresses="Victims.A1:Victims.B2"/>'),
        "",
        "",
    ),
    "a namespace of nobody": (
        "foreign-xml",
        document(beside=f'<table:table table:name="Data"><z:z xmlns:z="urn:z">{PRIVATE}</z:z></table:table>'),
        "",
        "",
    ),
    "of a template": ("saved-path", document(meta='<meta:template xlink:href="file:///C:/a.example/t.ots"/>'), "", ""),
    "a subject": ("remark", document(meta=f"<dc:subject>{PRIVATE}</dc:subject>"), "", ""),
}


SPAN = '<text:span text:style-name="T9">'
SMALL = '<style:style style:name="T9" style:family="text"><style:text-properties {}/></style:style>'
READ_BY_NOBODY = {
    "after many tabs": ("far-cell", document(row(cell("<text:tab/>" * 40 + PRIVATE)))),
    "after many blanks": ("far-cell", document(row(cell(f'<text:s text:c="90"/>{PRIVATE}')))),
    "a hundredth as large": (
        "tiny-text",
        document(row(f"Seen{SPAN}{PRIVATE}</text:span>"), styles=SMALL.format('fo:font-size="1%"')),
    ),
    "a hundredth as wide": (
        "tiny-text",
        document(row(f"Seen{SPAN}{PRIVATE}</text:span>"), styles=SMALL.format('style:text-scale="1%"')),
    ),
    "shrunk to fit": (
        "tiny-text",
        document(row(cell(PRIVATE * 9, style="ce9")), styles=cell_style("ce9", of_cell='style:shrink-to-fit="true"')),
    ),
    "turned in a low row": (
        "cut-text",
        document(row(cell(PRIVATE, style="ce9")), styles=cell_style("ce9", of_cell='style:rotation-angle="90"')),
    ),
    "a figure that is not the one shown": (
        "unshown-text",
        document(row(cell(61).replace('office:value="61"', 'office:value="7700900123"'))),
    ),
    "a cell beneath a picture": (
        "covered-cell",
        document(
            row(cell("", inside=frame(IMAGE).replace("<draw:frame", '<draw:frame svg:width="5cm" svg:height="2cm"'))),
            row(cell(PRIVATE)),
            parts={"Pictures/1.png": png()},
        ),
    ),
    "a picture beneath a picture": (
        "hidden-shape",
        document(
            row(
                cell(
                    "",
                    inside="".join(
                        frame(IMAGE).replace("<draw:frame", f'<draw:frame svg:width="{size}" svg:height="{size}"')
                        for size in ("2mm", "3mm")
                    ),
                )
            ),
            parts={"Pictures/1.png": png()},
        ),
    ),
    "a figure of which nothing is shown": (
        "unshown-text",
        document(row(cell(61).replace("<text:p>61</text:p>", "<text:p>c</text:p>"))),
    ),
}


@pytest.mark.parametrize("how", READ_BY_NOBODY)
def test_what_nobody_can_read_in_a_cell_is_found(how):
    rule, content = READ_BY_NOBODY[how]
    seen = " ".join(f"{found.cell} {found.what}" for found in inspect(content, "made.ods") if found.rule_id == rule)
    assert re.search(r"\bA[78]\b", seen)  # A8 is beneath what begins in A7


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("float", "1234.5678", "1,234.57"),
        ("percentage", "0.0525", "5.3%"),
        ("currency", "-12.5", "(£12.50)"),
        ("float", "1234567", "1.2m"),
        ("float", "0", "-"),
        ("float", "61", "61 offences"),
    ],
)
def test_a_figure_may_be_shown_rounded_and_with_words(kind, value, shown):
    held = cell(7).replace('"float"', f'"{kind}"').replace('office:value="7"', f'office:value="{value}"')
    content = document(row(held.replace(">7<", f">{shown}<")))
    assert not [found for found in inspect(content, "made.ods") if found.rule_id == "unshown-text"]


@pytest.mark.parametrize(
    ("rule", "content", "sheet", "where"),
    [pytest.param(rule, *rest, id=rule) for rule, rest in PLANTED.items()]
    + [pytest.param(*fault, id=f"{fault[0]}: {name}") for name, fault in HIDING.items()],
)
def test_a_planted_fault_is_found_at_its_place(rule, content, sheet, where):
    (found, *_) = [finding for finding in inspect(content, "made.ods") if finding.rule_id == rule]
    assert (found.sheet, found.cell) == (sheet, where)


def test_a_text_within_a_text_that_cannot_be_seen_is_found():
    content = document(row(spanned(PRIVATE)), styles=WHITE_SPAN)
    assert "same-colour" in {finding.rule_id for finding in inspect(content, "made.ods")}


@pytest.mark.parametrize("folder", ["Basic/Standard/Module1.xml", "Scripts/python/x.py", "Dialogs/Standard/D.xml"])
def test_a_folder_of_scripts_is_macros(folder):
    content = document(parts={folder: "<x/>"})
    assert "macros" in {finding.rule_id for finding in inspect(content, "made.ods")}


@pytest.mark.parametrize(
    "content",
    [
        document(),
        document(row("Arson", 10, 12), settings=NO_PRINTER),
        document(row(cell("Notes", inside="")), parts={"Pictures/1.png": png()}),
        document(parts={"Chart 1/content.xml": chart(rows=2)}),
        document(meta='<meta:user-defined meta:name="AppVersion">12.0000</meta:user-defined>'),
        document(row('<table:table-cell table:number-columns-repeated="16384"/>')),
        document(
            beside='<table:named-expressions><table:named-range table:name="_xlnm.Print_Titles" '
            'table:cell-range-address="$Offences.$4:.$4"/><table:named-range table:name="_xlnm.Print_Area" '
            'table:cell-range-address="$Offences.$A$1:.$L$30"/></table:named-expressions>'
        ),
    ],
    ids=["plain", "printer of nobody", "picture", "chart", "kept by LibreOffice", "many blank columns", "print titles"],
)
def test_nothing_in_a_good_spreadsheet_blocks(content):
    assert [finding for finding in inspect(content, "good.ods") if finding.severity is Severity.BLOCKS] == []


def test_an_encrypted_spreadsheet_is_said_to_be_so():
    parts = unpacked(document())
    listed = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    content = packed(parts | {"META-INF/manifest.xml": root("manifest:manifest", listed)})
    (found,) = inspect(content, "made.ods")
    assert found.what == "made.ods is encrypted with a password, so nobody can look into it."


def test_content_that_is_broken_blocks():
    content = packed(unpacked(document()) | {"content.xml": b"<office:document-content"})
    found = [finding for finding in inspect(content, "made.ods") if finding.rule_id == "unread-part"]
    assert [finding.part for finding in found] == ["content.xml"]


def test_the_document_counts_what_is_planted_here():
    page = (Path(__file__).parents[2] / "docs" / "gate.md").read_text(encoding="utf-8")
    assert f", {len(PLANTED) + len(HIDING)} in .ods" in " ".join(page.split())
