"""Ordinary workbooks in the manner of six programs, made by code: with ten things that people put into them."""

from __future__ import annotations

import io
import re

from corpus_good import png, with_openpyxl, with_xlsxwriter
from corpus_ordinary import LABEL, labelled
from corpus_packages import packed, unpacked, with_part
from openpyxl.chart import LineChart, Reference
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule, IconSetRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break

MICROSOFT = "http://schemas.microsoft.com/office"
REVISION = f"{MICROSOFT}/spreadsheetml/2014/revision"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
SHEETS, TABLES, DRAWINGS, CHARTS, STYLES, WORKBOOK, APP = (
    r"xl/worksheets/\w+\.xml",
    r"xl/tables/\w+\.xml",
    r"xl/drawings/\w+\.xml",
    r"xl/charts/chart\d\.xml",
    r"xl/styles\.xml",
    r"xl/workbook\.xml",
    r"docProps/app\.xml",
)
UID = "{1F2E3D4C-0000-4A3B-8C4D-5E6F70819203}"
CHART_STYLE = f"{MICROSOFT}/2011/relationships"


# Things that people put into workbooks, by XlsxWriter.


def charts(made):
    for place, kind in (("E20", "line"), ("E36", "pie"), ("N4", "bar"), ("N20", "scatter")):
        drawn = made.book.add_chart({"type": kind})
        drawn.add_series(
            {
                "categories": "=Offences!$A$5:$A$8",
                "values": "=Offences!$B$5:$B$8",
                "name": "=Offences!$B$4",
                "data_labels": {"value": True},
            }
        )
        drawn.set_title({"name": "Offences by group"})
        made.offences.insert_chart(place, drawn, {"description": "The offences as in the table."})


def filtered(made):
    made.offences.autofilter("A12:C14")
    for row, line in enumerate((("Ward", "Offences", "Rate"), ("Abbey", 12, 1.5), ("Arbury", 9, 1.2)), 11):
        made.offences.write_row(row, 0, line)


def tabled(made):
    columns = [{"header": name} for name in ("Ward", "Offences", "Rate")]
    made.offences.add_table(
        "A30:C32",
        {
            "columns": columns,
            "data": [("Abbey", 12, 1.5), ("Arbury", 9, 1.2)],
            "name": "tblWards",
            "style": "Table Style Medium 2",
        },
    )


def pictured(made):
    for place, name in (("E6", "Picture 1"), ("E12", "logo")):
        look = {"image_data": io.BytesIO(png(60, 40)), "description": "Recorded crime", "object_position": 2}
        made.notes.insert_image(place, f"{name}.png", look)
    made.notes.insert_textbox("E18", "Source: police recorded crime", {"description": "Source"})


def conditional(made):
    for what in (
        {"type": "3_color_scale"},
        {"type": "data_bar"},
        {"type": "icon_set", "icon_style": "3_arrows"},
        {"type": "cell", "criteria": ">", "value": 100, "format": made.book.add_format({"bg_color": "#FFC7CE"})},
        {"type": "text", "criteria": "containing", "value": "Arson", "format": made.book.add_format({"bold": True})},
    ):
        made.offences.conditional_format("B5:C8", what)


def named(made):
    made.book.define_name("Offences_2011", "=Offences!$C$5:$C$8")
    made.book.define_name("Notes!Notes_1", "=Notes!$A$4")


def printed(made):
    made.offences.print_area("A1:U60")
    made.offences.repeat_rows(3)
    made.offences.set_header("&LRecorded crime&R&D")
    made.offences.set_footer("&CPage &P of &N")
    made.offences.set_h_pagebreaks([20])
    made.offences.set_margins(0.5, 0.5, 0.75, 0.75)
    made.notes.set_portrait()


def validated(made):
    made.notes.data_validation("A6", {"validate": "list", "source": ["Yes", "No"]})
    made.notes.data_validation("B6", {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 9})
    made.notes.write_url("A20", "https://www.gov.uk/", string="Guidance")
    made.offences.freeze_panes(4, 1)


