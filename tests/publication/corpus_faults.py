"""Planted faults, each alone in an otherwise good workbook: which rule has to find it, and where."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from corpus_binary import binary_workbook
from corpus_good import ROWS, png, with_openpyxl, with_xlsxwriter
from corpus_packages import (
    packed,
    replaced,
    unpacked,
    with_bytes_between,
    with_bytes_within,
    with_part,
    with_relationship,
    with_zip,
)
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.scenario import InputCells, Scenario, ScenarioList

if TYPE_CHECKING:
    from collections.abc import Callable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
COVER, OFFENCES = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"
MADE_SHEET = "xl/worksheets/sheet1.xml"
PRIVATE = "Held at 14 Chapel Lane, reference 35/1204/11"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One planted fault."""

    name: str
    rule: str
    content: Callable[[], bytes]
    sheet: str = ""
    cell: str = ""
    part: str = ""

    def __str__(self):
        return f"{self.rule}: {self.name}"


def written(plant, **how):
    return partial(with_xlsxwriter, plant, **how)


def saved(plant, **how):
    return partial(with_openpyxl, plant, **how)


def edited(part, old, new, base=with_xlsxwriter):
    return lambda: replaced(base(), part, old, new)


def added(name, part, base=with_xlsxwriter, **how):
    return lambda: with_part(base(), name, part, **how)


def cell_formatted(**look):
    """Return what writes a text in a format of its own into a cell of the worksheet Notes."""
    return lambda made: made.notes.write("A6", PRIVATE, made.book.add_format(look))


def number_formatted(**look):
    return lambda made: made.notes.write("B6", 35, made.book.add_format(look))


def openpyxl_cell(**looks):
    def plant(book):
        cell = book.active["E9"]
        cell.value = PRIVATE
        for name, look in looks.items():
            setattr(cell, name, look)

    return plant


def second_sheet(state):
    def plant(book):
        sheet = book.create_sheet("Data")
        sheet.append([PRIVATE])
        sheet.sheet_state = state

    return plant


def hidden_sheet(made):
    sheet = made.book.add_worksheet("Data")
    sheet.write("A1", PRIVATE)
    sheet.hide()


def very_hidden_sheet(made):
    sheet = made.book.add_worksheet("Data")
    sheet.write("A1", PRIVATE)
    sheet.very_hidden()


def filtered(made):
    made.notes.write_row("A6", ("Offence", "Count"))
    made.notes.write_row("A7", ("Arson", 1))
    made.notes.autofilter("A6:B7")
    made.notes.filter_column(0, "x == Theft")


def scenario(book):
    cells = [InputCells(r="C5", val="61")]
    book.active.scenarios = ScenarioList(scenario=[Scenario(name="As recorded", user="A person", inputCells=cells)])


def named(book):
    book.defined_names["Victims"] = DefinedName("Victims", attr_text="Offences!$A$5:$A$8")


def constant_named(made):
    made.book.define_name("Constant", '="Chapel Lane"')


def merged_over_values(book):
    book.active["E10"], book.active["F10"] = "Wards", PRIVATE
    book.active.merged_cells.add("E10:F10")


def commented(book):
    book.active["A5"].comment = Comment("Ask the desk sergeant", "A person")


def validated(book):
    rule = DataValidation(type="whole", operator="between", formula1="0", formula2="9", promptTitle="x", prompt=PRIVATE)
    rule.add("C5")
    book.active.add_data_validation(rule)


def validated_elsewhere(book):
    rule = DataValidation(type="list", formula1="[1]Wards!$A$1:$A$9")
    rule.add("C5")
    book.active.add_data_validation(rule)


def conditional_white(made):
    white = made.book.add_format({"font_color": "#FFFFFF"})
    made.offences.conditional_format("C5:C8", {"type": "cell", "criteria": "<", "value": 99, "format": white})


def conditional_nothing(made):
    nothing = made.book.add_format({"num_format": ";;;"})
    made.offences.conditional_format("C5:C8", {"type": "cell", "criteria": "<", "value": 99, "format": nothing})


def colour_scale(made):
    made.offences.conditional_format("C5:C8", {"type": "3_color_scale"})


def bare_icons(made):
    made.offences.conditional_format(
        "C5:C8", {"type": "icon_set", "icon_style": "3_traffic_lights", "icons_only": True}
    )


def pictured(content, name="badge.png", description="The badge"):
    return lambda made: made.cover.insert_image(
        "C4", name, {"image_data": io.BytesIO(content), "description": description}
    )


def with_exif():
    """Return a small JPEG picture that says by which camera it was taken."""
    exif = b"\xff\xe1" + (2 + 32).to_bytes(2, "big") + b"Exif\0\0" + b"CAMERA OF A PERSON, 52.1N".ljust(26, b"\0")
    frame = b"\xff\xc0" + (17).to_bytes(2, "big") + b"\x08\0\x04\0\x04\x03\x01\x11\0\x02\x11\0\x03\x11\0"
    scan = b"\xff\xda" + (12).to_bytes(2, "big") + b"\x03\x01\0\x02\0\x03\0\0\x3f\0" + b"\x12\xff\0\x34"
    return b"\xff\xd8" + exif + frame + scan + b"\xff\xd9"


def with_text():
    """Return a small PNG picture with a text in it."""
    import struct
    import zlib

    text = b"Comment\0" + PRIVATE.encode()
    piece = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    return png()[:33] + piece + png()[33:]


def with_archive_after():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr("rows.csv", PRIVATE)
    return png() + archive.getvalue()


def jpeg_pictured(content):
    """Return a workbook with a picture in JPEG in the place of one in PNG."""
    parts = unpacked(with_xlsxwriter(pictured(png())))
    parts["xl/media/image1.jpeg"] = content
    del parts["xl/media/image1.png"]
    drawn = "xl/drawings/_rels/drawing1.xml.rels"
    parts[drawn] = parts[drawn].replace(b"image1.png", b"image1.jpeg")
    types = "[Content_Types].xml"
    parts[types] = parts[types].replace(
        b'Extension="png" ContentType="image/png"', b'Extension="jpeg" ContentType="image/jpeg"'
    )
    return packed(parts)


def openpyxl_theme(number):
    from openpyxl.styles.colors import Color

    return Color(theme=number)


def chart_edited(old, new):
    return edited("xl/charts/chart1.xml", old, new)


