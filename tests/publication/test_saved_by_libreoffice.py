"""Workbooks that LibreOffice saved, as .xlsx and .ods: good ones pass, and what was planted is still found."""

from __future__ import annotations

import pytest
from corpus_faults import FAULTS
from corpus_good import OPENPYXL, XLSXWRITER
from corpus_hiding import HIDING

from cdrp_xl.publication import Severity, inspect

KINDS = (
    "plain",
    "without chart",
    "picture",
    "formats",
    "links to the web",
    "rich text",
    "print set-up",
    "sensitive",
    "long",
)
STAYS = (
    "hidden-sheet: by XlsxWriter",
    "hidden-row: by XlsxWriter",
    "hidden-column: by XlsxWriter",
    "formula: by XlsxWriter",
    "named-range: a range, by openpyxl",
    "same-colour: white on white",
    "same-colour: a whole column",
    "hiding-format: three semicolons",
    "hiding-format: words for small figures",
    "hiding-condition: black behind black",
    "tiny-text: of one point",
    "comment: a note by openpyxl",
    "far-cell: far to the right",
    "active-filter: of a range",
    "person-as-author: an author",
    "merged-cell: by XlsxWriter",
)


@pytest.fixture(scope="module")
def saved(libreoffice, tmp_path_factory):
    """Return all workbooks, good and at fault, as LibreOffice saves them: by name and form of file."""
    folder = tmp_path_factory.mktemp("saved")
    made = {f"good {kind}": XLSXWRITER[kind]() for kind in KINDS} | {"good lines": OPENPYXL["lines and styles"]()}
    made |= {str(fault).replace(":", ""): fault.content() for fault in (*FAULTS, *HIDING) if str(fault) in STAYS}
    assert len(made) == len(KINDS) + 1 + len(STAYS)
    paths = []
    for name, content in made.items():
        paths.append(folder / f"{name}.xlsx")
        paths[-1].write_bytes(content)
    again = {}
    for suffix in (".xlsx", ".ods"):
        (target := folder / suffix[1:]).mkdir()
        for path in libreoffice.saved(*paths, folder=target, suffix=suffix):
            again[path.name] = path.read_bytes()
    return again


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
@pytest.mark.parametrize("kind", [*KINDS, "lines"])
def test_nothing_in_a_good_workbook_blocks(saved, kind, suffix):
    name = f"good {kind}{suffix}"
    assert [finding for finding in inspect(saved[name], name) if finding.severity is Severity.BLOCKS] == []


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
@pytest.mark.parametrize("planted", STAYS)
def test_what_was_planted_is_found_after_the_saving(saved, planted, suffix):
    (fault,) = [fault for fault in (*FAULTS, *HIDING) if str(fault) == planted]
    name = f"{planted.replace(':', '')}{suffix}"
    (found, *_) = [finding for finding in inspect(saved[name], name) if finding.rule_id == fault.rule]
    assert found.sheet == fault.sheet or suffix == ".ods"
    assert not fault.cell or found.cell.partition(":")[0] == fault.cell.partition(":")[0]