def styled(made):
    for row, look in enumerate(
        ({"bold": True}, {"num_format": "#,##0.0"}, {"num_format": "dd mmm yyyy"}, {"bg_color": "#DDEBF7", "border": 1})
    ):
        made.notes.write(row + 6, 0, 40_000.5, made.book.add_format(look))
    made.notes.write_rich_string("A12", "Of these, ", made.book.add_format({"bold": True}), "most", " are burglaries")
    made.notes.merge_range("A14:C14", "Recorded by the police", made.book.add_format({"align": "center"}))
    made.offences.set_column("B:C", 14, None, {"level": 1})


def plain(_):
    return None


THINGS = {
    "charts": charts,
    "filters": filtered,
    "tables": tabled,
    "pictures": pictured,
    "labels": plain,
    "conditional formats": conditional,
    "names": named,
    "print settings": printed,
    "validations and links": validated,
    "formats": styled,
}


# The manners of programs, put upon what XlsxWriter wrote.


def changed(content, *changes):
    """Return a package in whose parts, found by a pattern, patterns are replaced wherever they are."""
    parts = unpacked(content)
    for which, pattern, instead in changes:
        for name in parts:
            if re.fullmatch(which, name):
                parts[name] = re.sub(pattern.encode(), instead.encode(), parts[name])
    return packed(parts)


IGNORED = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr xr2 xr3" '
    f'xmlns:x14ac="{MICROSOFT}/spreadsheetml/2009/9/ac" xmlns:xr="{MICROSOFT}/spreadsheetml/2014/revision" '
    f'xmlns:xr2="{MICROSOFT}/spreadsheetml/2015/revision2" xmlns:xr3="{MICROSOFT}/spreadsheetml/2016/revision3"'
)
OF_THEME = (
    '<a:extLst><a:ext uri="{05A4C25C-085E-4340-85A3-A5531E510DB2}">'
    f'<thm15:themeFamily xmlns:thm15="{MICROSOFT}/thememl/2012/main" name="Office Theme" '
    'id="{62F939B6-93AF-4DB8-9C6B-D6C7DFDC589F}" '
    'vid="{4A3C46E8-61CC-4603-A589-7422A47A8E4A}"/></a:ext></a:extLst>'
)
OF_WORKBOOK = (
    f'<extLst><ext uri="{{140A7094-0E35-4892-8432-C4D2E57EDEB5}}" xmlns:x15="{MICROSOFT}/spreadsheetml/2010/11/main">'
    '<x15:workbookPr chartTrackingRefBase="1"/></ext>'
    f'<ext uri="{{B58B0392-4F1F-4190-BB64-5DF3571DCE5F}}" xmlns:xcalcf="{MICROSOFT}/spreadsheetml/2018/calcfeatures">'
    '<xcalcf:calcFeatures><xcalcf:feature name="microsoft.com:RD"/><xcalcf:feature name="microsoft.com:FV"/>'
    "</xcalcf:calcFeatures></ext></extLst>"
)
OF_SHAPE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}">'
    f'<a16:creationId xmlns:a16="{MICROSOFT}/drawing/2014/main" id="{UID}"/></a:ext></a:extLst>'
)
OF_CHART = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    f'<mc:Choice Requires="c14" xmlns:c14="{MICROSOFT}/drawing/2007/8/2/chart"><c14:style val="102"/></mc:Choice>'
    '<mc:Fallback><c:style val="2"/></mc:Fallback></mc:AlternateContent>'
)
REVISED = (
    '<workbookPr codeName="ThisWorkbook" defaultThemeVersion="202300"/><xr:revisionPtr revIDLastSave="0" '
    f'documentId="13_ncr:1_{UID}" xr6:coauthVersionLast="47" xr6:coauthVersionMax="47" '
    'xr10:uidLastSave="{00000000-0000-0000-0000-000000000000}" '
    f'xmlns:xr6="{MICROSOFT}/spreadsheetml/2016/revision6" xmlns:xr10="{MICROSOFT}/spreadsheetml/2016/revision10"/>'
)
OF_SERIES = (
    '<c:extLst><c:ext uri="{C3380CC4-5D6E-409C-BE32-E72D297353CC}" '
    f'xmlns:c16="{MICROSOFT}/drawing/2014/chart"><c16:uniqueId val="{{00000000-1F2E-4A3B-8C4D-5E6F70819203}}"/>'
    "</c:ext></c:extLst></c:ser>"
)


