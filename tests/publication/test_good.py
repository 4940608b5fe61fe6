"""Good workbooks of several kinds, from several programs: the gate lets every one pass."""

from __future__ import annotations

import pytest
from corpus_good import EDITED, OPENPYXL, XLSXWRITER

from cdrp_xl.publication import Severity, inspect

GOOD = [
    pytest.param(make, id=f"{program}, {kind}")
    for program, made in (("XlsxWriter", XLSXWRITER), ("openpyxl", OPENPYXL), ("edited", EDITED))
    for kind, make in made.items()
]


@pytest.mark.parametrize("make", GOOD)
def test_nothing_in_a_good_workbook_blocks(make):
    assert [finding for finding in inspect(make(), "good.xlsx") if finding.severity is Severity.BLOCKS] == []