def sourced_elsewhere(made, *, hidden=False):
    data = made.book.add_worksheet("Data")
    data.write_column("A1", ["OFFICIAL"] if not hidden else [])
    data.write_column("B2", [5, 6, 7])
    if hidden:
        data.hide()
    drawn = made.book.add_chart({"type": "column"})
    drawn.add_series({"values": "=Data!$B$2:$B$4"})
    made.notes.insert_chart("E4", drawn, {"description": "As on another worksheet"})


def chart_undescribed(made):
    drawn = made.book.add_chart({"type": "column"})
    drawn.add_series({"values": "=Offences!$C$5:$C$8"})
    made.offences.insert_chart("E22", drawn)


def table_of_notes(data, headings=("Ward", "Offences", "Share"), **how):
    def plant(made):
        columns = [{"header": heading} for heading in headings]
        made.notes.add_table(
            "A8:C11", {"name": "tblWards", "columns": columns, "data": data, "autofilter": False, **how}
        )

    return plant


def calculated(made):
    columns = [{"header": "Ward"}, {"header": "Offences"}, {"header": "Twice", "formula": "=[@Offences]*2"}]
    made.notes.add_table(
        "A8:C9", {"name": "tblWards", "columns": columns, "data": [["Milton", 3]], "autofilter": False}
    )


def marked(**markings):
    def plant(book):
        for name, marking in markings.items():
            sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
            sheet["A2"] = marking

    return plant


def texts(*rows, sheet="Returns", marking="OFFICIAL"):
    def plant(book):
        made = book.create_sheet(sheet)
        made.append(["Partner returns"])
        made.append([marking])
        for row in rows:
            made.append(row)
        made.column_dimensions["A"].width = made.column_dimensions["B"].width = 60

    return plant


def drawn_with_macro():
    content = with_xlsxwriter(lambda made: made.cover.insert_textbox("C4", "Go", {"description": "Go"}))
    return replaced(content, "xl/drawings/drawing1.xml", '<xdr:sp macro=""', '<xdr:sp macro="[0]!Go"')


def hidden_shape():
    content = with_xlsxwriter(lambda made: made.cover.insert_textbox("C4", PRIVATE, {"description": "Go"}))
    return replaced(content, "xl/drawings/drawing1.xml", 'name="TextBox 1"', 'name="TextBox 1" hidden="1"')


def named_twice():
    parts = unpacked(with_xlsxwriter())
    return packed([("xl/worksheets/sheet1.xml", PRIVATE), *parts.items()])


def named_in_capitals():
    parts = unpacked(with_xlsxwriter())
    return packed([*parts.items(), ("XL/Worksheets/Sheet1.xml", parts[COVER])])


def named_otherwise():
    content = with_xlsxwriter()
    return content.replace(b"docProps/app.xml", b"docProps/apq.xml", 1)


def remarked(archive, _):
    archive.comment = PRIVATE.encode()


def remarked_on_an_entry(_, entry):
    entry.comment = PRIVATE.encode()


def with_field(_, entry):
    entry.extra = b"\x99\x99" + len(PRIVATE).to_bytes(2, "little") + PRIVATE.encode()


def with_long_padding(_, entry):
    entry.extra = b"\x20\xa2" + (4 + len(PRIVATE)).to_bytes(2, "little") + b"\x28\xa0\0\0" + PRIVATE.encode()


def unused_text():
    return replaced(with_xlsxwriter(), "xl/sharedStrings.xml", "</sst>", f"<si><t>{PRIVATE}</t></si></sst>")


def colours():
    """Return colours that no cell has, many enough to weigh something."""
    digests = (hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest() for number in range(60_000))
    named = "".join(f'<a:custClr><a:srgbClr val="{digest[:6]}"/></a:custClr>' for digest in digests)
    return f"<a:custClrLst>{named}</a:custClrLst>"


def without_worksheets():
    parts = unpacked(with_xlsxwriter())
    book = parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = book[: book.index(b"<sheets>")] + b"<sheets/>" + book[book.index(b"</sheets>") + 9 :]
    return packed(parts)


def part_of_kind(rule, name, content_type, kind, *, source="xl/workbook.xml", sheet="", text="<x/>", label="a part"):
    return Fault(
        name=f"{label}, {name}",
        rule=rule,
        sheet=sheet,
        part=name,
        content=added(name, text, content_type=content_type, source=source, kind=kind),
    )


OFFICE = "http://schemas.microsoft.com/office"
EXCEL = "application/vnd.ms-excel"


def long(made):
    for row in range(26_000):
        made.notes.write_row(5 + row, 0, [row, row, row, row])


ARCHIVE = (
    Fault(name="of rows", rule="texts-unread", sheet="Notes", part="xl/worksheets/sheet4.xml", content=written(long)),
    Fault(name="a binary workbook", rule="formats-unread", content=binary_workbook),
    Fault(name="bytes in front", rule="bytes-before", content=lambda: PRIVATE.encode() + with_xlsxwriter()),
    Fault(
        name="bytes after the first entry",
        rule="bytes-between",
        part="[Content_Types].xml",
        content=lambda: with_bytes_between(packed(unpacked(with_xlsxwriter())), PRIVATE.encode()),
    ),
    Fault(name="bytes at the end", rule="bytes-after", content=lambda: with_xlsxwriter() + PRIVATE.encode()),
    Fault(
        name="an archive at the end",
        rule="bytes-after",
        content=lambda: with_openpyxl() + with_archive_after()[-60:-22],
    ),
    Fault(
        name="bytes after a worksheet's own",
        rule="bytes-within",
        part=COVER,
        sheet="Cover",
        content=lambda: with_bytes_within(with_xlsxwriter(), COVER, PRIVATE.encode()),
    ),
    Fault(name="another worksheet of its name", rule="named-twice", part=COVER, sheet="Cover", content=named_twice),
    Fault(name="in capitals", rule="named-twice", part="XL/Worksheets/Sheet1.xml", content=named_in_capitals),
    Fault(name="in the directory", rule="named-otherwise", part="docProps/app.xml", content=named_otherwise),
    Fault(
        name="above the folder",
        rule="odd-path",
        part="../../startup.xml",
        content=lambda: packed(unpacked(with_xlsxwriter()) | {"../../startup.xml": b"<x/>"}),
    ),
    Fault(
        name="from the root",
        rule="odd-path",
        part="/etc/startup.xml",
        content=lambda: packed(unpacked(with_xlsxwriter()) | {"/etc/startup.xml": b"<x/>"}),
    ),
    Fault(name="on the package", rule="package-comment", content=lambda: with_zip(with_xlsxwriter(), remarked)),
    Fault(
        name="on an entry",
        rule="package-comment",
        part="[Content_Types].xml",
        content=lambda: with_zip(with_xlsxwriter(), remarked_on_an_entry),
    ),
    Fault(
        name="a field",
        rule="header-field",
        part="[Content_Types].xml",
        content=lambda: with_zip(with_xlsxwriter(), with_field),
    ),
    Fault(
        name="padding that is none",
        rule="header-field",
        part="[Content_Types].xml",
        content=lambda: with_zip(with_xlsxwriter(), with_long_padding),
    ),
    Fault(
        name="200 kB of theme",
        rule="size",
        content=lambda: replaced(with_xlsxwriter(), "xl/theme/theme1.xml", "</a:theme>", f"{colours()}</a:theme>"),
    ),
    Fault(
        name="a worksheet whose XML is cut off",
        rule="unread-part",
        part=OFFENCES,
        sheet="Offences",
        content=edited(OFFENCES, "</sheetData>", ""),
    ),
    Fault(
        name="entities",
        rule="unread-part",
        part=COVER,
        sheet="Cover",
        content=edited(COVER, "<worksheet", '<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet'),
    ),
    Fault(
        name="a workbook without any",
        rule="no-worksheet",
        part="xl/workbook.xml",
        content=without_worksheets,
    ),
)