def by_excel(content):
    """Return a workbook as Excel 365 writes it."""
    content = changed(
        content,
        (SHEETS, "<worksheet ", f'<worksheet {IGNORED} xr:uid="{UID}" '),
        (SHEETS, "<sheetFormatPr ", '<sheetFormatPr x14ac:dyDescent="0.3" '),
        (TABLES, "<table ", f'<table {IGNORED} xr:uid="{UID}" '),
        (STYLES, "<styleSheet ", f"<styleSheet {IGNORED} "),
        (STYLES, "<fonts ", '<fonts x14ac:knownFonts="1" '),
        (WORKBOOK, "<workbook ", f"<workbook {IGNORED} "),
        (WORKBOOK, "<workbookPr[^>]*/>", REVISED),
        (WORKBOOK, "<workbookView ", f'<workbookView xr2:uid="{UID}" '),
        (WORKBOOK, "</workbook>", f"{OF_WORKBOOK}</workbook>"),
        (r"xl/theme/theme1\.xml", "<a:extraClrSchemeLst ?/>", f"<a:extraClrSchemeLst/>{OF_THEME}"),
        (DRAWINGS, r"(<xdr:cNvPr [^>]*[^/])/>", rf"\1>{OF_SHAPE}</xdr:cNvPr>"),
        (CHARTS, "<c:chart>", f"{OF_CHART}<c:chart>"),
        (CHARTS, "</c:ser>", OF_SERIES),
    )
    if "xl/charts/chart1.xml" not in unpacked(content):
        return content
    for name, inside in (("style", 'id="227"'), ("colors", 'meth="cycle" id="10"')):
        tag, kind = {"style": ("chartStyle", "chartStyle"), "colors": ("colorStyle", "chartColorStyle")}[name]
        content = with_part(
            content,
            f"xl/charts/{name}1.xml",
            f'<cs:{tag} xmlns:cs="{MICROSOFT}/drawing/2012/chartStyle" {inside}/>',
            content_type=f"application/vnd.ms-office.{kind.lower()}+xml",
            source="xl/charts/chart1.xml",
            kind=f"{CHART_STYLE}/{kind}",
        )
        content = changed(content, (r"xl/charts/_rels/chart1\.xml\.rels", "planted", f"rId{len(name)}"))
    return content


OF_LIBREOFFICE = "LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2"
SWITCHED_OFF = '<workbookPr backupFile="false" showObjects="all" date1904="false"/><workbookProtection/>'
OF_CALC = (
    '<extLst><ext xmlns:loext="http://schemas.libreoffice.org/" uri="{7626C862-2A13-11E5-B345-FEFF819CDC9F}">'
    '<loext:extCalcPr stringRefSyntax="ExcelA1"/></ext></extLst></workbook>'
)
DECLARED = (
    f'<worksheet xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:x14="{MICROSOFT}/spreadsheetml/2009/9/main" '
    f'xmlns:xr2="{MICROSOFT}/spreadsheetml/2015/revision2" '
)


