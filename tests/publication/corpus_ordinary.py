"""Workbooks as ordinary programs write them, made by code: what is harmless in them, and stops nothing."""

from __future__ import annotations

import io
import re
import struct
import zlib
from functools import partial

from corpus_faults import PRIVATE, Fault
from corpus_good import png, with_openpyxl, with_xlsxwriter
from corpus_packages import packed, replaced, unpacked, with_part

CHART, WORKBOOK, OFFENCES = "xl/charts/chart1.xml", "xl/workbook.xml", "xl/worksheets/sheet3.xml"
MICROSOFT = "http://schemas.microsoft.com/office"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawingml"
LABELS = f"{MICROSOFT}/2020/mipLabelMetadata"
LABEL = (
    f'<clbl:labelList xmlns:clbl="{LABELS}"><clbl:label id="{{12345678-1234-1234-1234-123456789012}}" enabled="1" '
    'method="Privileged" siteId="{12345678-1234-1234-1234-123456789013}" contentBits="1" removed="0"/></clbl:labelList>'
)


def head_of(part, declared, base=with_xlsxwriter):
    """Return a workbook whose part declares more namespaces at its head."""
    content = base()
    outermost = re.search(rb"<(?:\w+:)?\w+ xmlns", unpacked(content)[part])[0].decode()
    return replaced(content, part, outermost, outermost.replace(" xmlns", f" {declared} xmlns"))


def with_chart_of_excel():
    """Return a workbook with a chart as Excel 365 writes it: a style in two branches, and its own extensions."""
    style = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="c14" xmlns:c14="{MICROSOFT}/drawing/2007/8/2/chart"><c14:style val="102"/></mc:Choice>'
        '<mc:Fallback><c:style val="2"/></mc:Fallback></mc:AlternateContent>'
    )
    gaps = (
        '<c:extLst><c:ext uri="{56B9EC1D-385E-4148-901F-78D8002777C0}" '
        f'xmlns:c16r3="{MICROSOFT}/drawing/2017/03/chart"><c16r3:dataDisplayOptions16>'
        '<c16r3:dispNaAsBlank val="1"/></c16r3:dataDisplayOptions16></c:ext></c:extLst>'
    )
    content = replaced(with_xlsxwriter(), CHART, "<c:chart>", f"{style}<c:chart>")
    content = replaced(content, CHART, "</c:chart>", f"{gaps}</c:chart>")
    identity = (
        '<c:extLst><c:ext uri="{C3380CC4-5D6E-409C-BE32-E72D297353CC}" '
        f'xmlns:c16="{MICROSOFT}/drawing/2014/chart"><c16:uniqueId val="{{00000000-1F2E-4A3B-8C4D-5E6F70819203}}"/>'
        "</c:ext></c:extLst>"
    )
    return replaced(content, CHART, "</c:ser>", f"{identity}</c:ser>")


def with_text_box_in_chart():
    """Return a workbook with a text box over its chart, whose corners are shares of the chart."""
    shapes = (
        '<c:userShapes xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<cdr:relSizeAnchor xmlns:cdr="http://schemas.openxmlformats.org/drawingml/2006/chartDrawing">'
        "<cdr:from><cdr:x>0.05</cdr:x><cdr:y>0.9</cdr:y></cdr:from><cdr:to><cdr:x>0.6</cdr:x><cdr:y>0.98</cdr:y></cdr:to>"
        '<cdr:sp macro="" textlink=""><cdr:nvSpPr><cdr:cNvPr id="2" name="TextBox 1" descr="Source"/>'
        '<cdr:cNvSpPr txBox="1"/></cdr:nvSpPr><cdr:spPr/><cdr:txBody><a:bodyPr/><a:p><a:r>'
        "<a:t>Source: police recorded crime</a:t></a:r></a:p></cdr:txBody></cdr:sp></cdr:relSizeAnchor></c:userShapes>"
    )
    return with_part(
        with_xlsxwriter(),
        "xl/drawings/drawing2.xml",
        shapes,
        content_type=f"{DRAWING_TYPE}.chartshapes+xml",
        source=CHART,
        kind="chartUserShapes",
    )


def filtered(column):
    return replaced(
        with_xlsxwriter(),
        "xl/tables/table1.xml",
        "<tableColumns",
        f'<autoFilter ref="A4:C8">{column}</autoFilter><tableColumns',
    )


def labelled(label=LABEL, base=None):
    return with_part(
        base or with_xlsxwriter(),
        "docMetadata/LabelInfo.xml",
        label,
        content_type="application/vnd.ms-office.classificationlabels+xml",
        source="",
        kind=f"{MICROSOFT}/2020/02/relationships/classificationlabels",
    )