LINKS = "xl/externalLinks/externalLink1.xml"
PARTS = (
    part_of_kind(
        "pivot-cache",
        "xl/pivotCache/pivotCacheDefinition1.xml",
        f"{SHEET_TYPE}.pivotCacheDefinition+xml",
        "pivotCacheDefinition",
    ),
    part_of_kind(
        "pivot-cache",
        "xl/other.xml",
        f"{SHEET_TYPE}.pivotCacheRecords+xml",
        "pivotCacheRecords",
        label="under another name",
    ),
    part_of_kind(
        "pivot-table",
        "xl/pivotTables/pivotTable1.xml",
        f"{SHEET_TYPE}.pivotTable+xml",
        "pivotTable",
        source=OFFENCES,
        sheet="Offences",
    ),
    part_of_kind(
        "slicer",
        "xl/slicers/slicer1.xml",
        f"{EXCEL}.slicer+xml",
        f"{OFFICE}/2007/relationships/slicer",
        source=OFFENCES,
        sheet="Offences",
    ),
    part_of_kind(
        "slicer",
        "xl/timelines/timeline1.xml",
        f"{EXCEL}.timeline+xml",
        f"{OFFICE}/2011/relationships/timeline",
        source=OFFENCES,
        sheet="Offences",
    ),
    part_of_kind("external-link", LINKS, f"{SHEET_TYPE}.externalLink+xml", "externalLink"),
    part_of_kind("external-link", "xl/x.xml", f"{SHEET_TYPE}.externalLink+xml", "externalLink", label="renamed"),
    part_of_kind("connection", "xl/connections.xml", f"{SHEET_TYPE}.connections+xml", "connections"),
    part_of_kind(
        "query-table",
        "xl/queryTables/queryTable1.xml",
        f"{SHEET_TYPE}.queryTable+xml",
        "queryTable",
        source=OFFENCES,
        sheet="Offences",
    ),
    part_of_kind(
        "data-model",
        "xl/model/item.data",
        "application/vnd.openxmlformats-officedocument.model+data",
        f"{OFFICE}/2011/relationships/powerPivotData",
        text="x",
    ),
    part_of_kind(
        "live-data", "xl/volatileDependencies.xml", f"{SHEET_TYPE}.volatileDependencies+xml", "volatileDependencies"
    ),
    part_of_kind(
        "macros", "xl/vbaProject.bin", f"{OFFICE}.vbaProject", f"{OFFICE}/2006/relationships/vbaProject", text="x"
    ),
    part_of_kind(
        "macros",
        "xl/vbaProjectSignature.bin",
        f"{EXCEL}.vbaProjectSignature",
        f"{OFFICE}/2006/relationships/vbaProjectSignature",
        text="x",
    ),
    part_of_kind(
        "macro-sheet",
        "xl/macrosheets/sheet1.xml",
        f"{EXCEL}.macrosheet+xml",
        f"{OFFICE}/2006/relationships/xlMacrosheet",
    ),
    part_of_kind(
        "macro-sheet",
        "xl/macrosheets/intlsheet1.xml",
        f"{EXCEL}.intlmacrosheet+xml",
        f"{OFFICE}/2006/relationships/xlIntlMacrosheet",
    ),
    part_of_kind("dialog-sheet", "xl/dialogsheets/sheet1.xml", f"{SHEET_TYPE}.dialogsheet+xml", "dialogsheet"),
    part_of_kind(
        "form-control",
        "xl/ctrlProps/ctrlProp1.xml",
        f"{EXCEL}.controlproperties+xml",
        "ctrlProp",
        source=OFFENCES,
        sheet="Offences",
    ),
    part_of_kind(
        "activex-control",
        "xl/activeX/activeX1.xml",
        f"{OFFICE}.activeX+xml",
        "control",
        source=OFFENCES,
        sheet="Offences",
    ),
    part_of_kind(
        "activex-control",
        "xl/activeX/activeX1.bin",
        f"{OFFICE}.activeX",
        f"{OFFICE}/2006/relationships/activeXControlBinary",
        source=OFFENCES,
        sheet="Offences",
        text="x",
    ),
    part_of_kind(
        "ribbon", "customUI/customUI.xml", "application/xml", f"{OFFICE}/2006/relationships/ui/extensibility", source=""
    ),
    part_of_kind(
        "web-extension",
        "xl/webextensions/webextension1.xml",
        "application/vnd.ms-office.webextension+xml",
        f"{OFFICE}/2011/relationships/webextension",
        source="",
    ),
    part_of_kind(
        "embedded-file",
        "xl/embeddings/oleObject1.bin",
        f"{SHEET_TYPE}.oleObject",
        "oleObject",
        source=OFFENCES,
        sheet="Offences",
        text="x",
    ),
    part_of_kind(
        "embedded-file",
        "xl/embeddings/Book1.xlsx",
        f"{SHEET_TYPE}.sheet",
        "package",
        source=OFFENCES,
        sheet="Offences",
        text="PK",
    ),
    Fault(
        name="a note by openpyxl",
        rule="comment",
        sheet="Offences",
        part="xl/comments/comment1.xml",
        content=saved(commented),
    ),
    Fault(
        name="a note by XlsxWriter",
        rule="comment",
        sheet="Offences",
        part="xl/comments1.xml",
        content=written(lambda made: made.offences.write_comment("A5", "Ask the desk sergeant")),
    ),
    Fault(
        name="of a button",
        rule="legacy-drawing",
        sheet="Offences",
        part="xl/drawings/vmlDrawing1.vml",
        content=written(lambda made: made.offences.insert_button("E2", {"macro": "Go"})),
    ),
    Fault(
        name="of a picture in the header",
        rule="legacy-drawing",
        sheet="Offences",
        part="xl/drawings/vmlDrawing1.vml",
        content=written(
            lambda made: made.offences.set_header(
                "&C&G", {"image_center": "a.png", "image_data_center": io.BytesIO(png())}
            )
        ),
    ),
    part_of_kind(
        "threaded-comment",
        "xl/threadedComments/threadedComment1.xml",
        f"{EXCEL}.threadedcomments+xml",
        f"{OFFICE}/2017/10/relationships/threadedComment",
        source=OFFENCES,
        sheet="Offences",
    ),
    part_of_kind("person", "xl/persons/person.xml", f"{EXCEL}.person+xml", f"{OFFICE}/2017/10/relationships/person"),
    part_of_kind(
        "revision", "xl/revisions/revisionHeaders.xml", f"{SHEET_TYPE}.revisionHeaders+xml", "revisionHeaders"
    ),
    part_of_kind("revision", "xl/revisions/userNames.xml", f"{SHEET_TYPE}.userNames+xml", "usernames"),
    part_of_kind("custom-xml", "customXml/item1.xml", "application/xml", "customXml"),
    part_of_kind(
        "custom-xml",
        "customXml/itemProps1.xml",
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        "customXmlProps",
    ),
    part_of_kind("xml-map", "xl/xmlMaps.xml", "application/xml", "xmlMaps"),
    Fault(
        name="by XlsxWriter",
        rule="custom-property",
        part="docProps/custom.xml",
        content=written(lambda made: made.book.set_custom_property("Records number", "35/1204/11")),
    ),
    part_of_kind(
        "custom-property",
        "docProps/custom2.xml",
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        "custom-properties",
        source="",
        text="<x/>",
        label="empty",
    ),
    part_of_kind(
        "printer-settings",
        "xl/printerSettings/printerSettings1.bin",
        f"{SHEET_TYPE}.printerSettings",
        "printerSettings",
        source=OFFENCES,
        sheet="Offences",
        text="x",
    ),
    part_of_kind(
        "thumbnail",
        "docProps/thumbnail.jpeg",
        "image/jpeg",
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
        source="",
        text="x",
    ),
    part_of_kind("unknown-part", "xl/rows.csv", "text/csv", f"{OFFICE}/2099/relationships/rows", text=PRIVATE),
    Fault(name="without a content type", rule="unknown-part", part="rows.csv", content=added("rows.csv", PRIVATE)),
    Fault(
        name="a worksheet",
        rule="unreached-part",
        part="xl/worksheets/sheet9.xml",
        content=added(
            "xl/worksheets/sheet9.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
            content_type=f"{SHEET_TYPE}.worksheet+xml",
        ),
    ),
    Fault(
        name="a drawing",
        rule="missing-part",
        part=OFFENCES,
        sheet="Offences",
        content=lambda: with_relationship(with_xlsxwriter(), OFFENCES, "drawing", "../drawings/drawing9.xml"),
    ),
    Fault(
        name="in a worksheet",
        rule="xml-comment",
        part=OFFENCES,
        sheet="Offences",
        content=edited(OFFENCES, "<sheetData>", f"<!-- {PRIVATE} --><sheetData>"),
    ),
    Fault(
        name="among the rows",
        rule="xml-comment",
        part=OFFENCES,
        sheet="Offences",
        content=edited(OFFENCES, "</row>", f"</row><!--{PRIVATE}-->"),
    ),
    Fault(
        name="in the styles",
        rule="xml-comment",
        part="xl/styles.xml",
        content=edited("xl/styles.xml", "</styleSheet>", f"</styleSheet><!--{PRIVATE}-->", with_openpyxl),
    ),
    Fault(
        name="in the texts",
        rule="xml-comment",
        part="xl/sharedStrings.xml",
        content=edited("xl/sharedStrings.xml", "</sst>", f"<!--{PRIVATE}--></sst>"),
    ),
    Fault(
        name="in a worksheet",
        rule="xml-instruction",
        part=COVER,
        sheet="Cover",
        content=edited(COVER, "<worksheet", f"<?note {PRIVATE}?><worksheet"),
    ),
    Fault(
        name="an element",
        rule="foreign-xml",
        part=OFFENCES,
        sheet="Offences",
        content=edited(OFFENCES, "</worksheet>", f'<n:note xmlns:n="urn:example:note">{PRIVATE}</n:note></worksheet>'),
    ),
    Fault(
        name="an attribute",
        rule="foreign-xml",
        part="xl/workbook.xml",
        content=edited("xl/workbook.xml", "<workbookPr", f'<workbookPr xmlns:n="urn:example" n:note="{PRIVATE}"'),
    ),
    Fault(
        name="of a worksheet",
        rule="unknown-extension",
        part=OFFENCES,
        sheet="Offences",
        content=edited(
            OFFENCES, "</worksheet>", '<extLst><ext uri="{00000000-1111-2222-3333-444444444444}"/></extLst></worksheet>'
        ),
    ),
    Fault(
        name="slicers, in the workbook",
        rule="unknown-extension",
        part="xl/workbook.xml",
        content=edited(
            "xl/workbook.xml",
            "</workbook>",
            '<extLst><ext uri="{BBE1A952-AA13-448e-AADC-164F8A28A991}"/></extLst></workbook>',
        ),
    ),
)

