"""Words planted where no list has a place for them, one at a time, in workbooks that are good without them."""

from __future__ import annotations

import io
import re

from corpus_faults import PRIVATE, Fault
from corpus_good import png, rgba, with_xlsxwriter
from corpus_packages import packed, replaced, unpacked, with_part

NOTES, STYLES, TABLE, APP = "xl/worksheets/sheet4.xml", "xl/styles.xml", "xl/tables/table1.xml", "docProps/app.xml"
CHART, THEME, WORKBOOK, OFFENCES = (
    "xl/charts/chart1.xml",
    "xl/theme/theme1.xml",
    "xl/workbook.xml",
    "xl/worksheets/sheet3.xml",
)
DRAWING, TYPES, RELATIONS = "xl/drawings/drawing1.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def changed(part, old, new):
    return lambda: replaced(with_xlsxwriter(), part, old, new)


def first_cell(part=NOTES):
    """Return the first cell of a worksheet as its XML has it."""
    text = unpacked(with_xlsxwriter())[part].decode()
    begin = text.index("<c ")
    return text[begin : text.index("</c>", begin) + len("</c>")]


def beside_first_cell(change):
    def make():
        cell = first_cell()
        return replaced(with_xlsxwriter(), NOTES, cell, change(cell))

    return make


def one(rule, name, content, *, part=NOTES, sheet="", cell=""):
    return Fault(rule=rule, name=name, content=content, part=part, sheet=sheet, cell=cell)


def alternate(choice="", fallback="", required="x14"):
    return (
        f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}" '
        f'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><mc:Choice Requires="{required}">'
        f"{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


def second_theme():
    theme = unpacked(with_xlsxwriter())[THEME].replace(b"</a:theme>", f"{PRIVATE}</a:theme>".encode())
    return with_part(
        with_xlsxwriter(),
        "xl/theme/theme2.xml",
        theme,
        content_type="application/vnd.openxmlformats-officedocument.theme+xml",
        kind="theme",
    )


def chart_style():
    return with_part(
        with_xlsxwriter(),
        "xl/charts/style1.xml",
        '<cs:chartStyle xmlns:cs="http://schemas.microsoft.com/office/drawing/2012/chartStyle" id="201">'
        f"<cs:remark>{PRIVATE}</cs:remark></cs:chartStyle>",
        content_type="application/vnd.ms-office.chartstyle+xml",
        source=CHART,
        kind="http://schemas.microsoft.com/office/2011/relationships/chartStyle",
    )


def named_extension():
    return (
        '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" '
        f'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">{PRIVATE}</ext></extLst>'
    )


