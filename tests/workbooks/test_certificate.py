"""The certificate: what the copy was made of and what was checked, without a count, and the same for the same copy."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import openpyxl
import pytest

from cdrp_xl.errors import FileError
from cdrp_xl.periods import Period
from cdrp_xl.publication import Finding, Severity
from cdrp_xl.report import Inputs, Suppressed
from cdrp_xl.sources.master import Accepted, Override
from cdrp_xl.sources.row_values import RowValues
from cdrp_xl.terms import Status
from cdrp_xl.workbooks import certificate
from cdrp_xl.workbooks.certificate import Hashed
from cdrp_xl.workbooks.gating import Passed

COPY = certificate.hashed("copy.xlsx", b"a copy")
READ = (Hashed(name="a.csv", size=3, sha256="ab" * 32),)
Q1 = Period.parse("2011-12 Q1")
JUDGED = Override(priority_id="farm-crime", quarter=Q1, status=Status.WORSE, reason="Two gangs were charged.")


def certify(built, findings=(), row_values=None):
    passed = Passed(findings=tuple(findings), row_values=row_values)
    return certificate.certify(built, COPY, read=READ, classifications=[built.comparison.classification], passed=passed)


def look(rule_id):
    words = {"part": "", "sheet": "", "cell": "", "what": "", "why": "", "remedy": ""}
    return Finding(rule_id=rule_id, severity=Severity.LOOK, **words)


def short_form(built, read=READ):
    return dict(certificate.short_form(built, read, built.comparison.classification, name="copy.certificate.json"))


def test_the_published_copys_certificate_has_its_hash_and_those_of_its_extracts(demo):
    held = certificate.read(certificate.path_of(demo.copy))
    assert held.copy == certificate.hashed(demo.copy.name, demo.copy.read_bytes())
    there = [
        certificate.hashed(path.name, path.read_bytes())
        for part in ("partnership.toml", "data/*", "returns/*/*.xlsx")
        for path in demo.folder.glob(part)
    ]
    assert {each.name for each in held.read} >= {"partnership.toml", "recorded-crime-2011-12-q1.csv"}
    assert [each for each in held.read if each not in there] == []


def test_it_says_what_was_checked_by_which_definitions_and_software(built):
    held = certify(built)
    assert (held.area, held.quarter, held.date, held.marking) == (
        "South Cambridgeshire",
        "2011-12 Q1",
        "2011-07-29",
        "OFFICIAL",
    )
    assert held.made_by.startswith("cdrp-xl ")
    assert [each.name for each in held.definitions] == ["cadet-2011"]
    declared = built.comparison.classification
    assert held.sums_proved == len(declared.identities) + len(declared.bounds)
    assert held.checks[0].result == "holds"


def test_every_rule_of_the_gate_is_listed_with_what_it_found(built):
    from cdrp_xl.publication.rules import RULES

    first, second = RULES[0], RULES[1]
    held = certify(built, [look(second.rule_id), look(second.rule_id)])
    of_gate = held.checks[len(built.checks) :]
    assert [each.what for each in of_gate] == [rule.what for rule in RULES]
    assert (of_gate[0].what, of_gate[0].result) == (first.what, "nothing found")
    assert of_gate[1].result == "look: 2"


def test_what_was_found_of_single_rows_is_certified_where_there_is_an_extract_of_them(built):
    values = RowValues(found=(), headings=("Victim",), looked_for=3, too_short={})
    of_rules = certify(built).checks
    of_values = certify(built, [look("row-level-value")], values).checks[len(of_rules) :]
    assert [(each.what, each.result) for each in of_values] == [
        ("A value from a single row of the extract is in the workbook", "look: 1"),
        ("Values from single rows are too short to be looked for", "nothing found"),
    ]


def test_judgements_and_accepted_warnings_are_certified_with_their_reasons(built):
    inputs = Inputs(
        overrides=(JUDGED, replace(JUDGED, priority_id="gone")),
        acceptances=(Accepted(finding="size-out-of-line", quarter=Q1, reason="Photographs of the area."),),
    )
    held = certify(replace(built, inputs=inputs))
    assert [(each.what, each.judgement, each.reason) for each in held.judgements] == [
        ("Farm crime", "Worse position", "Two gangs were charged.")
    ]
    assert [(each.what, each.reason) for each in held.accepted] == [("size-out-of-line", "Photographs of the area.")]


@pytest.mark.parametrize("quarter", [Period.parse("2010-11 Q4"), None])
def test_nothing_that_was_written_for_another_quarter_is_certified(built, quarter):
    judged = (replace(JUDGED, quarter=quarter),) if quarter else ()
    accepted = (Accepted(finding="size-out-of-line", quarter=quarter, reason="Photographs of the area."),)
    held = certify(replace(built, inputs=Inputs(overrides=judged, acceptances=accepted)))
    assert (held.judgements, held.accepted) == ((), ())


def test_hidden_cells_are_counted_and_none_is_told_apart(built):
    shown = Suppressed(sheet="CADET highlights", is_rounded=False, unsafe=11, hidden=16, exposed=1)
    small = json.loads(certificate.as_bytes(certify(replace(built, suppressed=(shown,)))))["small_counts"]
    assert small == [{"sheet": "CADET highlights", "hidden": 16, "rounded": False}]


def test_the_same_copy_of_the_same_extracts_has_the_same_certificate(built):
    assert certificate.as_bytes(certify(built)) == certificate.as_bytes(certify(built))


def test_a_certificate_is_read_back_as_it_was_written(built, tmp_path):
    file = tmp_path / "copy.certificate.json"
    file.write_bytes(certificate.as_bytes(certify(built)))
    assert certificate.read(file) == certify(built)


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        (lambda text: text.replace("OFFICIAL", "SECRET"), "its seal does not match its content"),
        (lambda text: text.replace('"sums_proved": 5', '"sums_proved": 6'), "its seal does not match its content"),
        (lambda text: text[:-20], "it is not a certificate as cdrp-xl writes them"),
        (lambda _: "[]", "it is not a certificate as cdrp-xl writes them"),
        (lambda _: "\udcff", "it is not a certificate as cdrp-xl writes them"),
        (lambda _: "", "it is not a certificate as cdrp-xl writes them"),
    ],
)
def test_a_damaged_certificate_is_reported(built, tmp_path, change, damage):
    file = tmp_path / "copy.certificate.json"
    text = change(certificate.as_bytes(certify(built)).decode())
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(FileError, match=r"^The certificate copy\.certificate\.json is damaged") as refused:
        certificate.read(file)
    assert refused.value.what == f"The certificate copy.certificate.json is damaged: {damage}."


def test_a_folder_in_a_certificates_place_is_reported(tmp_path):
    with pytest.raises(FileError, match="it can't be opened"):
        certificate.read(tmp_path)


def test_the_notes_of_the_copy_have_the_short_form_and_the_master_has_none(demo):
    def rows(file):
        return {row[0].value: row[1].value for row in openpyxl.load_workbook(file)["Notes"].iter_rows(max_col=2)}

    found = rows(demo.copy)
    assert found["Certified"] == "Found"
    assert found["Sums"].startswith("Totals that agree with their parts: all 58 (CADET highlights")
    assert found["Small counts"] == "Every count is shown."
    assert found["Positions"] == "Every position is as its rule gives it."
    assert found["Certificate"].startswith("South-Cambridgeshire-2011-12-Q1.certificate.json identifies this")
    assert "Certified" not in rows(demo.master)


def test_the_short_form_counts_what_is_hidden_and_judged_and_names_the_first_extracts(built):
    shown = Suppressed(sheet="CADET highlights", is_rounded=False, unsafe=11, hidden=16, exposed=0)
    rounded = Suppressed(sheet="Localities", is_rounded=True, unsafe=3, hidden=1, exposed=0)
    inputs = Inputs(overrides=(JUDGED,))
    found = short_form(replace(built, suppressed=(shown, rounded), inputs=inputs), READ * 6)
    assert found["Small counts"] == (
        "CADET highlights: 16 counts are hidden. Localities: all counts are rounded, and 1 are hidden."
    )
    assert found["Positions"] == "1 of 2, by the analyst, each with its reason."
    assert found["Extracts"].count("a.csv (SHA-256 abababababababab…)") == 4
    assert found["Extracts"].endswith("; 2 more")


def test_an_extract_that_can_not_be_read_is_named(example):
    from cdrp_xl import settings

    own = settings.read(example)
    extract = example / "data" / "cadet-2011-12-q1.csv"
    extract.unlink()
    extract.mkdir()
    with pytest.raises(FileError, match=r"^cadet-2011-12-q1\.csv can't be read to be certified\."):
        certificate.files_read(own, example)


def test_the_certificate_stands_beside_the_copy_under_its_name(demo):
    assert certificate.path_of(demo.copy).name == "South-Cambridgeshire-2011-12-Q1.certificate.json"


def test_today_is_not_in_the_certificate(example):
    from cdrp_xl.workbooks import publishing

    place = next((example / "published").glob("*.json"))
    before = place.read_bytes()
    publishing.publish(example, today=dt.date(2031, 1, 1), progress=str)
    assert place.read_bytes() == before