LIVE = (
    Fault(
        name="by XlsxWriter",
        rule="formula",
        sheet="Notes",
        cell="B6",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.write_formula("B6", "=1+1", None, 2)),
    ),
    Fault(
        name="of a range",
        rule="formula",
        sheet="Notes",
        cell="B6",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.write_array_formula("B6:B7", "{=Offences!B5:B6*2}")),
    ),
    Fault(
        name="by openpyxl",
        rule="formula",
        sheet="Offences",
        cell="D5",
        part=MADE_SHEET,
        content=saved(lambda book: book.active.__setitem__("D5", "=SUM(B5:C5)")),
    ),
    Fault(
        name="a hyperlink",
        rule="formula",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.write_formula("A6", '=HYPERLINK("https://example.org")')),
    ),
    Fault(
        name="of a column",
        rule="table-formula",
        sheet="Notes",
        part="xl/tables/table2.xml",
        content=written(calculated),
    ),
    Fault(name="a range, by openpyxl", rule="named-range", part="xl/workbook.xml", content=saved(named)),
    Fault(
        name="a constant, by XlsxWriter", rule="defined-name", part="xl/workbook.xml", content=written(constant_named)
    ),
    Fault(
        name="that is not listed",
        rule="defined-name",
        sheet="Offences",
        part="xl/workbook.xml",
        content=lambda: replaced(
            with_openpyxl(named), "xl/workbook.xml", 'name="Victims"', 'name="Victims" hidden="1"'
        ),
    ),
    Fault(
        name="of a text box",
        rule="assigned-macro",
        sheet="Cover",
        cell="C4",
        part="xl/drawings/drawing1.xml",
        content=drawn_with_macro,
    ),
    Fault(
        name="for macros",
        rule="macro-type",
        part="xl/workbook.xml",
        content=edited("[Content_Types].xml", f"{SHEET_TYPE}.sheet.main+xml", f"{EXCEL}.sheet.macroEnabled.main+xml"),
    ),
    Fault(
        name="a template",
        rule="macro-type",
        part="xl/workbook.xml",
        content=edited("[Content_Types].xml", f"{SHEET_TYPE}.sheet.main+xml", f"{SHEET_TYPE}.template.main+xml"),
    ),
    Fault(
        name="a picture on a server",
        rule="leads-out",
        sheet="Offences",
        part="xl/drawings/drawing1.xml",
        content=lambda: with_relationship(
            with_xlsxwriter(), "xl/drawings/drawing1.xml", "image", "https://example.org/pixel.png", mode="External"
        ),
    ),
    Fault(
        name="a template on a share",
        rule="leads-out",
        part="xl/workbook.xml",
        content=lambda: with_relationship(
            with_xlsxwriter(), "xl/workbook.xml", "attachedTemplate", "file:///S:/templates/a.dotx", mode="External"
        ),
    ),
    Fault(
        name="on a share",
        rule="hyperlink-to-file",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.write_url("A6", r"external:\\server\share\victims.xlsx")),
    ),
    Fault(
        name="on a disk",
        rule="hyperlink-to-file",
        sheet="Offences",
        cell="A10",
        part=MADE_SHEET,
        content=saved(
            lambda book: (
                book.active.__setitem__("A10", "Rows"),
                setattr(book.active["A10"], "hyperlink", "file:///D:/crime/rows.xlsx"),
            )
        ),
    ),
    Fault(
        name="of a validation",
        rule="refers-elsewhere",
        sheet="Offences",
        part=MADE_SHEET,
        content=saved(validated_elsewhere),
    ),
    Fault(
        name="of a chart",
        rule="refers-elsewhere",
        sheet="Offences",
        part="xl/charts/chart1.xml",
        content=chart_edited("<c:f>Offences!$C$5:$C$8</c:f>", "<c:f>[1]Offences!$C$5:$C$8</c:f>"),
    ),
)

