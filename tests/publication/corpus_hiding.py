"""More planted faults: what formats, layout, drawings, charts and properties hide, keep or say unseen."""

from __future__ import annotations

import io
import struct
import zlib

from corpus_faults import PRIVATE, Fault, added, chart_edited, edited, written
from corpus_good import PROPERTIES, png, with_xlsxwriter

NOTES = "xl/worksheets/sheet4.xml"
DRAWING, CHART, TABLE = "xl/drawings/drawing1.xml", "xl/charts/chart1.xml", "xl/tables/table1.xml"
CORE, APP, STYLES, STRINGS = "docProps/core.xml", "docProps/app.xml", "xl/styles.xml", "xl/sharedStrings.xml"
CHART_2012 = "http://schemas.microsoft.com/office/drawing/2012/chart"
CHART_2014 = "http://schemas.microsoft.com/office/drawing/2014/chartex"
EXTENSION = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"


def on_notes(value, cell="B6", **look):
    """Return what writes a value in a format of its own into a cell of the worksheet Notes."""
    return written(lambda made: made.notes.write(cell, value, made.book.add_format(look)))


def formatted(number_format, value=35):
    return on_notes(value, num_format=number_format)


def in_notes(element, *, before="<pageMargins", more=lambda _: None):
    """Return a workbook with an element more in the worksheet Notes."""
    return edited(NOTES, before, element + before, base=lambda: with_xlsxwriter(more))


def boxed(words=PRIVATE, at="C4", **how):
    return written(lambda made: made.notes.insert_textbox(at, words, {"description": words, **how}))


def over_a_cell(made):
    made.notes.write("A6", PRIVATE)
    how = {"image_data": io.BytesIO(png()), "x_scale": 90, "y_scale": 9, "description": "The badge"}
    made.notes.insert_image("A6", "badge.png", how)


def box_over_a_cell(made):
    made.notes.write("A6", PRIVATE)
    made.notes.insert_textbox("A6", "", {"width": 300, "height": 30, "description": "Nothing"})


def pictured(content=None, name="badge.png", **how):
    def plant(made):
        image = {"image_data": io.BytesIO(content or png(40, 40)), "description": "The badge"}
        made.cover.insert_image("C4", name, image | how)

    return plant


def picture_edited(old, new):
    return edited(DRAWING, old, new, base=lambda: with_xlsxwriter(pictured(), chart=False))


def with_piece(kind, data):
    """Return a picture with a piece of its own before its rows."""
    at = png(40, 40).index(b"IDAT") - 4
    piece = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return png(40, 40)[:at] + piece + png(40, 40)[at:]


def gif(extension):
    begin = b"GIF89a" + struct.pack("<HHBBB", 40, 40, 0x80, 0, 0) + b"\xff\xff\xff\0\0\0"
    words = bytes([len(PRIVATE)]) + PRIVATE.encode() + b"\0"
    return begin + extension + words + b"\x2c\0\0\0\0\x28\0\x28\0\0\x02\x02D\x01\0\x3b"


def white_column(made):
    white = made.book.add_format({"font_color": "#FFFFFF"})
    made.notes.set_column("E:E", 20, white)
    made.notes.write("E4", PRIVATE, white)


def black_condition(made):
    made.notes.write("B6", PRIVATE)
    made.notes.conditional_format("B6", {"type": "no_errors", "format": made.book.add_format({"bg_color": "#000000"})})


def bare_bars(made):
    made.notes.write("B6", 35)
    made.notes.conditional_format("B6", {"type": "data_bar", "bar_only": True})


def long_and_scrolled(made):
    for row in range(5, 70):
        made.notes.write(row, 0, f"Line {row}")


def scrolled(first, split):
    view = f'<sheetView topLeftCell="{first}" workbookViewId="0">'
    return f'{view}<pane {split} state="frozen"/></sheetView>'


