"""OpenDocument spreadsheets made by code: a good one, and what is planted in its parts."""

from __future__ import annotations

from corpus_packages import packed

_XMLNS = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
    "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
    "form": "urn:oasis:names:tc:opendocument:xmlns:form:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    "chart": "urn:oasis:names:tc:opendocument:xmlns:chart:1.0",
}
ROWS = (("Offence", "Apr-Jun 2010", "Apr-Jun 2011"), ("Burglary dwelling", 104, 61), ("Shoplifting", 32, 59))


def root(name, inside):
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _XMLNS.items())
    version = "manifest:version" if name.startswith("manifest") else "office:version"
    return f'<?xml version="1.0" encoding="UTF-8"?><{name} {declared} {version}="1.3">{inside}</{name}>'


def cell(value, *, style="", inside="", **attributes):
    named = f' table:style-name="{style}"' if style else ""
    more = "".join(f' table:{name.replace("_", "-")}="{each}"' for name, each in attributes.items())
    if isinstance(value, (int, float)):
        kind = f' office:value-type="float" office:value="{value}"'
    else:
        kind = ' office:value-type="string"' if value else ""
    text = f"<text:p>{value}</text:p>" if value != "" else ""
    return f"<table:table-cell{named}{kind}{more}>{text}{inside}</table:table-cell>"


def row(*cells, style="", visibility=""):
    named = f' table:style-name="{style}"' if style else ""
    seen = f' table:visibility="{visibility}"' if visibility else ""
    shown = "".join(each if str(each).startswith("<") else cell(each) for each in cells)
    return f"<table:table-row{named}{seen}>{shown}</table:table-row>"


def table(name, *rows, style="ta1", columns='<table:table-column table:number-columns-repeated="3"/>', more=""):
    return f'<table:table table:name="{name}" table:style-name="{style}">{columns}{"".join(rows)}{more}</table:table>'


GOOD_ROWS = (row("Offences by group"), row("OFFICIAL"), row(), *(row(*line) for line in ROWS))


def document(*rows, styles="", tables="", beside="", scripts="", meta="", settings="", parts=None, **how):
    """Return a good spreadsheet, with rows after its own, further styles, worksheets, and so on."""
    first = table("Offences", *GOOD_ROWS, *rows, **how)
    content = (
        f"<office:scripts>{scripts}</office:scripts><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{first}{tables}{beside}</office:spreadsheet></office:body>"
    )
    said = (
        f"<office:meta><dc:title>Recorded crime</dc:title><dc:language>en-GB</dc:language>"
        f"<dc:creator>Research Group</dc:creator>{meta}</office:meta>"
    )
    held = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": root("office:document-content", content),
        "styles.xml": root("office:document-styles", "<office:styles/>"),
        "meta.xml": root("office:document-meta", said),
        "settings.xml": root("office:document-settings", f"<office:settings>{settings}</office:settings>"),
        **(parts or {}),
    }
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in held
    )
    charts = "".join(
        f'<manifest:file-entry manifest:full-path="{name.partition("/")[0]}/" '
        'manifest:media-type="application/vnd.oasis.opendocument.chart"/>'
        for name in held
        if name.startswith("Chart")
    )
    return packed(held | {"META-INF/manifest.xml": root("manifest:manifest", listed + charts)})


def cell_style(name, *, text="", of_cell="", data_style=""):
    format_named = f' style:data-style-name="{data_style}"' if data_style else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{format_named}>'
        f"<style:table-cell-properties {of_cell}/><style:text-properties {text}/></style:style>"
    )


def chart(*, rows, refers_to="Offences.$C$5:.$C$6"):
    """Return a chart's part that keeps so many rows of its own."""
    kept = "<table:table-row/>" * rows
    drawn = f'<chart:series chart:values-cell-range-address="{refers_to}"/>'
    tables = f"<table:table><table:table-rows>{kept}</table:table-rows></table:table>"
    inside = f"<chart:chart><chart:plot-area>{drawn}</chart:plot-area>{tables}</chart:chart>"
    return root("office:document-content", f"<office:body><office:chart>{inside}</office:chart></office:body>")
