"""A workbook opened to look cells up in."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
import xlsxwriter

from cdrp_xl.errors import FileError
from cdrp_xl.workbooks import cells


def test_a_workbook_whose_styles_are_damaged_is_reported_and_nothing_is_printed(tmp_path, capsys):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write(0, 0, 1)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(made) as whole, zipfile.ZipFile(path, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, re.sub(rb"<cellStyleXfs.*?</cellStyleXfs>", b"", whole.read(name)))
    with pytest.raises(FileError, match=r"a\.xlsx"):
        cells.opened(path)
    assert capsys.readouterr() == ("", "")
