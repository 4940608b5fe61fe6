"""Good workbooks, of several kinds and from several programs, made by code: nothing in them blocks."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zlib

import openpyxl
import xlsxwriter
from corpus_packages import packed, unpacked
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.table import Table

ROWS = (("Burglary dwelling", 104, 61), ("Criminal damage", 264, 245), ("Shoplifting", 32, 59), ("Arson", 10, 12))
HEADINGS = ("Offence", "Apr-Jun 2010", "Apr-Jun 2011")
CREATED = dt.datetime(2011, 7, 29, tzinfo=dt.UTC)
PROPERTIES = {"title": "Recorded crime", "author": "Research Group", "company": "Research Group", "created": CREATED}


def piece(kind, data):
    """Return a piece of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width=4, height=4):
    """Return a small picture."""
    rows = b"".join(b"\0" + b"\x12\x43\x6d" * width for _ in range(height))
    header = piece(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + piece(b"IDAT", zlib.compress(rows)) + piece(b"IEND", b"")


def rgba(points, how=0):
    """Return a PNG of rows of points with their transparency, each row written in one of five ways."""
    size, rows, above = 4, b"", bytes(4 * len(points[0]))
    for line in points:
        row = b"".join(line)
        shown = bytearray()
        for at, byte in enumerate(row):
            left, corner = (row[at - size], above[at - size]) if at >= size else (0, 0)
            expected = left + above[at] - corner
            nearest = min((left, above[at], corner), key=lambda each, expected=expected: abs(expected - each))
            shown.append(byte - (0, left, above[at], (left + above[at]) // 2, nearest)[how] & 0xFF)
        rows, above = rows + bytes([how]) + shown, row
    header = struct.pack(">IIBBBBB", len(points[0]), len(points), 8, 6, 0, 0, 0)
    pieces = (piece(b"IHDR", header), piece(b"IDAT", zlib.compress(rows)), piece(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces)


class Made:
    """A workbook in the making by XlsxWriter: its worksheets and the formats that they share."""

    def __init__(self, book, marking):
        self.book = book
        self.wrapped = book.add_format({"text_wrap": True})
        self.cover, self.contents, self.offences, self.notes = map(
            book.add_worksheet, ("Cover", "Contents", "Offences", "Notes")
        )
        for sheet in book.worksheets():
            sheet.set_paper(9)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.set_column(0, 0, 40)
            sheet.set_column(1, 2, 14)
            sheet.write("A2", marking)


def with_xlsxwriter(plant=lambda _: None, *, properties=PROPERTIES, chart=True, table=True, marking="OFFICIAL"):
    """Return a good workbook by XlsxWriter, with something planted in it."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties(properties)
    made = Made(book, marking)
    made.cover.write("A1", "Recorded crime, South Cambridgeshire")
    made.contents.write("A1", "Contents")
    for row, name in enumerate(("Cover", "Offences", "Notes"), 3):
        made.contents.write_url(row, 0, f"internal:'{name}'!A1", string=name)
    made.offences.write("A1", "Offences by group [note 1]")
    for down, line in enumerate((HEADINGS, *ROWS), 3):
        made.offences.write_row(down, 0, line)
    if table:
        columns = [{"header": heading} for heading in HEADINGS]
        made.offences.add_table(
            "A4:C8", {"name": "tblOffences", "columns": columns, "style": None, "autofilter": False}
        )
    if chart:
        drawn = book.add_chart({"type": "column"})
        drawn.add_series(
            {"categories": "=Offences!$A$5:$A$8", "values": "=Offences!$C$5:$C$8", "name": "=Offences!$C$4"}
        )
        made.offences.insert_chart("E4", drawn, {"description": "Columns of the offences in 2011, as in the table."})
    made.notes.write("A1", "Notes")
    made.notes.write("A4", "[note 1] Police recorded crime.")
    plant(made)
    book.close()
    return content.getvalue()


def with_openpyxl(plant=lambda _: None, *, chart=False, styled=False):
    """Return a good workbook by openpyxl, with something planted in it."""
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.title, book.properties.language = (
        "Research Group",
        "Recorded crime",
        "en-GB",
    )
    book.properties.created = book.properties.modified = CREATED.replace(tzinfo=None)
    sheet = book.active
    sheet.title = "Offences"
    sheet["A1"], sheet["A2"] = "Offences by group", "OFFICIAL"
    for down, line in enumerate((HEADINGS, *ROWS), 4):
        for across, value in enumerate(line, 1):
            sheet.cell(down, across, value)
    sheet.column_dimensions["A"].width = 40
    sheet.add_table(Table(displayName="tblOffences", ref="A4:C8"))
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    if chart:
        drawn = LineChart() if styled else BarChart()
        drawn.add_data(Reference(sheet, min_col=3, min_row=4, max_row=8), titles_from_data=True)
        sheet.add_chart(drawn, "E4")
    if styled:
        for cell in sheet[4]:
            cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="12436D")
            cell.alignment = Alignment(wrap_text=True)
    plant(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _pictured(made):
    made.cover.insert_image("C4", "badge.png", {"image_data": io.BytesIO(png()), "description": "The badge"})


def _styled_table(made):
    columns = [{"header": heading} for heading in HEADINGS]
    made.notes.add_table("A8:C10", {"columns": columns, "data": ROWS[:2], "style": "Table Style Medium 2"})
    made.notes.set_column(0, 2, 24)


def _white_heading_of_a_styled_table(made):
    white = made.book.add_format({"font_color": "#FFFFFF", "bold": True})
    columns = [{"header": heading, "header_format": white} for heading in HEADINGS]
    made.notes.add_table("A8:C10", {"columns": columns, "data": ROWS[:2], "style": "Table Style Medium 2"})


def _formatted(made):
    percent = made.book.add_format({"num_format": '+ 0.0%;- 0.0%;"No Calc"'})
    dark = made.book.add_format({"font_color": "#FFFFFF", "bg_color": "#12436D"})
    made.notes.write("A6", "Change", dark)
    made.notes.write("B6", -0.106, percent)
    made.notes.write("C6", dt.date(2011, 7, 29), made.book.add_format({"num_format": "d mmmm yyyy"}))


def _conditional(made):
    fill = made.book.add_format({"bg_color": "#F8CFCF"})
    made.offences.conditional_format("C5:C8", {"type": "cell", "criteria": ">", "value": 100, "format": fill})
    made.offences.conditional_format("B5:B8", {"type": "data_bar"})
    made.offences.conditional_format("B5:B8", {"type": "data_bar", "data_bar_2010": True})


def _linked(made):
    made.notes.write_url("A6", "https://www.ons.gov.uk/", string="Office for National Statistics")
    made.notes.write_url("A7", "mailto:statistics@example.org", string="Write to us")


def _filterable(made):
    made.notes.write_row("A6", HEADINGS)
    made.notes.write_row("A7", ROWS[0])
    made.notes.autofilter("A6:C7")


def _rich(made):
    bold = made.book.add_format({"bold": True})
    made.notes.write_rich_string("A6", "All ", bold, "recorded", " offences")
    made.notes.write("A7", "Ünïcode, <markup> & \U0001f693")


def _printed(made):
    made.offences.print_area("A1:L30")
    made.offences.repeat_rows(3)
    made.offences.freeze_panes(4, 1)
    made.offences.set_header("&COFFICIAL")
    made.offences.protect()


def _sparkling(made):
    made.offences.add_sparkline("D5", {"range": "Offences!B5:C5"})


def _charts(made):
    for at, kind in enumerate(("line", "bar", "pie", "scatter", "area")):
        drawn = made.book.add_chart({"type": kind})
        drawn.add_series({"categories": "=Offences!$A$5:$A$8", "values": "=Offences!$B$5:$B$8"})
        made.offences.insert_chart(20 + 16 * at, 4, drawn, {"description": "As in the table"})


def _long(made):
    for row in range(300):
        made.notes.write_row(10 + row, 0, [f"Ward {row}", row, row * 2])


def _grouped(made):
    made.offences.set_row(5, None, None, {"level": 1})
    made.offences.set_column(1, 1, 14, None, {"level": 1})


def _boxed(made):
    made.cover.insert_textbox("C4", "For discussion on Tuesday", {"description": "For discussion on Tuesday"})


def _formats_of_every_kind(made):
    formats = (
        "General",
        "#,##0;-#,##0;0",
        '0.0;-0.0;"-"',
        "[$\u00a3-809]#,##0.00",
        "[h]:mm",
        "d mmm yyyy",
        "0.0E+00",
        "# ?/?",
        "[Red]-0;[Blue]0",
        '[<1000]0;[>=1000]0.0,"k"',
        '0 "offences"',
        "0;-0;;@",
        "@",
    )
    for row, number_format in enumerate(formats, 5):
        made.notes.write(row, 1, 35, made.book.add_format({"num_format": number_format}))
        made.notes.write(row, 2, "words", made.book.add_format({"num_format": number_format}))


def _beside(made):
    """A picture, an outline that can be seen through, and a chart after the table's last column."""
    made.notes.insert_image("E4", "badge.png", {"image_data": io.BytesIO(png(200, 100)), "description": "The badge"})
    made.notes.insert_textbox("A3", "", {"fill": {"none": True}, "description": "A frame about the notes"})
    made.notes.set_header("&C&16OFFICIAL&R&P of &N")
    made.notes.conditional_format(
        "A4:A9",
        {"type": "text", "criteria": "containing", "value": "recorded", "format": made.book.add_format({"bold": True})},
    )


def _with_language(content):
    parts = unpacked(content)
    core = "docProps/core.xml"
    parts[core] = parts[core].replace(b"</cp:coreProperties>", b"<dc:language>en-GB</dc:language></cp:coreProperties>")
    return packed(parts)


def _stored_apart(content):
    """Return the workbook as other programs store it: a namespace with a prefix, texts in their cells."""
    parts = unpacked(content)
    sheet = "xl/worksheets/sheet4.xml"
    text = parts[sheet].decode().replace('xmlns="http://schemas', 'xmlns:x="http://schemas')
    for name in ("worksheet", "sheetData", "row", "c", "v", "sheetViews", "sheetView", "dimension", "cols", "col"):
        text = (
            text.replace(f"<{name} ", f"<x:{name} ")
            .replace(f"<{name}>", f"<x:{name}>")
            .replace(f"</{name}>", f"</x:{name}>")
        )
    for name in ("sheetPr", "pageSetUpPr", "sheetFormatPr", "pageMargins", "pageSetup"):
        text = text.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")
    parts[sheet] = text.encode()
    return packed(parts)


XLSXWRITER = {
    "plain": with_xlsxwriter,
    "without chart": lambda: with_xlsxwriter(chart=False),
    "without table": lambda: with_xlsxwriter(table=False),
    "picture": lambda: with_xlsxwriter(_pictured),
    "styled table": lambda: with_xlsxwriter(_styled_table),
    "white heading of a styled table": lambda: with_xlsxwriter(_white_heading_of_a_styled_table),
    "formats": lambda: with_xlsxwriter(_formatted),
    "conditional formats": lambda: with_xlsxwriter(_conditional),
    "links to the web": lambda: with_xlsxwriter(_linked),
    "filter that leaves nothing out": lambda: with_xlsxwriter(_filterable),
    "rich text": lambda: with_xlsxwriter(_rich),
    "print set-up": lambda: with_xlsxwriter(_printed),
    "sparklines": lambda: with_xlsxwriter(_sparkling),
    "many charts": lambda: with_xlsxwriter(_charts),
    "long": lambda: with_xlsxwriter(_long),
    "outline": lambda: with_xlsxwriter(_grouped),
    "sensitive": lambda: with_xlsxwriter(marking="OFFICIAL-SENSITIVE"),
    "text box": lambda: with_xlsxwriter(_boxed),
    "formats of every kind": lambda: with_xlsxwriter(_formats_of_every_kind),
    "pictures beside the cells": lambda: with_xlsxwriter(_beside),
}
OPENPYXL = {
    "plain": with_openpyxl,
    "bars": lambda: with_openpyxl(chart=True),
    "lines and styles": lambda: with_openpyxl(chart=True, styled=True),
    "two sheets": lambda: with_openpyxl(lambda book: book.create_sheet("Notes").append(["OFFICIAL"])),
    "frozen": lambda: with_openpyxl(lambda book: setattr(book.active, "freeze_panes", "B5")),
}
EDITED = {
    "language": lambda: _with_language(with_xlsxwriter()),
    "prefixed namespace": lambda: _stored_apart(with_xlsxwriter()),
    "stored again": lambda: packed(unpacked(with_openpyxl())),
}
