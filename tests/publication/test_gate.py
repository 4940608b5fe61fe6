"""The gate as a whole: what it says about files that can't be opened, in which order, and in which words."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from corpus_good import with_xlsxwriter
from corpus_packages import packed, unpacked, with_part

from cdrp_xl.packages import COMPOUND_FILE
from cdrp_xl.publication import Severity, in_words, inspect
from cdrp_xl.publication.kinds import ALLOWED, kind_of
from cdrp_xl.publication.rules import RULES

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "gate.md"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"hello", "is not a workbook"),
        (COMPOUND_FILE + bytes(600), "old form"),
        (COMPOUND_FILE + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password"),
    ],
    ids=["text", "xls", "encrypted"],
)
def test_a_file_that_cannot_be_looked_into_blocks_and_says_why(content, what):
    (finding,) = inspect(content, "made.xlsx")
    assert (finding.rule_id, finding.severity) == ("unreadable", Severity.BLOCKS)
    assert what in finding.what
    assert finding.where == "the workbook"


def test_the_gravest_findings_come_first():
    content = with_part(with_xlsxwriter(properties={}), "xl/rows.csv", "rows")
    found = [finding.severity for finding in inspect(content, "made.xlsx")]
    assert found == sorted(found, key=list(Severity).index)
    assert {Severity.BLOCKS, Severity.LOOK} <= set(found)


def test_a_part_that_is_broken_does_not_hide_what_else_is_wrong():
    parts = unpacked(with_part(with_xlsxwriter(), "xl/rows.csv", "rows"))
    content = packed(parts | {"xl/styles.xml": b"<styleSheet", "xl/worksheets/sheet1.xml": b"not xml"})
    found = Counter(finding.rule_id for finding in inspect(content, "made.xlsx"))
    assert found["unread-part"] == 2
    assert found["unknown-part"] == 1


def test_a_folder_that_is_said_to_stand_outside_the_file_blocks_and_the_rest_is_looked_at():
    content = bytearray(packed(unpacked(with_part(with_xlsxwriter(), "xl/rows.csv", "rows")) | {"xl/": b""}))
    entry = content.rindex(b"xl/", 0, content.rindex(b"PK\x05\x06")) - 46
    content[entry + 42 : entry + 46] = (70_000).to_bytes(4, "little")
    found = {finding.rule_id for finding in inspect(bytes(content), "made.xlsx")}
    assert {"unreadable", "unknown-part"} <= found


def test_a_producer_that_is_known_may_stand_as_author():
    content = with_xlsxwriter(properties={"author": "Ann Example"})
    assert "person-as-author" in {finding.rule_id for finding in inspect(content, "a.xlsx")}
    known = inspect(content, "a.xlsx", organisations=["Ann Example"])
    assert "person-as-author" not in {finding.rule_id for finding in known}


def test_every_rule_has_a_name_of_its_own_and_says_what_why_and_how_to_mend_it():
    assert [name for name, times in Counter(rule.rule_id for rule in RULES).items() if times > 1] == []
    for rule in RULES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.rule_id)
        assert not rule.what.endswith(".")
        assert rule.why.endswith(".")
        assert rule.remedy.endswith(".")


def test_the_document_lists_the_rules_as_they_are():
    assert in_words.as_table(RULES) in DOCUMENT.read_text(encoding="utf-8"), "write docs/gate.md again: make gate"


def test_findings_in_words_say_what_where_why_and_what_to_do():
    findings = inspect(with_part(with_xlsxwriter(), "xl/rows.csv", "rows"), "made.xlsx")
    found = in_words.as_text("made.xlsx", findings).splitlines()
    assert found[:7] == [
        "made.xlsx: 2 findings: 1 that block, 1 to look at.",
        "",
        "BLOCKS  unknown-part",
        '  There is a part that a workbook for reading does not need. Where: part "xl/rows.csv".',
        "  Why: What is on no list may hold anything.",
        "  What to do: Make the copy from values only: copy the cells and paste them as values into a new workbook.",
        "",
    ]


def test_a_workbook_without_findings_is_said_to_be_so():
    assert in_words.as_text("made.xlsx", ()) == "made.xlsx: nothing was found."


def test_findings_as_json_have_plain_keys():
    findings = inspect(with_part(with_xlsxwriter(), "xl/rows.csv", "rows"), "made.xlsx")
    printed = json.loads(in_words.as_json("made.xlsx", findings))
    assert (printed["file"], printed["blocks"]) == ("made.xlsx", True)
    assert printed["findings"][0] | {"why": "", "remedy": ""} == {
        "id": "unknown-part xl/rows.csv",
        "rule": "unknown-part",
        "severity": "blocks",
        "worksheet": None,
        "cell": None,
        "part": "xl/rows.csv",
        "what": "There is a part that a workbook for reading does not need.",
        "why": "",
        "remedy": "",
    }


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/worksheets/sheet1.xml", "worksheet"),
        ("xl/pivotCache/pivotCacheRecords1.xml", "pivot cache"),
        ("xl/anything.bin", "unknown"),
    ],
)
def test_what_a_part_is_comes_from_its_name_and_from_what_leads_to_it(part, kind):
    led = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" if "sheet" in part else ""
    assert kind_of(part, "", led) == kind
    assert (kind in ALLOWED) == (kind == "worksheet")