def label_in_properties(name="Name", value="OFFICIAL"):
    """Return a workbook labelled as older versions of Office do it, in custom properties."""
    prefix = "MSIP_Label_12345678-1234-1234-1234-123456789012"
    lines = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{prefix}_{key}">'
        f'<vt:lpwstr xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{text}</vt:lpwstr>'
        "</property>"
        for number, (key, text) in enumerate(
            (("Enabled", "true"), ("SetDate", "2011-07-29T09:00:00Z"), ("Method", "Standard"), (name, value)), 2
        )
    )
    properties = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    return with_part(
        with_xlsxwriter(),
        "docProps/custom.xml",
        f'<Properties xmlns="{properties}">{lines}</Properties>',
        content_type="application/vnd.openxmlformats-officedocument.custom-properties+xml",
        source="",
        kind="custom-properties",
    )


def strict():
    """Return a workbook as Excel saves it as "Strict Open XML"."""
    parts = unpacked(with_xlsxwriter())
    changed = {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/drawingml/2006": "http://purl.oclc.org/ooxml/drawingml",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
        "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties": (
            "http://purl.oclc.org/ooxml/officeDocument/extendedProperties"
        ),
        "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes": (
            "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes"
        ),
    }
    for old, new in changed.items():
        parts = {name: part.replace(old.encode(), new.encode()) for name, part in parts.items()}
    return packed(parts)


def with_blanks_after(text):
    return with_xlsxwriter(lambda made: made.notes.write("A6", f"Recorded by the police{text}"))


ORDINARY = {
    "a chart as Excel writes it": with_chart_of_excel,
    "a text box in a chart": with_text_box_in_chart,
    "namespaces that Excel declares on every worksheet": partial(
        head_of,
        OFFENCES,
        f'xmlns:x14ac="{MICROSOFT}/spreadsheetml/2009/9/ac" xmlns:xr="{MICROSOFT}/spreadsheetml/2014/revision" '
        f'xmlns:xr3="{MICROSOFT}/spreadsheetml/2016/revision3" xmlns:xm="{MICROSOFT}/excel/2006/main"',
    ),
    "namespaces that Google Sheets declares": partial(
        head_of, OFFENCES, f'xmlns:mx="{MICROSOFT}/mac/excel/2008/main" xmlns:mv="urn:schemas-microsoft-com:mac:vml"'
    ),
    "namespaces of Word and of a later Office, declared and not used": partial(
        head_of, WORKBOOK, f'xmlns:w15="{MICROSOFT}/word/2012/wordml" xmlns:x99="{MICROSOFT}/spreadsheetml/2031/main"'
    ),
    "an unused namespace in a workbook of openpyxl": partial(
        head_of, "xl/worksheets/sheet1.xml", f'xmlns:x99="{MICROSOFT}/spreadsheetml/2031/main"', with_openpyxl
    ),
    "a filter's button that is hidden": partial(filtered, '<filterColumn colId="0" hiddenButton="1"/>'),
    "a filter's button that is not shown": partial(filtered, '<filterColumn colId="2" showButton="0"/>'),
    "a sensitivity label": labelled,
    "a sensitivity label of older kind": label_in_properties,
    "a strict workbook": strict,
    "sixty spaces after a word": partial(with_blanks_after, " " * 60),
    "no-break spaces and tabs after a word": partial(with_blanks_after, "\u00a0\t" * 40),
}
"""By what is ordinary in each."""

STOPPED = {
    "unknown-element": lambda: replaced(
        head_of(OFFENCES, f'xmlns:x99="{MICROSOFT}/spreadsheetml/2031/main"'),
        OFFENCES,
        "<sheetData>",
        f'<sheetData x99:note="{PRIVATE}">',
    ),
    "words-in-label": lambda: labelled(LABEL.replace('removed="0"', f'removed="0" name="{PRIVATE}"')),
    "custom-property": lambda: label_in_properties("Owner", "ann.example@example.org"),
    "active-filter": lambda: filtered(
        '<filterColumn colId="0"><filters><filter val="Arson"/></filters></filterColumn>'
    ),
    "far-cell": lambda: with_blanks_after("\u2003" * 40 + PRIVATE),
    "hidden-shape": lambda: packed(
        {
            name: part.replace(b"<cdr:x>0.6</cdr:x>", b"<cdr:x>0.05</cdr:x>")
            for name, part in unpacked(with_text_box_in_chart()).items()
        }
    ),
}
"""By the rule that finds it: what looks ordinary, and is not."""

REPEATED = {"printer-settings": ("printerSettings", "bin"), "custom-xml": ("customXml", "xml")}


