"""The language of a new workbook, which XlsxWriter has no word for: a screen reader needs it to pronounce the words."""

from __future__ import annotations

from cdrp_xl.packages import Parts

ENGLISH = "en-GB"

_CORE, _CHARTS = "docProps/core.xml", "xl/charts/"
_AMERICAN, _BRITISH = (b'lang="en-US"', b'<c:lang val="en-US"/>'), (b'lang="en-GB"', b'<c:lang val="en-GB"/>')
_END = b"</cp:coreProperties>"


def in_english(content: bytes) -> bytes:
    """Return a workbook of XlsxWriter that says it is in British English, as a whole and in each of its charts."""
    parts = Parts(content, name="the new workbook")
    said = f"<dc:language>{ENGLISH}</dc:language>".encode()
    parts.replace(_CORE, parts.content_of(_CORE).replace(_END, said + _END))
    for part in parts.names():
        if part.startswith(_CHARTS) and part.endswith(".xml"):
            chart = parts.content_of(part)
            for american, british in zip(_AMERICAN, _BRITISH, strict=True):
                chart = chart.replace(american, british)
            parts.replace(part, chart)
    return parts.content()
