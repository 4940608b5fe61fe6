"""Canaries: a value of one row is found in whatever part and whatever form it stands, and nothing else is."""

from __future__ import annotations

import base64
import gzip
import io
import urllib.parse
import zipfile
import zlib

import pytest
from corpus_good import png, with_openpyxl, with_xlsxwriter
from corpus_packages import packed, replaced, unpacked, with_part
from hypothesis import example, given
from hypothesis import strategies as st

from cdrp_xl.publication import Severity
from cdrp_xl.publication.canaries import END, Canary, Texts, found_in, texts_in
from cdrp_xl.publication.gate import read

REFERENCE = "SYN/11/001460"
ADDRESS = "14 Chapel Lane & Sons, Bourn"
VALUES = (
    Canary(REFERENCE, "Crime Reference", is_certain=True),
    Canary(ADDRESS, "Location", is_certain=False),
    Canary("20110412345", "Victim", is_certain=True),
)


def zipped(words):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", words)
    return content.getvalue()


def sought(content, canaries=VALUES):
    return found_in(texts_in(content, "made.xlsx"), canaries)


def with_part_of(part):
    return with_part(with_xlsxwriter(), "xl/media/data.bin", part)


def with_cell(words):
    return with_xlsxwriter(lambda made: made.notes.write("A6", words))


def shifted(words, before):
    return base64.b64encode(b"x" * before + words.encode() + b"rest")


IN_A_PART = {
    "UTF-8": REFERENCE.encode(),
    "UTF-16, little end first": REFERENCE.encode("utf-16-le"),
    "UTF-16, big end first": REFERENCE.encode("utf-16-be"),
    "UTF-16 from an odd byte on": b"x" + REFERENCE.encode("utf-16-le"),
    "lower-case letters": REFERENCE.lower().encode(),
    "base64": shifted(REFERENCE, 0),
    "base64, one byte on": shifted(REFERENCE, 1),
    "base64, two bytes on": shifted(REFERENCE, 2),
    "base64 after letters": b"abc" + shifted(REFERENCE, 0),
    "base64 over lines": base64.encodebytes(b"x" * 50 + REFERENCE.encode() + b"y" * 60),
    "base64 for addresses of the web": base64.urlsafe_b64encode(b"\xff\xfe" + REFERENCE.encode()),
    "base64 of UTF-16": base64.b64encode(REFERENCE.encode("utf-16-le")),
    "base64 of base64": base64.b64encode(base64.b64encode(REFERENCE.encode())),
    "hexadecimal": REFERENCE.encode().hex().encode(),
    "hexadecimal after a digit": b"a" + REFERENCE.encode().hex().encode(),
    "hexadecimal in pairs": REFERENCE.encode().hex(" ").encode(),
    "hexadecimal in pairs of a program": "".join(f"\\x{byte:02x}" for byte in REFERENCE.encode()).encode(),
    "base64 in UTF-16": base64.b64encode(b"xx" + REFERENCE.encode()).decode().encode("utf-16"),
    "base64 over lines that begin with spaces": base64.encodebytes(b"x" * 50 + REFERENCE.encode()).replace(
        b"\n", b"\n    "
    ),
    "UTF-32": REFERENCE.encode("utf-32-le"),
    "escapes of Excel": REFERENCE.replace("/", "_x002F_").encode(),
    "escapes of a program": "".join(f"\\u{ord(letter):04x}" for letter in REFERENCE).encode(),
    "letters that can't be seen between": "SYN/\u200b11/\u00ad001460".encode(),
    "runs with how they are pronounced": b"<r><t>SYN/11/</t></r><rPh><t>x</t></rPh><r><t>001460</t></r>",
    "character data": b"<t><![CDATA[SYN/11/]]>001460</t>",
    "character references in UTF-16": "".join(f"&#x{ord(letter):X};" for letter in REFERENCE).encode("utf-16-be"),
    "percent-encoded": urllib.parse.quote(REFERENCE, safe="").encode(),
    "character references": "".join(f"&#{ord(letter)};" for letter in REFERENCE).encode(),
    "compressed": b"before" + zlib.compress(REFERENCE.encode()) + b"after",
    "gzip": gzip.compress(REFERENCE.encode()),
    "an archive": zipped(REFERENCE),
    "an archive in an archive": zipped(zipped(REFERENCE)),
    "an archive after a picture": png() + zipped(REFERENCE),
    "base64 of an archive": base64.b64encode(zipped(REFERENCE)),
    "an address, escaped": b"<t>14 Chapel Lane &amp; Sons, Bourn</t>",
    "an address, escaped twice": b"<t>14 Chapel Lane &amp;amp; Sons, Bourn</t>",
    "an address with a space that may not break": b"<t>14&#160;Chapel Lane &amp; Sons, Bourn</t>",
    "an address over lines": b"14 Chapel   Lane\n& Sons, Bourn",
    "a text in two runs": b"<r><t>SYN/11/</t></r><r><t>001460</t></r>",
    "a number": b"<v>20110412345</v>",
    "a number with a power": b"<v>2.0110412345E+10</v>",
}


