"""Files that were made to mislead or to exhaust: each is refused or queried with a clear message, at a bounded cost."""

import io
import json
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

pytestmark = pytest.mark.whole

SECONDS, MEMORY = 10, 500 << 20
DRIVER = Path(__file__).with_name("read_within_limits.py")
NAME = "reducing-reoffending.xlsx"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def parts(form):
    with zipfile.ZipFile(io.BytesIO(form)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_part(name, data):
    return lambda form: zipped(parts(form) | {name: data})


def in_sheet(before, after):
    """Return a change to the worksheet of figures."""

    def change(form):
        content = parts(form)
        part = "xl/worksheets/sheet2.xml"
        assert before in content[part], content[part][-3000:]
        return zipped(content | {part: content[part].replace(before, after, 1)})

    return change


def with_cell(cell):
    """Return a change that puts a cell in place of the clients of the drug intervention programme in May."""

    def change(form):
        content = parts(form)
        part = "xl/worksheets/sheet2.xml"
        begin = content[part].index(b'<c r="D7"')
        end = content[part].index(b"</c>", begin) + len(b"</c>")
        return zipped(content | {part: content[part][:begin] + cell + content[part][end:]})

    return change


def with_text(text):
    """Return a change of the first of the form's own words."""
    return lambda form: zipped(
        {
            name: data.replace(b"The monthly clinic in prison went on", text.encode())
            for name, data in parts(form).items()
        }
    )


def lying(form):
    """Return a form with a part of 600 MiB that the directory says to be small."""
    bomb = zipped(parts(form) | {"xl/media/image1.png": bytes(600 << 20)})
    return bomb.replace(struct.pack("<L", 600 << 20), struct.pack("<L", 1_000))


def of_many_sheets(form):
    content = parts(form)
    names = "".join(f'<sheet name="S{number}" sheetId="{number + 9}" r:id="rId1"/>' for number in range(10_000))
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(b"</sheets>", names.encode() + b"</sheets>")
    return zipped(content)


def of_many_parts(form):
    return zipped(parts(form) | {f"xl/worksheets/sheet{number}.xml": b"<a/>" for number in range(10, 10_010)})


def locked(form):
    file = io.BytesIO()
    OOXMLFile(io.BytesIO(form)).encrypt("password", file)
    return file.getvalue()


def compound(*streams):
    names = b"".join(f"{name}\0".encode("utf-16-le") for name in ("Root Entry", *streams))
    return lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(512)


def ods(body, **more):
    head = b'<?xml version="1.0"?>' + more.pop("head", b"")
    content = head + (
        b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">' + body + b"</office:document-content>"
    )
    return lambda _: zipped({"mimetype": OPEN_DOCUMENT, "content.xml": content} | more)


def one_long_text(form):
    """Return a form in which 3,000 cells hold the same text of 36 million characters."""
    content = parts(form)
    part, texts = "xl/worksheets/sheet2.xml", content["xl/sharedStrings.xml"]
    number = texts.count(b"<si>")
    long = b"<si>" + (b"<r><t>" + b"x y " * 2_400_000 + b"</t></r>") * 4 + b"</si></sst>"
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (row, row, number) for row in range(100, 3_100)
    )
    return zipped(
        content
        | {
            "xl/sharedStrings.xml": texts.replace(b"</sst>", long),
            part: content[part].replace(b"</sheetData>", rows + b"</sheetData>"),
        }
    )


def of_empty_rows(form):
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % row for row in range(100, 1_048_577))
    return in_sheet(b"</sheetData>", rows + b"</sheetData>")(form)


def lying_where_it_is_read(form):
    """Return a form whose texts unpack to 600 MiB, which the directory says to be as small as they were."""
    content = parts(form)
    part = "xl/sharedStrings.xml"
    long = content[part].replace(b"</sst>", b" " * (600 << 20) + b"</sst>")
    return zipped(content | {part: long}).replace(struct.pack("<L", len(long)), struct.pack("<L", len(content[part])))


SPACES = b"<text:p>\xf0\x9f\x98\x80" + b'<text:s text:c="1000"/>' * 299_000 + b"</text:p>"
CELL_OF_SPACES = (
    b'<office:body><table:table><table:table-row><table:table-cell office:value-type="string">'
    + SPACES
    + b"</table:table-cell></table:table-row></table:table></office:body>"
)
CELLS = b'<row r="100">' + b'<c r="A100"/>' * 100_000 + b"</row>"