HIDDEN = (
    Fault(
        name="by XlsxWriter",
        rule="hidden-sheet",
        sheet="Data",
        part="xl/worksheets/sheet5.xml",
        content=written(hidden_sheet),
    ),
    Fault(
        name="by openpyxl",
        rule="hidden-sheet",
        sheet="Data",
        part="xl/worksheets/sheet2.xml",
        content=saved(second_sheet("hidden")),
    ),
    Fault(
        name="by XlsxWriter",
        rule="very-hidden-sheet",
        sheet="Data",
        part="xl/worksheets/sheet5.xml",
        content=written(very_hidden_sheet),
    ),
    Fault(
        name="by openpyxl",
        rule="very-hidden-sheet",
        sheet="Data",
        part="xl/worksheets/sheet2.xml",
        content=saved(second_sheet("veryHidden")),
    ),
    Fault(
        name="by XlsxWriter",
        rule="hidden-row",
        sheet="Offences",
        part=OFFENCES,
        content=written(lambda made: made.offences.set_row(5, None, None, {"hidden": True})),
    ),
    Fault(
        name="by openpyxl",
        rule="hidden-row",
        sheet="Offences",
        part=MADE_SHEET,
        content=saved(lambda book: setattr(book.active.row_dimensions[6], "hidden", True)),
    ),
    Fault(
        name="by XlsxWriter",
        rule="flat-row",
        sheet="Offences",
        part=OFFENCES,
        content=edited(OFFENCES, '<row r="6" ', '<row r="6" ht="0" customHeight="1" '),
    ),
    Fault(
        name="of a hundredth of a point",
        rule="flat-row",
        sheet="Offences",
        part=MADE_SHEET,
        content=saved(lambda book: setattr(book.active.row_dimensions[6], "height", 0.01)),
    ),
    Fault(
        name="all rows",
        rule="rows-hidden-by-default",
        sheet="Offences",
        part=OFFENCES,
        content=edited(OFFENCES, "<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" '),
    ),
    Fault(
        name="by XlsxWriter",
        rule="hidden-column",
        sheet="Offences",
        part=OFFENCES,
        content=written(lambda made: made.offences.set_column("B:B", 10, None, {"hidden": True})),
    ),
    Fault(
        name="by openpyxl",
        rule="hidden-column",
        sheet="Offences",
        part=MADE_SHEET,
        content=saved(lambda book: setattr(book.active.column_dimensions["B"], "hidden", True)),
    ),
    Fault(
        name="of no width",
        rule="flat-column",
        sheet="Offences",
        part=MADE_SHEET,
        content=saved(lambda book: setattr(book.active.column_dimensions["B"], "width", 0.01)),
    ),
    Fault(
        name="of a range",
        rule="active-filter",
        sheet="Notes",
        cell="A6:B7",
        part="xl/worksheets/sheet4.xml",
        content=written(filtered),
    ),
    Fault(
        name="of a table",
        rule="active-filter",
        sheet="Offences",
        part="xl/tables/table1.xml",
        content=edited(
            "xl/tables/table1.xml",
            "<tableColumns",
            '<autoFilter ref="A4:C8"><filterColumn colId="0">'
            '<filters><filter val="Arson"/></filters></filterColumn></autoFilter><tableColumns',
        ),
    ),
    Fault(
        name="white on white",
        rule="same-colour",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(cell_formatted(font_color="#FFFFFF")),
    ),
    Fault(
        name="nearly white on white",
        rule="same-colour",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(cell_formatted(font_color="#FAFAFA")),
    ),
    Fault(
        name="blue on blue",
        rule="same-colour",
        sheet="Offences",
        cell="E9",
        part=MADE_SHEET,
        content=saved(openpyxl_cell(font=Font(color="12436D"), fill=PatternFill("solid", fgColor="12436D"))),
    ),
    Fault(
        name="the theme's white",
        rule="same-colour",
        sheet="Offences",
        cell="E9",
        part=MADE_SHEET,
        content=saved(openpyxl_cell(font=Font(color=openpyxl_theme(0)))),
    ),
    Fault(
        name="a run of a text",
        rule="same-colour",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(
            lambda made: made.notes.write_rich_string(
                "A6", "Seen ", made.book.add_format({"font_color": "#FFFFFF"}), PRIVATE
            )
        ),
    ),
    Fault(
        name="three semicolons",
        rule="hiding-format",
        sheet="Notes",
        cell="B6",
        part="xl/worksheets/sheet4.xml",
        content=written(number_formatted(num_format=";;;")),
    ),
    Fault(
        name="empty texts",
        rule="hiding-format",
        sheet="Notes",
        cell="B6",
        part="xl/worksheets/sheet4.xml",
        content=written(number_formatted(num_format='"";"";"";""')),
    ),
    Fault(
        name="of one point",
        rule="tiny-text",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(cell_formatted(font_size=1)),
    ),
    Fault(
        name="by openpyxl",
        rule="tiny-text",
        sheet="Offences",
        cell="E9",
        part=MADE_SHEET,
        content=saved(openpyxl_cell(font=Font(size=2))),
    ),
    Fault(
        name="a run of a text",
        rule="tiny-text",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(
            lambda made: made.notes.write_rich_string("A6", "Seen ", made.book.add_format({"font_size": 1}), PRIVATE)
        ),
    ),
    Fault(
        name="by its ink",
        rule="hiding-condition",
        sheet="Offences",
        cell="C5:C8",
        part=OFFENCES,
        content=written(conditional_white),
    ),
    Fault(
        name="by its number format",
        rule="hiding-condition",
        sheet="Offences",
        cell="C5:C8",
        part=OFFENCES,
        content=written(conditional_nothing),
    ),
    Fault(
        name="far below",
        rule="far-cell",
        sheet="Notes",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.write("A5000", PRIVATE)),
    ),
    Fault(
        name="far to the right",
        rule="far-cell",
        sheet="Notes",
        cell="AZ3",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.write("AZ3", PRIVATE)),
    ),
    Fault(
        name="beside it",
        rule="outside-print-area",
        sheet="Offences",
        cell="E9",
        part=OFFENCES,
        content=written(lambda made: (made.offences.print_area("A1:C8"), made.offences.write("E9", PRIVATE))),
    ),
    Fault(
        name="beside whole columns",
        rule="outside-print-area",
        sheet="Offences",
        cell="E9",
        part=OFFENCES,
        content=written(lambda made: (made.offences.print_area("A1:C1048576"), made.offences.write("E9", PRIVATE))),
    ),
    Fault(
        name="by openpyxl",
        rule="beneath-merged",
        sheet="Offences",
        cell="F10",
        part=MADE_SHEET,
        content=saved(merged_over_values),
    ),
    Fault(name="by XlsxWriter", rule="unshown-text", part="xl/sharedStrings.xml", content=unused_text),
    Fault(
        name="by openpyxl",
        rule="unshown-text",
        part="xl/sharedStrings.xml",
        content=added(
            "xl/sharedStrings.xml",
            f'<sst xmlns="{MAIN}"><si><t>{PRIVATE}</t></si></sst>',
            base=with_openpyxl,
            content_type=f"{SHEET_TYPE}.sharedStrings+xml",
            kind="sharedStrings",
        ),
    ),
    Fault(
        name="a text that was overwritten",
        rule="unshown-text",
        part="xl/sharedStrings.xml",
        content=written(lambda made: (made.notes.write("A6", PRIVATE), made.notes.write("A6", "Nothing"))),
    ),
    Fault(
        name="a text box",
        rule="hidden-shape",
        sheet="Cover",
        cell="C4",
        part="xl/drawings/drawing1.xml",
        content=hidden_shape,
    ),
    Fault(
        name="the window",
        rule="hidden-window",
        part="xl/workbook.xml",
        content=edited("xl/workbook.xml", "<workbookView ", '<workbookView visibility="hidden" '),
    ),
    Fault(
        name="the tabs",
        rule="hidden-window",
        part="xl/workbook.xml",
        content=edited("xl/workbook.xml", "<workbookView ", '<workbookView showSheetTabs="0" '),
    ),
    Fault(name="by openpyxl", rule="scenario", sheet="Offences", part=MADE_SHEET, content=saved(scenario)),
    Fault(
        name="of the workbook",
        rule="custom-view",
        part="xl/workbook.xml",
        content=edited(
            "xl/workbook.xml",
            "</workbook>",
            '<customWorkbookViews><customWorkbookView name="A person"/></customWorkbookViews></workbook>',
        ),
    ),
    Fault(
        name="by the count",
        rule="chart-keeps-more",
        sheet="Offences",
        part="xl/charts/chart1.xml",
        content=chart_edited("<c:f>Offences!$C$5:$C$8</c:f>", "<c:f>Offences!$C$5:$C$6</c:f>"),
    ),
    Fault(
        name="by a point",
        rule="chart-keeps-more",
        sheet="Offences",
        part="xl/charts/chart1.xml",
        content=chart_edited("</c:numCache>", '<c:pt idx="9"><c:v>35</c:v></c:pt></c:numCache>'),
    ),
    Fault(
        name="without cells",
        rule="chart-keeps-more",
        sheet="Offences",
        part="xl/charts/chart1.xml",
        content=chart_edited("<c:f>Offences!$C$5:$C$8</c:f>", "<c:f></c:f>"),
    ),
    Fault(
        name="for a whole column",
        rule="chart-keeps-more",
        sheet="Offences",
        part="xl/charts/chart1.xml",
        content=chart_edited("<c:f>Offences!$C$5:$C$8</c:f>", "<c:f>Offences!$C:$C</c:f>"),
    ),
    Fault(
        name="a figure",
        rule="chart-differs",
        sheet="Offences",
        part="xl/charts/chart1.xml",
        content=chart_edited("<c:v>61</c:v>", "<c:v>66</c:v>"),
    ),
    Fault(
        name="a name",
        rule="chart-differs",
        sheet="Offences",
        part="xl/charts/chart1.xml",
        content=chart_edited("<c:v>Arson</c:v>", "<c:v>Homicides</c:v>"),
    ),
    Fault(
        name="by XlsxWriter",
        rule="chart-of-hidden",
        sheet="Notes",
        part="xl/charts/chart2.xml",
        content=written(partial(sourced_elsewhere, hidden=True)),
    ),
    Fault(
        name="gone",
        rule="chart-of-hidden",
        sheet="Offences",
        part="xl/charts/chart1.xml",
        content=chart_edited("<c:f>Offences!$C$5:$C$8</c:f>", "<c:f>Rows!$C$5:$C$8</c:f>"),
    ),
    Fault(
        name="of a validation",
        rule="cell-message",
        sheet="Offences",
        cell="C5",
        part=MADE_SHEET,
        content=saved(validated),
    ),
)