ELEMENTS = (
    one(
        "unknown-element",
        "a child of a cell",
        beside_first_cell(lambda cell: cell.replace("</c>", f"<note>{PRIVATE}</note></c>")),
        sheet="Notes",
    ),
    one(
        "unknown-element",
        "a text between cells",
        beside_first_cell(lambda cell: cell + PRIVATE),
        sheet="Notes",
    ),
    one("unknown-element", "a text after a row", changed(NOTES, "</row>", f"</row>{PRIVATE}"), sheet="Notes"),
    one(
        "unknown-element",
        "a text in an extension of a cell",
        beside_first_cell(lambda cell: cell.replace("</c>", f"{named_extension()}</c>")),
        sheet="Notes",
    ),
    one(
        "unknown-element",
        "an attribute of a row",
        changed(NOTES, "<row ", f'<row note="{PRIVATE}" '),
        sheet="Notes",
    ),
    one(
        "unknown-element",
        "the branch that no program of today takes",
        changed(WORKBOOK, "<bookViews>", f"{alternate(fallback=f'<remark>{PRIVATE}</remark>')}<bookViews>"),
        part=WORKBOOK,
    ),
    one(
        "unknown-element",
        "the branch that programs of today take",
        changed(WORKBOOK, "<bookViews>", f"{alternate(choice=f'<remark>{PRIVATE}</remark>')}<bookViews>"),
        part=WORKBOOK,
    ),
    one("unknown-element", "a text in the theme", second_theme, part="xl/theme/theme2.xml"),
    one("unknown-element", "the style of a chart", chart_style, part="xl/charts/style1.xml", sheet="Offences"),
    one(
        "unknown-element",
        "a text between relationships",
        changed(RELATIONS, "</Relationships>", f"{PRIVATE}</Relationships>"),
        part=RELATIONS,
    ),
    one(
        "unknown-element", "a text between content types", changed(TYPES, "</Types>", f"{PRIVATE}</Types>"), part=TYPES
    ),
    one(
        "unknown-element",
        "a text in a chart",
        changed(CHART, "</c:plotArea>", f"{PRIVATE}</c:plotArea>"),
        part=CHART,
        sheet="Offences",
    ),
)
VALUES = (
    one("unknown-value", "a colour", changed(STYLES, "<color theme", f'<color rgb="{PRIVATE}" theme'), part=STYLES),
    one(
        "unknown-value",
        "a number",
        changed(STYLES, "<fonts count=", f'<fonts x="" count="{PRIVATE}" old='),
        part=STYLES,
    ),
    one(
        "unknown-value", "a word of the format", changed(STYLES, 'patternType="none"', 'patternType="Ann"'), part=STYLES
    ),
    one("unknown-value", "a switch", changed(WORKBOOK, "<calcPr ", '<calcPr fullPrecision="Ann" '), part=WORKBOOK),
    one(
        "unknown-value",
        "which branch a program takes",
        changed(WORKBOOK, "<bookViews>", f"{alternate(required=PRIVATE)}<bookViews>"),
        part=WORKBOOK,
    ),
    one(
        "unknown-value",
        "the number of pages",
        changed(APP, "<DocSecurity>", f"<Pages>{PRIVATE}</Pages><DocSecurity>"),
        part=APP,
    ),
)
CELLS = (
    one(
        "beside-the-value",
        "two cells at one address",
        beside_first_cell(lambda cell: cell + cell),
        sheet="Notes",
        cell="A1",
    ),
    one(
        "beside-the-value",
        "a text inside a number",
        beside_first_cell(lambda cell: cell + f'<c r="B1"><v>{PRIVATE}</v></c>'),
        sheet="Notes",
        cell="B1",
    ),
    one(
        "beside-the-value",
        "a value beside a text of its own",
        beside_first_cell(lambda cell: cell + f'<c r="B1" t="inlineStr"><v>{PRIVATE}</v><is><t>A</t></is></c>'),
        sheet="Notes",
        cell="B1",
    ),
    one(
        "beside-the-value",
        "an error that is words",
        beside_first_cell(lambda cell: cell + f'<c r="B1" t="e"><v>{PRIVATE}</v></c>'),
        sheet="Notes",
        cell="B1",
    ),
    one(
        "beside-the-value",
        "a row that comes twice",
        changed(NOTES, "</sheetData>", f'<row r="1"><c r="D1" t="str"><v>{PRIVATE}</v></c></row></sheetData>'),
        sheet="Notes",
        cell="row 1",
    ),
)


def words(name, part, old, new, **where):
    return one("unshown-words", name, changed(part, old, new), part=part, **where)