def by_libreoffice(content):
    """Return a workbook as LibreOffice writes it: every switch is said, in words."""
    return changed(
        content,
        (APP, "<Application>[^<]*", f"<Template></Template><TotalTime>0</TotalTime><Application>{OF_LIBREOFFICE}"),
        (APP, "<HeadingPairs>.*</TitlesOfParts>", ""),
        (WORKBOOK, "<fileVersion[^>]*/>", '<fileVersion appName="Calc"/>'),
        (WORKBOOK, "<workbookPr[^>]*/>", SWITCHED_OFF),
        (WORKBOOK, "</workbook>", OF_CALC),
        (SHEETS, "<worksheet ", DECLARED),
        (SHEETS, "<sheetPr>", '<sheetPr filterMode="false">'),
        (SHEETS, "<row ", '<row customFormat="false" hidden="false" outlineLevel="0" collapsed="false" '),
        (DRAWINGS, 'name="Chart ', 'name="Diagramm '),
        (DRAWINGS, 'name="Picture ', 'name="Image '),
    )


OF_GOOGLE = (
    f'xmlns:mx="{MICROSOFT}/mac/excel/2008/main" xmlns:mv="urn:schemas-microsoft-com:mac:vml" '
    f'xmlns:x14="{MICROSOFT}/spreadsheetml/2009/9/main" xmlns:x15="{MICROSOFT}/spreadsheetml/2010/11/main" '
    f'xmlns:x14ac="{MICROSOFT}/spreadsheetml/2009/9/ac" xmlns:xm="{MICROSOFT}/excel/2006/main" '
)


USUAL_SIZE = '<sheetFormatPr customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/>'


def by_google(content):
    """Return a workbook as Google Sheets exports it: without properties, and with a drawing to each worksheet."""
    parts = unpacked(content)
    parts = {name: part for name, part in parts.items() if not name.startswith("docProps/")}
    content = changed(
        packed(parts),
        (r"_rels/\.rels", r"<Relationship [^>]*docProps[^>]*/>", ""),
        (r"\[Content_Types\]\.xml", r"<Override [^>]*docProps[^>]*/>", ""),
        (WORKBOOK, "<fileVersion[^>]*/>", ""),
        (WORKBOOK, "<workbookPr[^>]*/>", "<workbookPr/>"),
        (WORKBOOK, "<bookViews>.*</bookViews>", ""),
        (WORKBOOK, "<sheet ", '<sheet state="visible" '),
        (WORKBOOK, "<calcPr[^>]*/>", "<calcPr/>"),
        (WORKBOOK, "<workbook ", f"<workbook {OF_GOOGLE}"),
        (SHEETS, "<worksheet ", f"<worksheet {OF_GOOGLE}"),
        (SHEETS, "<sheetFormatPr [^>]*/>", USUAL_SIZE),
        (r"xl/theme/theme1\.xml", '(<a:theme [^>]*)name="[^"]*"', r'\1name="Sheets"'),
        (DRAWINGS, r'name="Picture (\d)"', r'name="image\1.png" title="Image"'),
    )
    return with_part(
        content,
        "xl/drawings/drawing9.xml",
        f'<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main" xmlns:c="{DRAWING}/chart" '
        f'xmlns:cx="{MICROSOFT}/drawing/2014/chartex" xmlns:cx1="{MICROSOFT}/drawing/2015/9/8/chartex" '
        f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:dgm="{DRAWING}/diagram" '
        f'xmlns:x3Unk="{MICROSOFT}/drawing/2010/slicer" xmlns:sle15="{MICROSOFT}/drawing/2012/slicer"/>',
        content_type="application/vnd.openxmlformats-officedocument.drawing+xml",
        source="xl/worksheets/sheet1.xml",
        kind="drawing",
    )


def prefixed(part):
    """Return a part of a worksheet's language with a prefix to each of its names."""
    part = part.replace(f'xmlns="{MAIN}"'.encode(), f'xmlns:x="{MAIN}"'.encode(), 1)
    return re.sub(rb"<(/?)(?=[A-Za-z0-9]+[ />])", rb"<\1x:", part)