CORE, APP = "docProps/core.xml", "docProps/app.xml"
PEOPLE = (
    Fault(
        name="an author", rule="person-as-author", part=CORE, content=written(str, properties={"author": "Ann Example"})
    ),
    Fault(
        name="surname first",
        rule="person-as-author",
        part=CORE,
        content=written(str, properties={"author": "Example, Ann"}),
    ),
    Fault(
        name="an account",
        rule="person-as-author",
        part=CORE,
        content=saved(lambda book: setattr(book.properties, "lastModifiedBy", "aexample2")),
    ),
    Fault(
        name="an address",
        rule="person-as-author",
        part=CORE,
        content=saved(lambda book: setattr(book.properties, "creator", "ann@example.org")),
    ),
    Fault(
        name="a manager",
        rule="person-as-author",
        part=CORE,
        content=written(str, properties={"author": "Research Group", "manager": "Ann Example"}),
    ),
    Fault(name="letters", rule="other-author", part=CORE, content=written(str, properties={"author": "CCRG 7/B"})),
    Fault(
        name="a comment",
        rule="remark",
        part=CORE,
        content=written(str, properties={"author": "Research Group", "comments": "First draft, don't send"}),
    ),
    Fault(
        name="keywords",
        rule="remark",
        part=CORE,
        content=saved(lambda book: setattr(book.properties, "keywords", "35/1204/11")),
    ),
    Fault(
        name="by Excel",
        rule="saved-path",
        part="xl/workbook.xml",
        content=edited(
            "xl/workbook.xml",
            "<workbookPr",
            '<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/'
            'spreadsheetml/2010/11/ac" url="D:\\crime\\"/><workbookPr',
        ),
    ),
    Fault(
        name="by XlsxWriter",
        rule="base-of-links",
        part=APP,
        content=written(str, properties={"author": "Research Group", "hyperlink_base": "S:/crime"}),
    ),
    Fault(
        name="by Excel",
        rule="reserved-by",
        part="xl/workbook.xml",
        content=edited("xl/workbook.xml", "<workbookPr", '<fileSharing userName="aexample"/><workbookPr'),
    ),
    Fault(
        name="after a person",
        rule="named-style",
        part="xl/styles.xml",
        content=edited("xl/styles.xml", "</cellStyles>", '<cellStyle name="Ann&apos;s red" xfId="0"/></cellStyles>'),
    ),
    Fault(
        name="EXIF",
        rule="picture-metadata",
        sheet="Cover",
        part="xl/media/image1.jpeg",
        content=lambda: jpeg_pictured(with_exif()),
    ),
    Fault(
        name="a text in PNG",
        rule="picture-metadata",
        sheet="Cover",
        part="xl/media/image1.png",
        content=written(pictured(with_text())),
    ),
    Fault(
        name="an archive",
        rule="picture-appended",
        sheet="Cover",
        part="xl/media/image1.png",
        content=written(pictured(with_archive_after())),
    ),
    Fault(
        name="a few words",
        rule="picture-appended",
        sheet="Cover",
        part="xl/media/image1.png",
        content=written(pictured(png() + PRIVATE.encode())),
    ),
    Fault(
        name="a drawing in SVG",
        rule="picture-unknown",
        sheet="Cover",
        part="xl/media/image1.svg",
        content=lambda: with_part(
            with_xlsxwriter(pictured(png())),
            "xl/media/image1.svg",
            "<svg/>",
            content_type="image/svg+xml",
            source="xl/drawings/drawing1.xml",
            kind="image",
        ),
    ),
)