WORDS = (
    words(
        "the name in macros of a worksheet",
        NOTES,
        "<dimension",
        f'<sheetPr codeName="{PRIVATE}"/><dimension',
        sheet="Notes",
    ),
    words("the name in macros of the workbook", WORKBOOK, "<workbookPr ", f'<workbookPr codeName="{PRIVATE}" '),
    words("a font", STYLES, '<name val="Calibri"', f'<name val="{PRIVATE}"'),
    words("the name of a theme", THEME, 'name="Office Theme"', f'name="{PRIVATE}"'),
    words(
        "the name of a table",
        TABLE,
        'displayName="tblOffences"',
        'displayName="AnnExample"',
        sheet="Offences",
        cell="A4:C8",
    ),
    words("the alternative text of a chart", DRAWING, 'descr="', f'descr="{PRIVATE}, ', sheet="Offences"),
    words("the name of a shape", DRAWING, 'name="Chart 1"', f'name="{PRIVATE}"', sheet="Offences"),
    words("the program that wrote it", APP, "<Application>", f"<Application>{PRIVATE} "),
    words(
        "the name of a trend line",
        CHART,
        "</c:tx>",
        f"</c:tx><c:trendline><c:name>{PRIVATE}</c:name></c:trendline>",
        sheet="Offences",
    ),
    words(
        "the workbook of a chart's pivot",
        CHART,
        "<c:chart>",
        f"<c:pivotSource><c:name>[{PRIVATE}]S!P</c:name></c:pivotSource><c:chart>",
        sheet="Offences",
    ),
    words(
        "the header with which a chart is printed",
        CHART,
        "</c:chartSpace>",
        f"<c:printSettings><c:headerFooter><c:oddHeader>{PRIVATE}</c:oddHeader></c:headerFooter></c:printSettings></c:chartSpace>",
        sheet="Offences",
    ),
    words(
        "a type of content", TYPES, "</Types>", '<Default Extension="ann" ContentType="text/x-ann-example"/></Types>'
    ),
    words("the identity of a relationship", RELATIONS, 'Id="rId1"', 'Id="AnnExample"', sheet="Cover"),
    words(
        "a number format that no cell uses",
        STYLES,
        "<fonts",
        f'<numFmts count="1"><numFmt numFmtId="190" formatCode="0 &quot;{PRIVATE}&quot;"/></numFmts><fonts',
    ),
)
TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in PRIVATE)


def folder_with_bytes():
    return packed([*unpacked(with_xlsxwriter()).items(), ("xl/notes/", PRIVATE.encode())])


def linked(address):
    return lambda: with_xlsxwriter(lambda made: made.notes.write_url("A7", address, string="More"))


def two_pictures(made):
    for name in ("below", "above"):
        look = {"image_data": io.BytesIO(png(300, 200)), "description": "Recorded crime"}
        made.notes.insert_image("A8", f"{name}.png", look)


def within_one_cell(made):
    """Put a picture beneath a larger one, both smaller than a cell."""
    for name, size in (("below", 4), ("above", 8)):
        look = {"image_data": io.BytesIO(png(size, size)), "description": "Recorded crime"}
        made.notes.insert_image("A8", f"{name}.png", look)


def looking(where="A6", value=PRIVATE, **look):
    return lambda: with_xlsxwriter(lambda made: made.notes.write(where, value, made.book.add_format(look)))


def in_narrow_column(made):
    made.notes.set_column("E:E", 1)
    made.notes.write("E6", 7700900123)


def drawn(change):
    """Return a workbook with a picture whose drawing is changed."""

    def make():
        look = {"image_data": io.BytesIO(png(40, 40)), "description": "Recorded crime"}
        content = with_xlsxwriter(lambda made: made.notes.insert_image("A8", "made.png", look))
        part = "xl/drawings/drawing2.xml"
        parts = unpacked(content)
        return packed(parts | {part: change(parts[part].decode()).encode()})

    return make


def far_away(drawing):
    begin, end = drawing.index("<xdr:twoCellAnchor"), drawing.index("<xdr:pic>")
    place = '<xdr:absoluteAnchor><xdr:pos x="900000000" y="900000000"/><xdr:ext cx="400000" cy="400000"/>'
    return f"{drawing[:begin]}{place}{drawing[end:]}".replace("twoCellAnchor", "absoluteAnchor")


def drawing_fault(rule, name, content, *, cell="A8"):
    return one(rule, name, content, part="xl/drawings/drawing2.xml", sheet="Notes", cell=cell)


