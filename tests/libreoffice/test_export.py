from __future__ import annotations

import pytest

pytestmark = pytest.mark.libreoffice


def test_some_cells_become_a_pdf(sheet, tmp_path):
    sheet["A1"].value = [["area", "offences"], ["Bar Hill", 12]]
    sheet["A1:B2"].to_pdf(tmp_path / "cells.pdf")
    assert (tmp_path / "cells.pdf").read_bytes().startswith(b"%PDF")