MARKINGS = (
    Fault(
        name="a new worksheet",
        rule="unmarked-sheet",
        sheet="Wards",
        part="xl/worksheets/sheet2.xml",
        content=saved(lambda book: book.create_sheet("Wards").append(["Milton", 3])),
    ),
    Fault(
        name="only in the header",
        rule="unmarked-sheet",
        sheet="Offences",
        part=MADE_SHEET,
        content=saved(
            lambda book: (
                book.active.__setitem__("A2", "About"),
                setattr(book.active.oddHeader.center, "text", "OFFICIAL"),
            )
        ),
    ),
    Fault(
        name="one of two",
        rule="marked-too-low",
        sheet="Wards",
        part="xl/worksheets/sheet2.xml",
        content=saved(marked(Wards="OFFICIAL-SENSITIVE")),
    ),
    Fault(
        name="with a descriptor",
        rule="marked-too-low",
        sheet="Wards",
        part="xl/worksheets/sheet2.xml",
        content=saved(marked(Wards="Marking: OFFICIAL-SENSITIVE (personal)")),
    ),
    Fault(
        name="of 2011",
        rule="old-marking",
        sheet="Offences",
        cell="A3",
        part=MADE_SHEET,
        content=saved(lambda book: book.active.__setitem__("A3", "NOT PROTECTIVELY MARKED")),
    ),
    Fault(
        name="restricted",
        rule="old-marking",
        sheet="Offences",
        cell="A3",
        part=MADE_SHEET,
        content=saved(lambda book: book.active.__setitem__("A3", "RESTRICTED - INVESTIGATIONS")),
    ),
    Fault(
        name="by its worksheet",
        rule="sensitive-publicity",
        sheet="Returns",
        cell="A3",
        part="xl/worksheets/sheet2.xml",
        content=saved(texts(["For publicity: the new patrol"], marking="OFFICIAL-SENSITIVE")),
    ),
    Fault(
        name="by its row",
        rule="sensitive-publicity",
        sheet="Returns",
        cell="A3",
        part="xl/worksheets/sheet2.xml",
        content=saved(texts(["Publicity: the new patrol", "OFFICIAL-SENSITIVE"])),
    ),
    Fault(
        name="in one cell",
        rule="story-of-few",
        sheet="Returns",
        cell="A3",
        part="xl/worksheets/sheet2.xml",
        content=saved(texts(["The project had 3 clients. She has since moved to a refuge."])),
    ),
    Fault(
        name="a quotation below",
        rule="story-of-few",
        sheet="Returns",
        cell="A3",
        part="xl/worksheets/sheet2.xml",
        content=saved(texts(["Two young people took part."], ["\u201cI have not been in trouble since.\u201d"])),
    ),
)