REFUSED = {
    "zip bomb": (with_part("xl/media/image1.png", bytes(600 << 20)), "has a part of more than 64 MiB"),
    "zip bomb that lies": (lying, "is damaged|overlapping entries|not one of our forms|Accepted"),
    "zip bomb that lies in what is read": (lying_where_it_is_read, "is damaged"),
    "one long text in many cells": (one_long_text, "its texts have more than 10,000,000 characters"),
    "many parts": (of_many_parts, "has more than 2,000 entries"),
    "many sheets": (of_many_sheets, "it has 10,003 worksheets"),
    "entity bomb": (
        with_part("xl/sharedStrings.xml", b"<?xml version='1.0'?>" + LAUGHS + b"<sst>&c;</sst>"),
        "declares entities or a document type",
    ),
    "external entity": (
        with_part("xl/styles.xml", b"<?xml version='1.0'?>" + OUTSIDE + b"<styleSheet>&a;</styleSheet>"),
        "declares entities or a document type",
    ),
    "external link": (
        with_part("xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
        "it contains links to other workbooks or programs",
    ),
    "macros": (with_part("xl/vbaProject.bin", b"macro"), "it contains macros"),
    "embedded file": (with_part("xl/embeddings/oleObject1.bin", b"x"), "it contains embedded files"),
    "connection": (with_part("xl/connections.xml", b"<connections/>"), "it contains connections to data elsewhere"),
    "path in the zip": (
        with_part("../../evil.xml", b"<a/>"),
        r'the names of some of its parts point outside it \("\.\./\.\./evil\.xml"\)',
    ),
    "truncated": (lambda form: form[: len(form) // 2], "is not a workbook, or it is damaged"),
    "no workbook": (lambda _: b"Ref,Answer\n", "it is not a workbook"),
    "empty": (lambda _: b"", "it is empty"),
    "letter": (lambda _: zipped({"word/document.xml": b"<a/>"}), "it is not a workbook"),
    "binary workbook": (lambda _: zipped({"xl/workbook.bin": b"x"}), r"it is a binary workbook \(\.xlsb\)"),
    "wrong ending": (ods(b""), r"its content is that of an \.ods file, but its name ends differently"),
    "OLE file": (compound("WordDocument"), "it is damaged"),
    "spaces that repeat": (ods(CELL_OF_SPACES), "its texts have more than 10,000,000 characters"),
    "locked": (locked, "is locked with a password"),
    "many cells in a row": (
        in_sheet(b"</sheetData>", CELLS * 20 + b"</sheetData>"),
        "more than .* tags|rows and cells",
    ),
    "many rows": (
        in_sheet(b"</sheetData>", b"<row/>" * 1_600_000 + b"</sheetData>"),
        "it has more than 1,500,000 rows and cells",
    ),
}
SUFFIXES = {"spaces that repeat": ".ods"}
QUERIED = {
    "formula": (
        with_cell(b'<c r="D7"><f>WEBSERVICE("https://example.org")</f><v>5</v></c>'),
        "a formula, which shows 5",
    ),
    "DDE": (with_cell(b"""<c r="D7" t="str"><f>cmd|'/c calc'!A1</f><v>5</v></c>"""), 'a formula, which shows "5"'),
    "1e309": (with_cell(b'<c r="D7"><v>1E309</v></c>'), "found inf"),
    "negative": (with_cell(b'<c r="D7"><v>-5</v></c>'), "found -5"),
    "no number": (with_cell(b'<c r="D7"><v>NaN</v></c>'), "found nan"),
    "text of 32,768 characters": (with_text("x" * 32_768), r"found 32,\d+ characters, beginning"),
    "text that turns": (with_text("abc \u202e def"), r"a character that reverses the direction .* \(U\+202E\)"),
    "heaped marks": (with_text("Z" + "\u0301" * 9), "a letter with too many marks on it"),
}
HARMLESS = {
    "1,048,576 empty styled rows": of_empty_rows,
    "words from right to left": with_text("\u05e9\u05dc\u05d5\u05dd"),
    "pictures": with_part("xl/media/image1.png", b"\x89PNG" * 100_000),
}


@pytest.fixture(scope="module")
def collected(settings_and_returns, tmp_path_factory):
    """Return what a collection says about each file, and what it cost."""
    folders = {}
    every = {name: make for name, (make, _) in (REFUSED | QUERIED).items()} | HARMLESS
    for number, (name, make) in enumerate(every.items()):
        file = Path(NAME).with_suffix(SUFFIXES.get(name, ".xlsx"))
        folder = folders[name] = tmp_path_factory.mktemp("hostile") / str(number)
        place = folder / "returns" / "2011-12-Q1"
        place.mkdir(parents=True)
        (folder / "partnership.toml").write_bytes(settings_and_returns["partnership.toml"])
        (place / file).write_bytes(make(settings_and_returns[f"returns/2011-12-Q1/{NAME}"]))
    command = [sys.executable, str(DRIVER), str(SECONDS), str(MEMORY), *map(str, folders.values())]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    for folder in folders.values():
        shutil.rmtree(folder)
    return {name: said[str(folder)] for name, folder in folders.items()}


@pytest.mark.parametrize("name", [*REFUSED, *QUERIED, *HARMLESS])
def test_every_file_costs_little_time_and_memory(collected, name):
    said = collected[name]
    assert "fault" not in said, said
    assert said["status"] == 0, said
    assert said["seconds"] < SECONDS
    assert said["bytes"] < MEMORY


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_and_says_why(collected, name):
    said = collected[name]
    error = " ".join(said["refused"] + said["strays"] + (["Accepted"] if said["states"][0] == "Accepted" else []))
    assert re.search(REFUSED[name][1], error), said
    assert "What to do: " in error or "Accepted" in error
    assert said["queries"] == []


@pytest.mark.parametrize("name", QUERIED)
def test_a_hostile_answer_is_queried_and_the_others_are_kept(collected, name):
    said = collected[name]
    assert said["states"][0] == "Queried"
    assert len(said["queries"]) == 1
    assert re.search(QUERIED[name][1], said["queries"][0]), said


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_only_unusual_is_accepted(collected, name):
    assert collected[name]["states"][0] == "Accepted", collected[name]
