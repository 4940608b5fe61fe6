"""What ordinary programs write stops nothing; what only looks so does; and one cause is one finding."""

from __future__ import annotations

import pytest
from corpus_ordinary import ORDINARY, PLAIN_PICTURES, REPEATED, STOPPED, UNSEEN, labelled, repeated
from corpus_programs import PROGRAMS, THINGS, made, pivoted

from cdrp_xl.publication import Severity, inspect


def of_severity(findings, severity):
    return [finding for finding in findings if finding.severity is severity]


@pytest.mark.parametrize("make", ORDINARY.values(), ids=ORDINARY.keys())
def test_what_programs_write_stops_nothing(make):
    assert of_severity(inspect(make(), "ordinary.xlsx"), Severity.BLOCKS) == []


@pytest.mark.whole
@pytest.mark.parametrize("program", PROGRAMS)
def test_ordinary_workbooks_of_six_programs_are_not_stopped(program):
    assert len(PROGRAMS) * len(THINGS) == 60
    for thing in THINGS:
        assert of_severity(inspect(made(program, thing), "ordinary.xlsx"), Severity.BLOCKS) == [], thing


@pytest.mark.parametrize("program", PROGRAMS)
def test_one_pivot_table_is_one_finding(program):
    (found,) = of_severity(inspect(pivoted(program), "made.xlsx"), Severity.BLOCKS)
    assert found.rule_id == "pivot-cache"
    assert found.what.endswith(": 2 parts.")


@pytest.mark.parametrize("rule", STOPPED)
def test_what_only_looks_ordinary_is_stopped(rule):
    found = of_severity(inspect(STOPPED[rule](), "made.xlsx"), Severity.BLOCKS)
    assert {finding.rule_id for finding in found} - {"personal-data"} == {rule}  # what is planted names an address


@pytest.mark.parametrize("rule", REPEATED)
def test_parts_of_one_cause_are_one_finding_with_a_count(rule):
    (found,) = [finding for finding in inspect(repeated(rule), "made.xlsx") if finding.rule_id == rule]
    assert found.what.endswith(": 3 parts.")


def test_a_label_is_looked_at_and_its_remedy_keeps_it():
    (found,) = [each for each in inspect(labelled(), "made.xlsx") if each.rule_id == "sensitivity-label"]
    assert (found.severity, found.part) == (Severity.LOOK, "docMetadata/LabelInfo.xml")
    assert "need not be taken off" in found.remedy


@pytest.mark.parametrize("where", UNSEEN)
def test_words_that_nobody_sees_are_found_where_programs_write_them(where):
    rule, make = UNSEEN[where]
    assert [each for each in inspect(make(), "made.xlsx") if each.rule_id == rule]


@pytest.mark.parametrize("make", PLAIN_PICTURES.values(), ids=PLAIN_PICTURES.keys())
def test_what_pictures_ordinarily_hold_is_no_finding(make):
    assert not [each for each in inspect(make(), "made.xlsx") if each.rule_id.startswith("picture-")]