OF_PROPERTIES = (
    '<Default Extension="psmdcp" ContentType="application/vnd.openxmlformats-package.core-properties+xml" />'
)


def by_closedxml(content):
    """Return a workbook as ClosedXML writes it: with a prefix to each name, and properties in a place of their own."""
    parts, core = unpacked(content), "package/services/metadata/core-properties/90efe759c6c748ae99baef916d490048.psmdcp"
    parts = {core if name == "docProps/core.xml" else name: part for name, part in parts.items()}
    for name in parts:
        if re.fullmatch(r"xl/(workbook|styles|sharedStrings|worksheets/\w+|tables/\w+)\.xml", name):
            parts[name] = prefixed(parts[name])
    return changed(
        packed(parts),
        (r"_rels/\.rels", "docProps/core.xml", f"/{core}"),
        (r"_rels/\.rels", 'Id="rId2"', 'Id="Rf45ee2392a884c63"'),
        (r"\[Content_Types\]\.xml", "<Override [^>]*docProps/core[^>]*/>", OF_PROPERTIES),
        (r"xl/_rels/workbook\.xml\.rels", 'Target="', 'Target="/xl/'),
        (WORKBOOK, "<x:workbookPr[^>]*/>", '<x:workbookPr codeName="ThisWorkbook" />'),
        (APP, "<AppVersion>[^<]*</AppVersion>", ""),
        (r".*\.rels", "^", "\ufeff"),
    )


def by_epplus(content):
    """Return a workbook as EPPlus writes it: little but what is needed, and identities for everything else."""
    return changed(
        content,
        (r"xl/_rels/workbook\.xml\.rels", 'Target="', 'Target="/xl/'),
        (WORKBOOK, "<fileVersion[^>]*/>|<workbookPr[^>]*/>", ""),
        (WORKBOOK, "<bookViews>.*</bookViews>", '<bookViews><workbookView activeTab="0"/></bookViews>'),
        (STYLES, "<styleSheet ", f'<styleSheet xmlns:x14="{MICROSOFT}/spreadsheetml/2009/9/main" '),
        (STYLES, "<tableStyles[^>]*/>", ""),
        (APP, "<Application>[^<]*</Application>", "<Application>EPPlus</Application>"),
        (SHEETS, "<worksheet ", f'<worksheet xmlns:xr="{REVISION}" '),
        (CHARTS, "<c:chart>", '<c:roundedCorners val="0"/><c:chart>'),
        (TABLES, "<table ", f'<table xmlns:xr="{REVISION}" xr:uid="{UID}" '),
        (DRAWINGS, r'name="(Picture|Chart) (\d)"', r'name="\1\2"'),
    )


MANNERS = {
    "Excel": by_excel,
    "LibreOffice": by_libreoffice,
    "Google Sheets": by_google,
    "ClosedXML": by_closedxml,
    "EPPlus": by_epplus,
}


# The same by openpyxl itself.


def charts_by_openpyxl(book):
    drawn = LineChart()
    drawn.add_data(Reference(book["Offences"], min_col=2, min_row=4, max_row=8), titles_from_data=True)
    drawn.title = "Offences by group"
    book["Offences"].add_chart(drawn, "E20")


def filtered_by_openpyxl(book):
    for line in ((), (), (), ("Ward", "Offences"), ("Abbey", 12), ("Arbury", 9)):
        book["Notes"].append(line)
    book["Notes"].auto_filter.ref = "A8:B10"


def conditional_by_openpyxl(book):
    rules = book["Offences"].conditional_formatting
    rules.add("B5:C8", ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color="63BE7B"))
    rules.add("B5:B8", DataBarRule("min", None, "max", None, color="638EC6"))
    rules.add("C5:C8", IconSetRule("3Arrows", "percent", [0, 33, 67]))
    rules.add("C5:C8", CellIsRule(operator="greaterThan", formula=["100"], fill=PatternFill(bgColor="FFC7CE")))