def boxed(text, *, look="", size=(120, 40)):
    """Return a workbook with a text box, in whose drawing the look of its letters is changed."""

    def make():
        width, height = size
        how = {"description": "Source", "width": width, "height": height}
        content = with_xlsxwriter(lambda made: made.notes.insert_textbox("A8", text, how))
        part = "xl/drawings/drawing2.xml"
        parts = unpacked(content)
        letters = re.sub(r"<a:rPr([^>]*)/>", rf"<a:rPr\1>{look}</a:rPr>", parts[part].decode())
        return packed(parts | {part: letters.encode()})

    return make


def titled(look):
    words = f"<a:bodyPr/><a:p><a:r>{look}<a:t>{PRIVATE}</a:t></a:r></a:p>"
    label = f"<c:trendlineLbl><c:tx><c:rich>{words}</c:rich></c:tx></c:trendlineLbl>"
    return changed(CHART, "</c:tx>", f"</c:tx><c:trendline>{label}</c:trendline>")


WHITE = '<a:solidFill><a:schemeClr val="tx1"><a:lumMod val="0"/><a:lumOff val="100000"/></a:schemeClr></a:solidFill>'
OF_AXIS = (
    f"<c:valAx><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>{PRIVATE}</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    '<c:delete val="1"/>'
)


def unnamed_series(made):
    """Draw a series with a name that no legend shows."""
    drawn_so = made.book.add_chart({"type": "bar"})
    drawn_so.add_series({"values": "=Offences!$C$5:$C$8", "name": PRIVATE})
    drawn_so.set_legend({"none": True})
    made.offences.insert_chart("E20", drawn_so, {"description": "Offences"})


def tiny_chart(made):
    drawn_so = made.book.add_chart({"type": "bar"})
    drawn_so.add_series({"values": "=Offences!$C$5:$C$8"})
    made.notes.insert_chart("A8", drawn_so, {"description": "Offences", "x_scale": 0.02, "y_scale": 0.02})


def beside_a_neighbour(made):
    made.notes.set_column("B:B", 3)
    made.notes.write("A6", "Notes")
    made.notes.write("B6", PRIVATE, made.book.add_format({"align": "right"}))


READ_BY_NOBODY = (
    one(
        "unshown-words",
        "the name of a series that no legend shows",
        lambda: with_xlsxwriter(unnamed_series),
        part="xl/charts/chart2.xml",
        sheet="Offences",
    ),
    drawing_fault("hidden-shape", "a chart in which nothing can be read", lambda: with_xlsxwriter(tiny_chart)),
    one("cut-text", "to the left of its cell", lambda: with_xlsxwriter(beside_a_neighbour), sheet="Notes", cell="B6"),
    one(
        "unseen-characters",
        "selectors of variants",
        looking(value="Seen\U000e0141\U000e016e"),
        sheet="Notes",
        cell="A6",
    ),
    one(
        "unseen-characters",
        "in a header",
        lambda: with_xlsxwriter(lambda made: made.notes.set_header("&CCrime" + "\u200b\u200c" * 5)),
        sheet="Notes",
    ),
    drawing_fault("same-colour", "white by its theme", boxed(PRIVATE, look=WHITE)),
    drawing_fault("same-colour", "letters without fill", boxed(PRIVATE, look="<a:noFill/>")),
    drawing_fault(
        "same-colour",
        "transparent letters",
        boxed(
            PRIVATE,
            look='<a:solidFill><a:srgbClr val="000000"><a:alpha val="0"/></a:srgbClr></a:solidFill>',
        ),
    ),
    drawing_fault("hidden-shape", "beyond its box", boxed(PRIVATE * 20)),
    one("same-colour", "a white text in a chart", titled(f"<a:rPr>{WHITE}</a:rPr>"), part=CHART, sheet="Offences"),
    one("tiny-text", "a text of a point in a chart", titled('<a:rPr sz="100"/>'), part=CHART, sheet="Offences"),
    one(
        "unshown-words",
        "the title of an axis that is not drawn",
        changed(CHART, "<c:valAx>", OF_AXIS),
        part=CHART,
        sheet="Offences",
    ),
    one(
        "unshown-words",
        "an address of e-mail behind other words",
        linked("mailto:ann.example@example.org"),
        part="xl/worksheets/_rels/sheet4.xml.rels",
        sheet="Notes",
    ),
    one(
        "unknown-element",
        "an attribute of what has two branches",
        changed(WORKBOOK, "<calcPr", alternate().replace("xmlns:mc", f'note="{PRIVATE}" xmlns:mc', 1) + "<calcPr"),
        part=WORKBOOK,
    ),
    one("symbol-font", "signs in the place of letters", looking(font_name="Wingdings"), sheet="Notes", cell="A6"),
    one("tiny-text", "shrunk to fit", looking(value=PRIVATE * 9, shrink=True), sheet="Notes", cell="A6"),
    one("cut-text", "turned in a low row", looking(rotation=90), sheet="Notes", cell="A6"),
    one("cut-text", "a figure in a narrow column", lambda: with_xlsxwriter(in_narrow_column), sheet="Notes", cell="E6"),
    drawing_fault("hidden-shape", "beneath another within a cell", lambda: with_xlsxwriter(within_one_cell)),
    drawing_fault(
        "hidden-shape",
        "washed out",
        drawn(lambda text: text.replace('r:embed="rId1"/>', 'r:embed="rId1"><a:lum bright="100000"/></a:blip>')),
    ),
    one("far-cell", "a picture at a place of its own", drawn(far_away), sheet="Notes"),
)


