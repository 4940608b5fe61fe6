"""The walk in docs/ten-minutes.md: every command is run as it is typed there, with its answers, on made-up files."""

from __future__ import annotations

import openpyxl
from as_typed import Desk, made_up_files, take_the_walk


def test_the_walk_ends_with_a_published_quarter(tmp_path, monkeypatch, capsys):
    made_up_files(tmp_path)
    walked = take_the_walk(Desk(tmp_path, monkeypatch, capsys))
    assert walked == ["new", "connect", "returns", "returns", "refresh", "publish"]
    book = openpyxl.load_workbook(tmp_path / "fenland" / "published" / "Fenland-2025-26-Q1.xlsx")
    text = " ".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)
    for said in ("Residential burglary", "Serious violence", "farm", "of 5", "Reviews carried out"):
        assert said in text
