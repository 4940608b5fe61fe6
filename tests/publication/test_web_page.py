"""Pages through the gate: a good one passes, whatever is planted in one is found, and no value of a row is missed."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import replace

import pytest
from corpus_documents import sheet, table

from cdrp_xl.publication import Severity, inspect
from cdrp_xl.publication.canaries import Canary, found_in, texts_in
from cdrp_xl.publication.gate import read
from cdrp_xl.sheets import Chart, Properties, Series, SeriesKind, Sparkline, Text
from cdrp_xl.styles import BLUE, Style
from cdrp_xl.writers import html_file

PROPERTIES = Properties(
    title="Performance report",
    subject="A subject",
    author="Research Group",
    date=dt.date(2011, 7, 29),
    marking="OFFICIAL",
    is_final=True,
)


def good(*more, upright=frozenset()):
    """Return a page as a copy has it, with further blocks on its worksheet of figures, and with some upright."""
    names = ("Figures", "By month", "Notes")
    listed = table(
        "tblContents",
        [("Contents", Style.LINK), ("What it shows", Style.TEXT)],
        *((name, f"What {name.lower()} shows") for name in names),
        links=names,
    )
    months = table("tblMonths", [("Month", Style.NAME), ("Offences", Style.COUNT)], ("Apr-11", 441), ("May-11", 455))
    drawn = Chart(
        name="chtMonths",
        table=months,
        categories="Month",
        series=(Series(heading="Offences", kind=SeriesKind.COLUMNS, colour=BLUE),),
        title="Offences by month",
        across="Month",
        alt_text="Offences by month from April to May.",
        row=9,
    )
    of_figures = table(
        "tblFigures",
        [
            ("Offence", Style.NAME),
            ("Offences", Style.COUNT),
            ("Change", Style.APPARENT_CHANGE),
            ("As at", Style.DATE),
            ("Months", Style.TEXT),
        ],
        ("All Crime", 1321, -0.1056, dt.date(2011, 6, 30), None),
    )
    line = Sparkline(sheet="By month", table=months, heading="Offences", row=4, column=4)
    cited = Text(name="cited", value="See [note 1].", row=8)
    noted = table("tblNotes", [("Note", Style.NAME), ("Text", Style.TEXT)], ("[note 1]", "Counts of the police."))
    laid_out = (
        sheet("Cover", listed, title="Performance report"),
        sheet("Figures", of_figures, line, cited, *more),
        sheet("By month", months, drawn),
        sheet("Notes", noted),
    )
    return html_file.write([replace(each, is_wide=each.name not in upright) for each in laid_out], PROPERTIES)


def found(content):
    return {finding.rule_id: finding for finding in inspect(content, "made.html")}


def test_nothing_is_found_in_a_page_as_it_is_published():
    assert inspect(good(), "made.html") == ()


def test_nothing_is_found_in_a_page_that_is_printed_upright_and_another_paper_is_found():
    content = good(upright={"Cover", "By month", "Notes"})
    assert inspect(content, "made.html") == ()
    assert b'class="across"' in content
    assert "unknown-element" in found(content.replace(b"size:A4 portrait", b"size:1mm 1mm"))
    assert "unknown-value" in found(content.replace(b"style-src 'sha256-", b"style-src 'sha256-A"))


SECTION = b'<section id="page-1">'
PLANTED = {
    "a comment": ("xml-comment", SECTION, SECTION + b"<!-- SYN/11/001460 -->"),
    "an instruction": ("xml-instruction", SECTION, SECTION + b"<?php rows ?>"),
    "a script": ("unknown-element", b"</main>", b"<script>fetch('x')</script></main>"),
    "another style": ("unknown-element", b"</head>", b"<style>p{display:none}</style></head>"),
    "a changed script": ("unknown-element", b'"use strict";', b'"use strict"; // 14 Chapel Lane'),
    "a picture": ("unknown-value", SECTION, SECTION + b'<img src="data:,x"/>'),
    "a frame": ("unknown-element", SECTION, SECTION + b"<iframe></iframe>"),
    "a template": ("unknown-element", SECTION, SECTION + b"<template><p>rows</p></template>"),
    "a handler": ("unknown-element", SECTION, b'<section id="page-1" onclick="go()">'),
    "a hidden section": ("unknown-element", SECTION, b'<section id="page-1" hidden="">'),
    "a style of its own": ("unknown-element", SECTION, b'<section id="page-1" style="display:none">'),
    "data of an element": ("unknown-element", SECTION, b'<section id="page-1" data-rows="SYN/11/001460">'),
    "a title that is shown when pointed at": ("unknown-element", SECTION, b'<section id="page-1" title="rows">'),
    "a link to elsewhere": ("unknown-value", b'href="#note-1"', b'href="https://example.org/?rows"'),
    "a link that runs": ("unknown-value", b'href="#note-1"', b'href="javascript:go()"'),
    "an id of words": ("unknown-value", b'id="page-1"', b'id="ann-example"'),
    "a class that hides": ("unknown-value", b'<p class="marking">', b'<p class="said">'),
    "a wider policy": ("unknown-value", b"default-src 'none'", b"default-src *"),
    "words among elements": ("unknown-element", b"<tbody>", b"<tbody>rows"),
    "another figure than the one shown": ("beside-the-value", b'value="1321"', b'value="1322"'),
    "another share than the one shown": ("beside-the-value", b'value="-0.1056"', b'value="-0.2056"'),
    "another date than the one shown": ("beside-the-value", b'datetime="2011-06-30"', b'datetime="1984-06-30"'),
    "a day that is none": ("beside-the-value", b'datetime="2011-06-30"', b'datetime="2011-06-31"'),
    "words that only a screen reader says": (
        "unshown-words",
        b'<span class="said">',
        b'<span class="said">Chapel Lane ',
    ),
    "words for a small chart": ("unshown-words", b'aria-label="', b'aria-label="Chapel Lane '),
    "words in a drawing": ("unshown-words", b"</svg>", b'<text x="900" y="0">Chapel Lane</text></svg>'),
    "a name": ("personal-data", b"See <a", b"QQ 12 34 56 A. AB123456C. See <a"),
    "no marking": ("unmarked-sheet", SECTION, b"<section><h2>More</h2><p>Words</p></section>" + SECTION),
    "no language": ("no-language", b' lang="en-GB"', b""),
    "no title": ("no-title", b"<title>Performance report</title>", b"<title></title>"),
    "a note that is not listed": ("note-not-listed", b"See ", b"See [note 7] and "),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_a_page_is_found(planted):
    rule, old, new = PLANTED[planted]
    assert old in good()
    content = good().replace(old, new, 1)
    assert rule in found(content)
    assert rule not in found(good())


@pytest.mark.parametrize(
    "content",
    [
        good().replace(b"</section>", b"", 1),
        good() + b"rows",
        b"<!DOCTYPE html>\n<html><p>one<p>two</html>",
        b"<!DOCTYPE html SYSTEM 'rows.dtd'>\n<html/>",
        b"<!DOCTYPE html>\n<!DOCTYPE html [<!ENTITY a 'rows'>]><html>&a;</html>",
        b"<html><body>Saved by another program</body></html>",
        b"\xef\xbb\xbf" + good(),
    ],
    ids=[
        "broken",
        "more after the end",
        "tag soup",
        "a document type",
        "an entity",
        "another page",
        "a mark before it",
    ],
)
def test_a_page_that_can_be_read_in_more_than_one_way_blocks(content):
    (finding,) = inspect(content, "made.html")
    assert (finding.rule_id, finding.severity) == ("unreadable", Severity.BLOCKS)


@pytest.mark.parametrize(
    "words",
    ["SYN/11/001460", "syn/11/001460", "SYN/11/<b></b>001460", base64.b64encode(b"see SYN/11/001460 there").decode()],
    ids=["as it is", "lower-case letters", "parted", "base64"],
)
def test_a_value_of_one_row_is_found_in_a_page_with_its_place(words):
    content = good(Text(name="more", value="MORE", row=10)).replace(b"MORE", words.encode())
    sheets = read(good(Text(name="more", value=words, row=10)), "made.html").sheets
    (finding,) = found_in(
        texts_in(content, "made.html"), [Canary("SYN/11/001460", "Reference", is_certain=True)], sheets
    )
    assert (finding.rule_id, finding.severity) == ("row-level-value", Severity.BLOCKS)
    assert finding.sheet in {"Figures", ""}


def test_a_section_is_read_as_a_worksheet_with_its_table():
    book = read(good(), "made.html")
    figures = next(sheet for sheet in book.sheets if sheet.name == "Figures")
    (of_figures,) = figures.tables
    assert of_figures.headings == ("Offence", "Offences", "Change", "As at", "Months")
    first = of_figures.block.row + 1
    assert [figures.text(first, column) for column in range(5)] == [
        "All Crime",
        "1321",
        "-0.1056",
        "30 June 2011",
        "small chart",
    ]


def coloured(accent):
    return html_file.write([sheet("Cover", title="Performance report")], replace(PROPERTIES, accent=accent))


@pytest.mark.parametrize(("accent", "is_good"), [("#5B2A86", True), ("#FFFFFF", False), ("#E8E8E8", False)])
def test_a_page_in_a_colour_of_its_own_is_a_good_one_where_words_can_be_read_in_it(accent, is_good):
    listed = {"unknown-element", "unknown-value"}
    assert found(coloured(accent)).keys() & listed == (set() if is_good else listed)


def test_another_style_behind_an_accent_is_found():
    content = coloured("#5B2A86")
    assert "unknown-element" in found(content.replace(b".finding{", b".finding{color:#fff;"))
    assert "unknown-value" in found(content.replace(b"style-src 'sha256-", b"style-src 'sha256-A"))