def named_by_openpyxl(book):
    book.defined_names["Offences_2011"] = DefinedName("Offences_2011", attr_text="Offences!$C$5:$C$8")


def printed_by_openpyxl(book):
    sheet = book["Offences"]
    sheet.print_area, sheet.print_title_rows = "A1:U60", "4:4"
    sheet.oddHeader.left.text, sheet.oddFooter.center.text = "Recorded crime", "Page &P of &N"
    sheet.row_breaks.append(Break(id=20))


def validated_by_openpyxl(book):
    rule = DataValidation(type="list", formula1='"Yes,No"')
    rule.add("A6")
    book["Notes"].add_data_validation(rule)
    book["Notes"]["A8"].hyperlink = "https://www.gov.uk/"
    book["Offences"].freeze_panes = "B5"


def styled_by_openpyxl(book):
    cell = book["Notes"]["A7"]
    cell.value, cell.number_format = 40_000.5, "#,##0.0"
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    cell.alignment = Alignment(horizontal="center")
    book["Notes"].merge_cells("A14:C14")


BY_OPENPYXL = {
    "charts": charts_by_openpyxl,
    "filters": filtered_by_openpyxl,
    "tables": plain,
    "labels": plain,
    "conditional formats": conditional_by_openpyxl,
    "names": named_by_openpyxl,
    "print settings": printed_by_openpyxl,
    "validations and links": validated_by_openpyxl,
    "formats": styled_by_openpyxl,
}


def everything(made):
    """Put all of them into a workbook."""
    for thing in THINGS.values():
        thing(made)


def by_openpyxl(*things):
    """Return a workbook that openpyxl wrote; of a picture, which asks for another library, one in its manner."""
    if things == ("pictures",):
        content = with_xlsxwriter(pictured)
        return changed(content, (DRAWINGS, 'name="Picture ', 'name="Image '))

    def plant(book):
        notes = book.create_sheet("Notes")
        notes["A1"], notes["A2"], notes["A4"] = "Notes", "OFFICIAL", "Police recorded crime."
        for thing in things:
            BY_OPENPYXL.get(thing, plain)(book)

    return with_openpyxl(plant, styled=True)


def made(program, thing):
    """Return an ordinary workbook in the manner of a program, with one thing in it."""
    content = MANNERS[program](with_xlsxwriter(THINGS[thing])) if program in MANNERS else by_openpyxl(thing)
    content = labelled(LABEL, base=content) if thing == "labels" else content
    return changed(content, (r".*\.rels", 'Id="planted"', 'Id="rId1234"'))


PROGRAMS = (*MANNERS, "openpyxl")


def made_with_everything(program):
    """Return a workbook in the manner of a program with every thing that people put into one, but a label."""
    content = MANNERS[program](with_xlsxwriter(everything)) if program in MANNERS else by_openpyxl(*THINGS)
    return changed(content, (r".*\.rels", 'Id="planted"', 'Id="rId1234"'))


def pivoted(program):
    """Return a workbook with a pivot table, its cache and the rows that this keeps."""
    content = made(program, "formats")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    for name, tag, kind, source in (
        ("xl/pivotCache/pivotCacheDefinition1.xml", "pivotCacheDefinition", "pivotCacheDefinition", "xl/workbook.xml"),
        (
            "xl/pivotCache/pivotCacheRecords1.xml",
            "pivotCacheRecords",
            "pivotCacheRecords",
            "xl/pivotCache/pivotCacheDefinition1.xml",
        ),
        ("xl/pivotTables/pivotTable1.xml", "pivotTableDefinition", "pivotTable", "xl/worksheets/sheet1.xml"),
    ):
        content = with_part(
            content,
            name,
            f'<{tag} xmlns="{MAIN}"/>',
            content_type=f"{types}.{kind}+xml",
            source=source,
            kind=f"{office}/{kind}",
        )
    return content