BLANK = [["Milton", 3, 1], [None, None, None], ["Histon", 4, 2]]
ACCESSIBILITY = (
    Fault(
        name="the first worksheet has figures",
        rule="no-cover",
        sheet="Offences",
        part=MADE_SHEET,
        content=saved(lambda book: [book.create_sheet(name) for name in ("Wards", "Notes")]),
    ),
    Fault(
        name="three worksheets",
        rule="no-contents",
        content=saved(lambda book: [book.create_sheet(name) for name in ("Wards", "Notes")]),
    ),
    Fault(
        name="three worksheets",
        rule="no-notes",
        content=saved(lambda book: [book.create_sheet(name) for name in ("Wards", "Towns")]),
    ),
    Fault(
        name="by XlsxWriter",
        rule="unmarked-table",
        sheet="Offences",
        cell="B5",
        part=OFFENCES,
        content=partial(with_xlsxwriter, table=False),
    ),
    Fault(
        name="by XlsxWriter",
        rule="heading-rows",
        sheet="Notes",
        cell="A8",
        part="xl/tables/table2.xml",
        content=written(table_of_notes(ROWS, header_row=False)),
    ),
    Fault(
        name="by XlsxWriter",
        rule="merged-cell",
        sheet="Notes",
        cell="A6:B6",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.merge_range("A6:B6", "Both")),
    ),
    Fault(
        name="by XlsxWriter",
        rule="blank-row",
        sheet="Notes",
        cell="A10",
        part="xl/tables/table2.xml",
        content=written(table_of_notes(BLANK)),
    ),
    Fault(
        name="by XlsxWriter",
        rule="blank-column",
        sheet="Notes",
        cell="C8",
        part="xl/tables/table2.xml",
        content=written(table_of_notes([["Milton", 3], ["Histon", 4], ["Bar Hill", 5]])),
    ),
    Fault(
        name="by XlsxWriter",
        rule="blank-heading",
        sheet="Notes",
        cell="C8",
        part="xl/tables/table2.xml",
        content=written(table_of_notes(ROWS, headings=("Ward", "Offences", "Column3"))),
    ),
    Fault(
        name="by XlsxWriter",
        rule="unexplained-blank",
        sheet="Notes",
        cell="C10",
        part="xl/tables/table2.xml",
        content=written(table_of_notes([["Milton", 3, 1], ["Histon", 4], ["Bar Hill", 5, 2]])),
    ),
    Fault(
        name="note 2",
        rule="note-not-listed",
        sheet="Notes",
        cell="B6",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.write("B6", "Provisional [note 2]")),
    ),
    Fault(
        name="note 3",
        rule="note-not-cited",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.write("A6", "[note 3] Rounded.")),
    ),
    Fault(
        name="Sheet2",
        rule="usual-sheet-name",
        sheet="Sheet2",
        part="xl/worksheets/sheet2.xml",
        content=saved(lambda book: book.create_sheet("Sheet2")),
    ),
    Fault(
        name="a scale",
        rule="colour-alone",
        sheet="Offences",
        cell="C5:C8",
        part=OFFENCES,
        content=written(colour_scale),
    ),
    Fault(
        name="bare icons",
        rule="colour-alone",
        sheet="Offences",
        cell="C5:C8",
        part=OFFENCES,
        content=written(bare_icons),
    ),
    Fault(
        name="grey",
        rule="low-contrast",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(cell_formatted(font_color="#999999")),
    ),
    Fault(
        name="by the next cell",
        rule="cut-text",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.write_row("A6", ["A text that goes on and on. " * 5, "Next"])),
    ),
    Fault(
        name="a cell",
        rule="cursor-elsewhere",
        sheet="Notes",
        cell="C9",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.set_selection("C9")),
    ),
    Fault(
        name="scrolled down",
        rule="cursor-elsewhere",
        sheet="Notes",
        cell="A30",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.set_top_left_cell("A30")),
    ),
    Fault(
        name="the last",
        rule="opens-elsewhere",
        sheet="Notes",
        part="xl/workbook.xml",
        content=written(lambda made: made.notes.activate()),
    ),
    Fault(
        name="by XlsxWriter", rule="no-title", part=CORE, content=written(str, properties={"author": "Research Group"})
    ),
    Fault(name="by XlsxWriter", rule="no-language", part=CORE, content=with_xlsxwriter),
    Fault(
        name="a picture",
        rule="picture-unsaid",
        sheet="Cover",
        cell="C4",
        part="xl/drawings/drawing1.xml",
        content=written(pictured(png(), description="")),
    ),
    Fault(
        name="by XlsxWriter",
        rule="chart-unsaid",
        sheet="Offences",
        cell="E22",
        part="xl/drawings/drawing1.xml",
        content=written(chart_undescribed),
    ),
    Fault(
        name="by XlsxWriter",
        rule="chart-without-figures",
        sheet="Notes",
        part="xl/charts/chart2.xml",
        content=written(sourced_elsewhere),
    ),
)

LAYOUT = (
    Fault(
        name="letter",
        rule="not-a4",
        sheet="Notes",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: made.notes.set_paper(1)),
    ),
    Fault(
        name="upright",
        rule="not-landscape",
        sheet="Notes",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: [made.notes.set_portrait(), made.notes.set_column(0, 0, 100)]),
    ),
    Fault(
        name="two pages",
        rule="too-wide",
        sheet="Notes",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: [made.notes.fit_to_pages(2, 0), made.notes.set_column(0, 0, 180)]),
    ),
    Fault(
        name="a long list",
        rule="heading-not-repeated",
        sheet="Notes",
        part="xl/worksheets/sheet4.xml",
        content=written(lambda made: [made.notes.write_row(row, 0, ["Ward", row]) for row in range(5, 80)]),
    ),
)

FAULTS = (*ARCHIVE, *PARTS, *LIVE, *HIDDEN, *PEOPLE, *MARKINGS, *ACCESSIBILITY, *LAYOUT)
