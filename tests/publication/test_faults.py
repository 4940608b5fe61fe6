"""Every planted fault is found by its rule, at its place, and by no gate without that rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_documents import DOCUMENTS
from corpus_faults import FAULTS
from corpus_good import EDITED, OPENPYXL, XLSXWRITER
from corpus_hiding import HIDING
from corpus_hostile import HOSTILE
from corpus_ordinary import OF_PEOPLE_AND_LABELS
from corpus_unlisted import UNLISTED

from cdrp_xl.publication import inspect
from cdrp_xl.publication.rules import RULES


def found_by(rule_id, findings):
    return [finding for finding in findings if finding.rule_id == rule_id]


PLANTED = (*FAULTS, *HIDING, *OF_PEOPLE_AND_LABELS, *UNLISTED)
"""Those in workbooks: of the documents' own rules something is planted in documents alone."""


@pytest.mark.whole
@pytest.mark.parametrize("fault", PLANTED, ids=str)
def test_a_planted_fault_is_found_at_its_place(fault):
    (found, *_) = found_by(fault.rule, inspect(fault.content(), "made.xlsx"))
    assert (found.sheet, found.cell, found.part) == (fault.sheet, fault.cell, fault.part)
    assert found.what.endswith(".")
    assert found.why
    assert found.remedy


@pytest.mark.whole
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_a_gate_without_one_of_its_rules_lets_a_planted_fault_pass(rule):
    planted = [fault for fault in (*PLANTED, *DOCUMENTS) if fault.rule == rule.rule_id]
    assert planted, f"nothing is planted for the rule {rule.rule_id}"
    without = tuple(each for each in RULES if each is not rule)
    content = planted[0].content()
    assert found_by(rule.rule_id, inspect(content, "made.xlsx"))
    assert not found_by(rule.rule_id, inspect(content, "made.xlsx", rules=without))


def test_the_document_counts_the_corpus_as_it_is():
    docs = Path(__file__).parents[2] / "docs"
    shown, sent = (" ".join((docs / name).read_text(encoding="utf-8").split()) for name in ("gate.md", "sending.md"))
    assert f"place: {len(PLANTED)} faults in workbooks" in shown
    assert f"each of the {len(RULES)} rules" in shown
    assert f"good document {len(DOCUMENTS)} faults" in shown
    assert f"blocks: {len(XLSXWRITER) + len(OPENPYXL) + len(EDITED)} by XlsxWriter" in shown
    assert f"its {len(RULES)} rules" in sent
    assert len(HOSTILE) == 25
