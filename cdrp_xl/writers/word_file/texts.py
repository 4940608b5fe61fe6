"""Paragraphs of a Word document, as its XML has them."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

NOTE = re.compile(r"(\[note \d{1,4}\])")
_SIGN_BEFORE_FIGURE = re.compile(r"([+-]) (?=\d)")
_WITHOUT_BREAK = "\\1\u00a0"
"""Between a sign and its figure no line ends."""


def paragraph(  # noqa: PLR0913 - each is one property of a paragraph
    text: str,
    style: str,
    *,
    is_bold: bool = False,
    is_right: bool = False,
    stays: bool = False,
    begins_page: bool = False,
    notes: frozenset[str] = frozenset(),
    names_note: bool = False,
    named: str = "",
    drawn: str = "",
) -> str:
    """Return a paragraph with a text.

    Parameters
    ----------
    text
        The text; a line break in it stays one.
    style
        The id of the paragraph's style.
    is_bold, is_right
        Whether it is bold, and at the right, beside what its style says.
    stays
        Whether it is on the same page as the paragraph after it.
    begins_page
        Whether a new page begins with it.
    notes
        The notes that are listed: citations of these are links.
    names_note
        Whether the text is a listed note, to which those links lead.
    named
        The name by which links find the paragraph.
    drawn
        The run of what is drawn after the text.
    """
    properties = "".join(
        [
            f'<w:pStyle w:val="{style}"/>',
            "<w:keepNext/>" if stays else "",
            "<w:pageBreakBefore/>" if begins_page else "",
            '<w:jc w:val="right"/>' if is_right else "",
        ]
    )
    inside = _bookmarked(run(text, is_bold=is_bold), note_id(text)) if names_note else _cited(text, notes, is_bold)
    inside = _bookmarked(inside, named) if named else inside
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}{drawn}</w:p>"


def run(text: str, *, is_bold: bool = False, style: str = "") -> str:
    """Return a run of text, with line breaks where it has them."""
    look = (f'<w:rStyle w:val="{style}"/>' if style else "") + ("<w:b/>" if is_bold else "")
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    lines = _SIGN_BEFORE_FIGURE.sub(_WITHOUT_BREAK, text).split("\n")
    inside = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{look}{inside}</w:r>" if text else ""


def link(text: str, to: str, *, style: str) -> str:
    """Return a run that leads to a place of the document."""
    return f'<w:hyperlink w:anchor="{to}" w:history="1">{run(text, style=style)}</w:hyperlink>'


def field(instruction: str, shown: str) -> str:
    """Return a field that the program fills in, such as the number of a page, and what it shows until then."""
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>'


def attribute(text: str) -> str:
    """Return a text as the value of an attribute, in its quotation marks."""
    return quoteattr(text)


def note_id(citation: str) -> str:
    """Return the name by which links find a listed note."""
    return citation.strip("[]").replace(" ", "_")


def _cited(text: str, notes: frozenset[str], is_bold: bool) -> str:  # noqa: FBT001
    """Return a text whose citations lead to the notes that are listed."""
    return "".join(
        f'<w:hyperlink w:anchor="{note_id(part)}" w:history="1">{run(part, is_bold=is_bold)}</w:hyperlink>'
        if part in notes
        else run(part, is_bold=is_bold)
        for part in NOTE.split(text)
    )


def _bookmarked(inside: str, name: str) -> str:
    number = int(re.sub(r"\D", "", name) or "0") + (10_000 if name.startswith("note") else 0)
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'