WHITE_IN_AN_EXTENSION = (
    f'<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x="{EXTENSION}"><x:conditionalFormattings>'
    '<x:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x:cfRule type="expression" priority="1"><x:dxf><font><color rgb="FFFFFFFF"/></font></x:dxf></x:cfRule>'
    "<xm:sqref>A4:A9</xm:sqref></x:conditionalFormatting></x:conditionalFormattings></ext></extLst></worksheet>"
)
LABELS = (
    f'<c:extLst><c:ext uri="{{02D57815-91ED-43cb-92C2-25804820EDAC}}" xmlns:c15="{CHART_2012}"><c15:datalabelsRange>'
    "<c15:f>Offences!$A$5:$A$8</c15:f><c15:dlblRangeCache>"
    f'<c:ptCount val="4"/><c:pt idx="0"><c:v>{PRIVATE}</c:v></c:pt>'
    "</c15:dlblRangeCache></c15:datalabelsRange></c:ext></c:extLst></c:ser>"
)
LEVELS = (
    "<c:cat><c:multiLvlStrRef><c:f>Offences!$A$5:$A$8</c:f><c:multiLvlStrCache>"
    f'<c:ptCount val="4"/><c:lvl><c:pt idx="0"><c:v>{PRIVATE}</c:v></c:pt></c:lvl>'
    "</c:multiLvlStrCache></c:multiLvlStrRef></c:cat><c:val>"
)
LITERALS = (
    '</c:ser><c:ser><c:val><c:numLit><c:ptCount val="1"/><c:pt idx="0"><c:v>35</c:v></c:pt></c:numLit></c:val></c:ser>'
)
NEWER_CHART = (
    f'<cx:chartSpace xmlns:cx="{CHART_2014}"><cx:chartData><cx:data id="0"><cx:strDim type="cat">'
    f'<cx:f>Offences!$A$5:$A$8</cx:f><cx:lvl ptCount="1"><cx:pt idx="0">{PRIVATE}</cx:pt></cx:lvl>'
    "</cx:strDim></cx:data></cx:chartData></cx:chartSpace>"
)
OVER_A_CHART = (
    '<c:userShapes xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/chartDrawing"><d:relSizeAnchor><d:sp><d:nvSpPr>'
    '<d:cNvPr id="2" name="Text" descr="Text" hidden="1"/></d:nvSpPr></d:sp></d:relSizeAnchor></c:userShapes>'
)


def one(rule, name, content, *, part="", sheet="", cell=""):
    return Fault(rule=rule, name=name, content=content, part=part, sheet=sheet, cell=cell)


def notes(rule, name, content, cell="", part=NOTES):
    return Fault(rule=rule, name=name, content=content, part=part, sheet="Notes", cell=cell)


def cover(rule, name, content, cell="", part=DRAWING):
    return Fault(rule=rule, name=name, content=content, part=part, sheet="Cover", cell=cell)


def charted(rule, name, content, part=CHART):
    return Fault(rule=rule, name=name, content=content, part=part, sheet="Offences")


