"""Packages made to hurt whoever opens them, and one that is only large."""

from __future__ import annotations

import io
import zipfile
from random import Random

from corpus_document import document, row
from corpus_good import with_openpyxl, with_xlsxwriter
from corpus_packages import packed, replaced, unpacked, with_part
from hypothesis import settings

SHEET = "xl/worksheets/sheet1.xml"
CELLS_ACROSS = 12
ALL_DRAWS = 100


def large(rows, sheets=1):
    """Return a workbook of many cells of random numbers, written without a library to be written soon."""
    parts = unpacked(with_openpyxl())
    many = Random(1)  # noqa: S311 - figures, not secrets
    content = io.BytesIO()
    book, relations, types = (
        parts[name].decode() for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml")
    )
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(2, sheets + 2):
            book = book.replace(
                "</sheets>",
                f'<sheet name="Data {number}" sheetId="{number}" r:id="big{number}" '
                'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></sheets>',
            )
            line = (
                f'<Relationship Id="big{number}" Target="/xl/worksheets/big{number}.xml" Type="http://schemas.'
                'openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
            )
            relations = relations.replace("</Relationships>", line)
            types = types.replace(
                "</Types>",
                f'<Override PartName="/xl/worksheets/big{number}.xml" ContentType="application/'
                'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
            )
            with archive.open(f"xl/worksheets/big{number}.xml", "w", force_zip64=True) as sheet:
                sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
                for down in range(1, rows + 1):
                    cells = "".join(
                        f'<c r="{chr(65 + across)}{down}"><v>{many.random()}</v></c>' for across in range(CELLS_ACROSS)
                    )
                    sheet.write(f'<row r="{down}">{cells}</row>'.encode())
                sheet.write(b"</sheetData></worksheet>")
        changed = {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": relations, "[Content_Types].xml": types}
        for name, part in (parts | changed).items():
            archive.writestr(name, part)
    return content.getvalue()


def bomb(size=1 << 30):
    """Return a workbook one part of which unpacks to a gigabyte of nothing."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in unpacked(with_xlsxwriter()).items():
            archive.writestr(name, part)
        with archive.open("xl/media/image1.png", "w", force_zip64=True) as entry:
            for _ in range(size >> 20):
                entry.write(bytes(1 << 20))
    return content.getvalue()


def _in_sheet(text, old="<sheetData>"):
    return replaced(with_xlsxwriter(), SHEET, old, text)


def _cells(text):
    return _in_sheet(f'<sheetData><row r="900">{text}</row>')


ENDLESS = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" '
    'office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
)


def many_trees():
    """Return a workbook with many parts of much XML each."""
    parts = unpacked(with_xlsxwriter())
    return packed(parts | {f"xl/styles{number}.xml": b"<x>" + b"<y/>" * 250_000 + b"</x>" for number in range(12)})


MANY = 3_000_000 if settings.default.max_examples >= ALL_DRAWS else 500_000
"""Rows: as many as fill a part to its limit, and fewer in make quick."""

HOSTILE = {
    "many trees": many_trees,
    "texts of 9 MB": lambda: _cells(f'<c r="A900" t="inlineStr"><is><t>{"x" * 9_000_000}</t></is></c>' * 8),
    "long texts in many rows": lambda: _in_sheet(
        "<sheetData>" + f'<row><c t="inlineStr"><is><t>{"x" * 30_000}</t></is></c></row>' * 3_000
    ),
    "a gigabyte of nothing": bomb,
    "twenty thousand parts": lambda: packed([(f"xl/{number}.xml", b"<x/>") for number in range(20_000)]),
    "one part twenty thousand times": lambda: packed([(SHEET, b"<x/>")] * 9_000),
    "entities within entities": lambda: _in_sheet(
        "<!DOCTYPE a [" + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 9}">' for n in range(9)) + "]><worksheet",
        "<worksheet",
    ),
    "very deep XML": lambda: _in_sheet("<x>" * 100_000 + "<sheetData>"),
    "a million merged cells": lambda: _in_sheet(
        "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 400_000 + "</mergeCells><sheetData>"
    ),
    "a text of 20 MB": lambda: _cells(f'<c r="A900" t="inlineStr"><is><t>{"x" * 20_000_000}</t></is></c>'),
    "a row of a million cells": lambda: _cells('<c t="n"><v>1</v></c>' * 1_000_000),
    "a table over the whole worksheet": lambda: replaced(
        with_xlsxwriter(), "xl/tables/table1.xml", 'ref="A4:C8"', 'ref="A4:XFD1048576"'
    ),
    "a chart of the whole worksheet": lambda: replaced(
        with_xlsxwriter(), "xl/charts/chart1.xml", "Offences!$C$5:$C$8", "Offences!$A$1:$XFD$1048576"
    ),
    "columns without end": lambda: _in_sheet('<cols><col min="1" max="2000000000" width="0"/></cols><sheetData>'),
    "a row of a thousand digits": lambda: _in_sheet(f'<sheetData><row r="{"9" * 1_000}"><c><v>1</v></c></row>'),
    "a row of ten thousand digits": lambda: _in_sheet(f'<sheetData><row r="{"9" * 10_000}"><c><v>1</v></c></row>'),
    "a namespace on every row": lambda: _in_sheet(
        '<sheetData><row xmlns:x="urn:a"/>' + '<row xmlns:x="urn:a"/>' * MANY
    ),
    "a remark in every row": lambda: _in_sheet("<sheetData>" + "<row><!--x--></row>" * MANY),
    "a remark after every row": lambda: _in_sheet("<sheetData>" + "<row/><!--x-->" * MANY),
    "something else after every row": lambda: _in_sheet("<sheetData>" + "<row/><x/>" * MANY),
    "numbers that are none": lambda: _in_sheet('<sheetData><row r="x" ht="y"><c r="!" t="s"><v>z</v></c></row>'),
    "an author of a megabyte": lambda: with_xlsxwriter(properties={"author": "a" * 1_000_000 + "!"}),
    "parts that lead to one another": lambda: with_part(
        with_xlsxwriter(), "xl/a.xml", "<x/>", source="xl/a.xml", kind="drawing", target="/xl/a.xml"
    ),
    "cells without end, in .ods": lambda: document(*[ENDLESS] * 2_000),
    "rows of no number, in .ods": lambda: document(
        row("x").replace("<table:table-row", '<table:table-row table:number-rows-repeated="x"')
    ),
}