@pytest.mark.parametrize("part", [pytest.param(part, id=name) for name, part in IN_A_PART.items()])
def test_a_value_is_found_in_a_part_in_whatever_form(part):
    (found,) = sought(with_part_of(part))
    assert (found.rule_id, found.part) == ("row-level-value", "xl/media/data.bin")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (with_cell(REFERENCE), "xl/sharedStrings.xml"),
        (with_openpyxl(lambda book: book.active.append([ADDRESS])), "xl/worksheets/sheet1.xml"),
        (with_xlsxwriter(lambda made: made.notes.write("A6", 20110412345)), "xl/worksheets/sheet4.xml"),
        (with_xlsxwriter(properties={"title": f"About {REFERENCE}"}), "docProps/core.xml"),
        (with_xlsxwriter() + REFERENCE.encode(), ""),
        (with_part(with_xlsxwriter(), f"xl/{REFERENCE}.bin", b""), ""),
        (
            with_xlsxwriter(
                lambda made: made.notes.write_rich_string(
                    "A6", "SYN/11/", made.book.add_format({"bold": True}), "001460"
                )
            ),
            "xl/sharedStrings.xml",
        ),
    ],
    ids=["shared text", "inline text", "number", "property", "after the end", "a part's name", "runs of a text"],
)
def test_a_value_is_found_wherever_a_program_puts_it(content, part):
    (found,) = sought(content)
    assert found.part == part


def test_the_cell_is_named_and_the_value_never_shown_in_full():
    content = with_cell(f"See {REFERENCE} for more")
    (found,) = found_in(texts_in(content, "made.xlsx"), VALUES, read(content, "made.xlsx").sheets)
    assert (found.sheet, found.cell, found.severity) == ("Notes", "A6", Severity.BLOCKS)
    assert (
        found.what
        == 'A value from a single row is in the workbook, from under "Crime Reference": "SYN…" (13 characters).'
    )
    assert REFERENCE not in repr(found)


def test_a_value_of_a_column_that_the_settings_do_not_name_is_to_be_looked_at():
    (found,) = sought(with_cell(ADDRESS))
    assert found.severity is Severity.LOOK


@pytest.mark.parametrize(
    "words", ["SYN/11/00146", "14 Chapel Road", "120110412345", "0.20110412345", "201104123450", "Nothing"]
)
def test_what_is_only_like_a_value_is_not_found(words):
    assert sought(with_cell(words)) == ()


def test_a_good_workbook_has_none():
    assert sought(with_xlsxwriter()) == ()


@pytest.mark.whole
def test_more_than_can_be_undone_blocks():
    bomb = zlib.compress(bytes(40_000_000))
    (found,) = sought(with_part_of(bomb))
    assert (found.rule_id, found.severity) == ("canaries-unread", Severity.BLOCKS)


CORE = "docProps/core.xml"
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Z"))


@pytest.mark.whole
@given(words=st.text(LETTERS, min_size=END, max_size=40))
@example(words="/OFFIC")  # is in other parts of every workbook too
@example(words="\u03a3\u03a3\u03a3\u03a3\u03a3\u03a3")  # the last sigma of a word has a small letter of its own
@example(words="\u0130stanbul")
def test_a_value_is_found_in_the_part_that_holds_it(words):
    parts = unpacked(replaced(with_openpyxl(), CORE, "Recorded crime", "PLACE"))
    parts[CORE] = parts[CORE].replace(b"PLACE", "".join(f"&#{ord(letter)};" for letter in words).encode())
    texts = texts_in(packed(parts), "made.xlsx")
    assert texts.parts_with([words])
    assert Texts(of_part={CORE: texts.of_part[CORE]}).parts_with([words]) == {0: CORE}
