"""Data through the gate: a good archive passes, whatever is planted in one is found, no value of a row is missed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from test_web_page import PROPERTIES, sheet, table

from cdrp_xl.publication import Severity, inspect
from cdrp_xl.publication.canaries import Canary, found_in, texts_in
from cdrp_xl.publication.gate import read
from cdrp_xl.sheets import Text
from cdrp_xl.styles import Style
from cdrp_xl.writers import data_files

FIGURES = "figures.csv"


def good(offence="All Crime", said="See [note 1]."):
    of_figures = table(
        "tblFigures",
        [("Offence", Style.NAME), ("Offences", Style.COUNT), ("Change", Style.APPARENT_CHANGE)],
        (offence, 1321, -0.1056),
        ("Arson", "[c]", "No Calc"),
    )
    noted = table("tblNotes", [("Note", Style.NAME), ("Text", Style.TEXT)], ("[note 1]", "Counts of the police."))
    cover = sheet("Cover", title="Performance report")
    figures = sheet("Figures", Text(name="said", value=said, row=2), of_figures)
    marked = [with_marking(each) for each in (cover, figures, sheet("Notes", noted))]
    return data_files.write(marked, PROPERTIES)


def with_marking(of):
    from dataclasses import replace

    return replace(of, marking="OFFICIAL")


def repacked(changed, **more):
    """Return the good archive with its description changed, its files changed or added, and hashes as they then are."""
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    described = json.loads(files.pop("datapackage.json"))
    files |= {name: content for name, content in more.items() if not name.startswith("_")}
    for resource in described["resources"]:
        content = files[resource["path"]]
        resource |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    changed(described)
    return data_files._packed({"datapackage.json": data_files.as_json(described), **files})


def as_it_is(described):
    assert described["resources"]


def found(content):
    return {finding.rule_id: finding for finding in inspect(content, "made.zip")}


def test_nothing_is_found_in_data_as_they_are_published():
    assert inspect(good(), "made.zip") == ()
    assert repacked(as_it_is) == good()


def put(*keys, value):
    """Return what puts a value into a description, at the end of some keys."""

    def change(described):
        at = described
        for key in keys[:-1]:
            at = at[key]
        at[keys[-1]] = value

    return change


CSV = b"Offence,Offences,Change\r\n"
PLANTED = {
    "another key": ("unknown-element", put("rows", value="SYN/11/001460"), {}),
    "another key of a file": ("unknown-element", put("resources", 0, "sources", value="SYN/11/001460"), {}),
    "another key of a column": (
        "unknown-element",
        put("resources", 0, "schema", "fields", 0, "example", value="x"),
        {},
    ),
    "a key of a schema": ("unknown-element", put("resources", 0, "schema", "primaryKey", value="Chapel"), {}),
    "words for a kind": ("unknown-value", put("resources", 0, "mediatype", value="Chapel Lane"), {}),
    "words for a missing value": ("unknown-value", put("resources", 0, "schema", "missingValues", value=["Ann"]), {}),
    "another hash": ("unknown-value", put("resources", 0, "hash", value="sha256:" + "0" * 64), {}),
    "another size": ("unknown-value", put("resources", 0, "bytes", value=1), {}),
    "other headings": ("unknown-value", put("resources", 0, "schema", "fields", 0, "name", value="Group"), {}),
    "a file that nothing names": ("unknown-part", as_it_is, {"rows.csv": b"rows"}),
    "a file elsewhere": ("unread-part", put("resources", 0, "path", value="https://example.org/rows.csv"), {}),
    "a description that is a list": ("unread-part", put("resources", value="rows"), {}),
    "a file in another form": ("unknown-element", as_it_is, {FIGURES: CSV + b'"All Crime","1321","0.5"\r\n'}),
    "a row that is too long": ("unread-part", as_it_is, {FIGURES: CSV + b"All Crime,1321,0.5,rows\r\n"}),
    "a formula": ("formula", as_it_is, {FIGURES: CSV + b"=HYPERLINK(A1),1321,0.5\r\n"}),
    "a formula with a sign": ("formula", as_it_is, {FIGURES: CSV + b"+cmd|x!A1,1321,0.5\r\n"}),
    "a formula with another": ("formula", as_it_is, {FIGURES: CSV + b"@SUM(A1),1321,0.5\r\n"}),
    "people": ("personal-data", as_it_is, {FIGURES: CSV + b"AB123456C,1321,0.5\r\n"}),
    "a person as author": ("person-as-author", put("contributors", 0, "title", value="Ann Example"), {}),
    "no title": ("no-title", put("title", value=""), {}),
    "no marking": ("unmarked-sheet", put("resources", 0, "marking", value=""), {}),
    "a note that is not listed": ("note-not-listed", put("resources", 0, "description", value="[note 1] [note 7]"), {}),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_data_is_found(planted):
    rule, change, files = PLANTED[planted]
    assert rule in found(repacked(change, **files))
    assert rule not in found(good())


def test_a_description_that_is_written_in_another_way_blocks():
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["datapackage.json"] = files["datapackage.json"].replace(b'"title"', b'"title": "rows",\n "title"', 1)
    finding = found(data_files._packed(files))["unread-part"]
    assert (finding.severity, finding.part) == (Severity.BLOCKS, "datapackage.json")


def test_a_signed_figure_in_words_is_no_formula_nor_is_what_the_description_says():
    assert "formula" not in found(good(offence="- 10.6%", said="=1+1 [note 1]"))


@pytest.mark.parametrize("where", ["offence", "said"])
def test_a_value_of_one_row_is_found_in_data_with_its_place(where):
    content = good(**{where: "See syn/11/001460 [note 1]"})
    sheets = read(content, "made.zip").sheets
    (finding,) = found_in(
        texts_in(content, "made.zip"), [Canary("SYN/11/001460", "Reference", is_certain=True)], sheets
    )
    assert (finding.rule_id, finding.severity, finding.sheet) == ("row-level-value", Severity.BLOCKS, "Figures")