HIDING = (
    # Number formats
    notes("hiding-format", "words alone", formatted('"[c]"'), "B6"),
    notes("hiding-format", "words for small figures", formatted('[<5]"[c]";0', 2), "B6"),
    notes("hiding-format", "nothing under every condition", formatted('[>0]"";[<=0]""'), "B6"),
    notes("hiding-format", "nothing for what is more than 0", formatted(";-0;0"), "B6"),
    notes("hiding-format", "spaces", formatted("_-;_-"), "B6"),
    notes("hiding-format", "nothing for texts", formatted("0;-0;0;", PRIVATE), "B6"),
    notes("hiding-format", "white by name", formatted("[White]0"), "B6"),
    notes("hiding-format", "white by number", formatted("[Color 2]0"), "B6"),
    # Colours and sizes
    notes("same-colour", "a whole column", written(white_column), "E4"),
    notes(
        "same-colour",
        "white on a pattern of white",
        on_notes(PRIVATE, font_color="#FFFFFF", pattern=4, fg_color="#FFFFFF", bg_color="#FFFFFF"),
        "B6",
    ),
    notes("same-colour", "in a text box", boxed(font={"color": "#FFFFFF"}), "C4", "xl/drawings/drawing2.xml"),
    notes("same-colour", "in a footer", written(lambda made: made.notes.set_footer(f"&C&KFFFFFF{PRIVATE}"))),
    notes("tiny-text", "in a text box", boxed(font={"size": 1}), "C4", "xl/drawings/drawing2.xml"),
    notes("tiny-text", "in a header", written(lambda made: made.notes.set_header(f"&C&1{PRIVATE}"))),
    notes("hiding-condition", "black behind black", written(black_condition), "B6"),
    notes("hiding-condition", "bars without figures", written(bare_bars), "B6"),
    notes("hiding-condition", "in an extension", edited(NOTES, "</worksheet>", WHITE_IN_AN_EXTENSION), "A4:A9"),
    # Rows, columns and panes
    notes("flat-row", "of one point and a half", written(lambda made: made.notes.set_row(3, 1.5))),
    notes("flat-row", "all of them", edited(NOTES, 'defaultRowHeight="15"', 'defaultRowHeight="0.25"')),
    notes(
        "flat-column",
        "by default",
        edited(
            NOTES,
            "<sheetFormatPr ",
            '<sheetFormatPr defaultColWidth="0.1" ',
            base=written(lambda made: made.notes.write("D4", PRIVATE)),
        ),
    ),
    notes(
        "flat-column",
        "of two thirds of a character",
        edited(NOTES, 'max="1" width="40.7109375"', 'max="1" width="0.66"'),
    ),
    notes(
        "frozen-out",
        "rows",
        edited(
            NOTES,
            '<sheetView workbookViewId="0"/>',
            scrolled("A40", 'ySplit="2" topLeftCell="A60"'),
            base=written(long_and_scrolled),
        ),
    ),
    notes(
        "frozen-out",
        "columns",
        edited(
            NOTES,
            '<sheetView workbookViewId="0"/>',
            scrolled("B1", 'xSplit="1" topLeftCell="C1"'),
        ),
    ),
    notes("far-cell", "a text box", boxed(at="AA900")),
    notes("far-cell", "far inside its cell", on_notes(PRIVATE, indent=250), "B6"),
    notes("far-cell", "after spaces", on_notes("Seen" + " " * 90 + PRIVATE), "B6"),
    # What lies over the cells
    notes("covered-cell", "by a picture", written(over_a_cell), "A6", "xl/drawings/drawing2.xml"),
    notes("covered-cell", "by a text box", written(box_over_a_cell), "A6", "xl/drawings/drawing2.xml"),
    notes("hidden-shape", "of no size", boxed(width=0.01, height=0.01), "C4", "xl/drawings/drawing2.xml"),
    cover(
        "hidden-shape",
        "transparent",
        picture_edited('r:embed="rId1"/>', 'r:embed="rId1"><a:alphaModFix amt="0"/></a:blip>'),
        "C4",
    ),
    charted(
        "hidden-shape",
        "over a chart",
        added(
            "xl/drawings/drawing9.xml",
            OVER_A_CHART,
            content_type="application/vnd.openxmlformats-officedocument.drawingml.chartshapes+xml",
            source=CHART,
            kind="chartUserShapes",
        ),
        "xl/drawings/drawing9.xml",
    ),
    cover("cropped-picture", "to a corner", picture_edited("<a:stretch>", '<a:srcRect r="9000"/><a:stretch>'), "C4"),
    cover("cropped-picture", "at the top", picture_edited("<a:stretch>", '<a:srcRect t="9000"/><a:stretch>'), "C4"),
    cover(
        "hyperlink-to-file",
        "of a picture",
        written(pictured(url="external:S:\\shared\\rows.xlsx"), chart=False),
    ),
    notes(
        "hyperlink-to-file",
        "into a network",
        written(lambda made: made.notes.write_url("A7", "http://crimes01/case?id=35", string="The case")),
        "A7",
    ),
    # Pictures
    cover(
        "picture-metadata",
        "data of a program",
        written(pictured(with_piece(b"prVW", b"x"))),
        part="xl/media/image1.png",
    ),
    cover("picture-metadata", "the time", written(pictured(with_piece(b"tIME", bytes(7)))), part="xl/media/image1.png"),
    cover(
        "picture-metadata",
        "after the last row",
        written(pictured(with_piece(b"IDAT", zlib.compress(PRIVATE.encode())))),
        part="xl/media/image1.png",
    ),
    cover(
        "picture-metadata",
        "a program's data in a GIF",
        written(pictured(gif(b"\x21\xff\x0bXMP DataXMP"), "badge.gif")),
        part="xl/media/image1.gif",
    ),
    cover(
        "picture-metadata",
        "text in a GIF",
        written(pictured(gif(b"\x21\x01\x0c" + bytes(12)), "badge.gif")),
        part="xl/media/image1.gif",
    ),
    # Charts
    charted("chart-keeps-more", "figures of no cells", chart_edited("</c:ser>", LITERALS)),
    charted("chart-differs", "labels", chart_edited("</c:ser>", LABELS)),
    charted("chart-differs", "levels", chart_edited("<c:val>", LEVELS)),
    charted(
        "chart-differs",
        "of the form of 2014",
        added(
            "xl/charts/chartEx1.xml",
            NEWER_CHART,
            content_type="application/vnd.ms-office.chartex+xml",
            source=DRAWING,
            kind="http://schemas.microsoft.com/office/2014/relationships/chartEx",
        ),
        "xl/charts/chartEx1.xml",
    ),
    # Words beside the cells
    notes(
        "unshown-words",
        "a list",
        written(lambda made: made.notes.data_validation("A9", {"validate": "list", "source": ["Ann Example", "None"]})),
        "A9",
    ),
    notes(
        "unshown-words",
        "a condition",
        written(
            lambda made: made.notes.conditional_format(
                "A5", {"type": "formula", "criteria": f'=$A5="{PRIVATE}"', "format": made.wrapped}
            )
        ),
        "A5",
    ),
    notes("unshown-words", "a footer", written(lambda made: made.notes.set_footer(f"&L{PRIVATE}"))),
    one(
        "unshown-words",
        "a table's remark",
        edited(TABLE, ' displayName="', f' comment="{PRIVATE}" displayName="'),
        part=TABLE,
        sheet="Offences",
        cell="A4:C8",
    ),
    one(
        "unshown-words",
        "a label of totals that are not shown",
        edited(TABLE, 'name="Offence"', f'name="Offence" totalsRowLabel="{PRIVATE}"'),
        part=TABLE,
        sheet="Offences",
        cell="A4:C8",
    ),
    notes(
        "cell-message",
        "a hyperlink's tip",
        written(lambda made: made.notes.write_url("A7", "https://example.org", string="More", tip=PRIVATE)),
        "A7",
    ),
    one(
        "unshown-text",
        "how a text is pronounced",
        edited(STRINGS, "<si><t>Notes</t></si>", f"<si><t>Notes</t><rPh sb='0' eb='5'><t>{PRIVATE}</t></rPh></si>"),
        part=STRINGS,
    ),
    # Names and properties
    one(
        "defined-name",
        "a print area that is a text",
        edited(
            "xl/workbook.xml",
            "<calcPr",
            '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">'
            f'"{PRIVATE}"</definedName></definedNames><calcPr',
        ),
        part="xl/workbook.xml",
        sheet="Cover",
    ),
    one("remark", "a subject", written(str, properties=PROPERTIES | {"subject": PRIVATE}), part=CORE),
    one(
        "remark",
        "a number of its own",
        edited(CORE, "</cp:coreProperties>", f"<dc:identifier>{PRIVATE}</dc:identifier></cp:coreProperties>"),
        part=CORE,
    ),
    one("remark", "a former worksheet", edited(APP, "<vt:lpstr>Notes<", "<vt:lpstr>Victims<"), part=CORE),
    one(
        "saved-path",
        "of a template",
        edited(APP, "<Company>", r"<Template>S:\shared\report.xltx</Template><Company>"),
        part=CORE,
    ),
    one(
        "named-style",
        "of tables",
        edited(
            STYLES, 'PivotStyleLight16"/>', 'PivotStyleLight16"><tableStyle name="Ann\'s" count="0"/></tableStyles>'
        ),
        part=STYLES,
    ),
    # Elements that no workbook for reading needs
    notes(
        "unknown-element",
        "ranges put together",
        in_notes(
            '<dataConsolidate><dataRefs count="1"><dataRef ref="A1:B9" sheet="Victims"/></dataRefs></dataConsolidate>'
        ),
    ),
    notes(
        "unknown-element",
        "who may change ranges",
        in_notes(
            '<protectedRanges><protectedRange name="Ann" sqref="A1" securityDescriptor="S-1-5-21"/></protectedRanges>'
        ),
    ),
    notes(
        "unknown-element",
        "a page that was published",
        in_notes('<webPublishItems count="1"><webPublishItem id="1" destinationFile="C:\\a.htm"/></webPublishItems>'),
    ),
    notes("unknown-element", "an element of nobody", in_notes(f"<remark>{PRIVATE}</remark>")),
    notes("unknown-element", "words between elements", in_notes(PRIVATE)),
    notes(
        "unknown-element",
        "a picture behind the cells",
        written(lambda made: made.notes.set_background(io.BytesIO(png()))),
    ),
    one("unknown-element", "in the styles", edited(STYLES, "<fonts", f"<remark>{PRIVATE}</remark><fonts"), part=STYLES),
    one(
        "unknown-element",
        "in the properties",
        edited(CORE, "</cp:coreProperties>", f"<dc:publisher>{PRIVATE}</dc:publisher></cp:coreProperties>"),
        part=CORE,
    ),
    notes(
        "custom-view",
        "of a worksheet alone",
        in_notes('<customSheetViews><customSheetView guid="{0}" hiddenRows="1"/></customSheetViews>'),
    ),
    notes(
        "cut-text",
        "by a low row",
        written(lambda made: (made.notes.write("A6", f"Seen\n\n\n{PRIVATE}", made.wrapped), made.notes.set_row(5, 14))),
        "A6",
    ),
)