def repeated(rule):
    """Return a workbook with three parts of a kind that one program wrote for one reason."""
    kind, ending = REPEATED[rule]
    content = with_xlsxwriter()
    for number in range(1, 4):
        content = with_part(
            content,
            f"xl/{kind}/{kind}{number}.{ending}",
            "<item/>",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"
            if ending == "bin"
            else "application/xml",
            source=f"xl/worksheets/sheet{number}.xml",
            kind=kind,
        )
    return content


def _said(part, old, new):
    return lambda: replaced(with_xlsxwriter(), part, old, new)


def _pictured(content, ending):
    def make():
        return with_xlsxwriter(
            lambda made: made.notes.insert_image("A8", f"made.{ending}", {"image_data": io.BytesIO(content)})
        )

    return make


def _jpeg(adobe):
    """Return a JPEG of one point, with a piece by Adobe."""
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    size = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    piece = b"\xff\xee" + struct.pack(">H", 2 + len(adobe)) + adobe
    return head + piece + size + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x7f\xff\xd9"


def _gif(loop):
    """Return a GIF of one point, with what says how often it moves round."""
    head = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    return head + b"!\xff\x0bNETSCAPE2.0" + loop + b"\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def _png(text):
    piece = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    plain = png()
    return plain[:33] + piece + plain[33:]


ADOBE = b"Adobe\x00\x64\x00\x00\x00\x00\x00"
LOOP = b"\x03\x01\x00\x00"
UNSEEN = {
    "the language": (
        "remark",
        _said("docProps/core.xml", "</dcterms:created>", f"</dcterms:created><dc:language>{PRIVATE}</dc:language>"),
    ),
    "the version of Office": ("remark", _said("docProps/app.xml", "<AppVersion>", f"<AppVersion>{PRIVATE} ")),
    "links of a former version": (
        "remark",
        _said("docProps/app.xml", "<AppVersion>", f"<HLinks><lpwstr>{PRIVATE}</lpwstr></HLinks><AppVersion>"),
    ),
    "the title": (
        "personal-data",
        _said("docProps/core.xml", "<dc:title>Recorded crime", "<dc:title>Ann Example, 35/1204/11"),
    ),
    "a part that is not there": (
        "missing-part",
        _said(
            "[Content_Types].xml",
            "</Types>",
            f'<Override PartName="/xl/{PRIVATE}.xml" ContentType="text/xml"/></Types>',
        ),
    ),
    "a hyperlink's text": (
        "unshown-words",
        _said("xl/worksheets/sheet2.xml", 'display="', f'display="{PRIVATE} '),
    ),
    "a list to sort by": (
        "unshown-words",
        _said(
            "xl/tables/table1.xml",
            "<tableColumns",
            f'<sortState ref="A5:C8"><sortCondition ref="A5:A8" customList="{PRIVATE}"/></sortState><tableColumns',
        ),
    ),
    "the title of a PNG": ("picture-metadata", _pictured(_png(b"Title\0Ann Example"), "png")),
    "a piece of a JPEG by Adobe": ("picture-metadata", _pictured(_jpeg(ADOBE + PRIVATE.encode()), "jpg")),
    "how often a GIF moves round": (
        "picture-metadata",
        _pictured(_gif(LOOP + bytes([len(PRIVATE)]) + PRIVATE.encode()), "gif"),
    ),
}
"""By where words are that nobody sees: the rule that finds them there."""

PLAIN_PICTURES = {
    "a PNG with an empty title": _pictured(_png(b"Title\0"), "png"),
    "a PNG by matplotlib": _pictured(_png(b"Software\0matplotlib version3.8.2, https://matplotlib.org/"), "png"),
    "a JPEG by Adobe": _pictured(_jpeg(ADOBE), "jpg"),
    "a GIF that moves round": _pictured(_gif(LOOP), "gif"),
}


def _personal(*texts):
    return lambda: with_xlsxwriter(lambda made: made.notes.write_column("A6", texts))


OF_PEOPLE_AND_LABELS = (
    Fault(name="by numbers", rule="sensitivity-label", part="docMetadata/LabelInfo.xml", content=labelled),
    Fault(
        name="in an attribute",
        rule="words-in-label",
        part="docMetadata/LabelInfo.xml",
        content=STOPPED["words-in-label"],
    ),
    Fault(
        name="a National Insurance number",
        rule="personal-data",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=_personal("Her number is AB 12 34 56 C"),
    ),
    Fault(
        name="a telephone number",
        rule="personal-mention",
        sheet="Notes",
        cell="A6",
        part="xl/worksheets/sheet4.xml",
        content=_personal("Ring 01632 960001"),
    ),
)