def drawn_in_nothing(made):
    look = {"image_data": io.BytesIO(rgba([[b"\0\0\0\0", b"\xff\0\0\0"] * 9] * 9)), "description": "Recorded crime"}
    made.notes.insert_image("A8", "made.png", look)


OTHERS = (
    *READ_BY_NOBODY,
    one(
        "picture-unseen",
        "another colour in what is transparent",
        lambda: with_xlsxwriter(drawn_in_nothing),
        part="xl/media/image1.png",
        sheet="Notes",
    ),
    one(
        "unseen-characters",
        "tag characters",
        lambda: with_xlsxwriter(lambda made: made.notes.write("A6", f"Recorded crime{TAGS}")),
        sheet="Notes",
        cell="A6",
    ),
    one(
        "unseen-characters",
        "characters without width",
        lambda: with_xlsxwriter(
            lambda made: made.notes.write("A6", "Recorded\u200b\u200c\u200b\u200b\u200c\u200b\u200c\u200c crime")
        ),
        sheet="Notes",
        cell="A6",
    ),
    one("bytes-within", "the entry of a folder", folder_with_bytes, part="xl/notes/"),
    one(
        "unshown-words",
        "what a hyperlink asks of its page",
        linked("https://example.org/?name=Ann+Example"),
        part="xl/worksheets/_rels/sheet4.xml.rels",
        sheet="Notes",
    ),
    one(
        "hidden-shape",
        "a picture beneath another",
        lambda: with_xlsxwriter(two_pictures),
        part="xl/drawings/drawing2.xml",
        sheet="Notes",
        cell="A8",
    ),
    one(
        "other-author",
        "a person of a team",
        lambda: replaced(
            with_xlsxwriter(), "docProps/core.xml", "<dc:creator>", "<dc:creator>Ann Example (Performance), "
        ),
        part="docProps/core.xml",
    ),
    one(
        "hyperlink-to-file",
        "somebody's own folder on the web",
        linked("https://example-my.sharepoint.com/personal/ann_example/list.xlsx"),
        sheet="Notes",
        cell="A7",
    ),
)
UNLISTED = (*OTHERS, *ELEMENTS, *VALUES, *CELLS, *WORDS)
