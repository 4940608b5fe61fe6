from __future__ import annotations

import struct

import pytest

from cdrp_xl.errors import CannotBeWrittenError

pytestmark = pytest.mark.libreoffice


def test_some_cells_become_a_pdf(sheet, tmp_path):
    sheet["A1"].value = [["area", "offences"], ["Bar Hill", 12]]
    sheet["A1:B2"].to_pdf(tmp_path / "cells.pdf")
    assert (tmp_path / "cells.pdf").read_bytes().startswith(b"%PDF")


def test_some_cells_become_a_picture_of_their_size(sheet, tmp_path, colours_of):
    sheet["A1"].value = [["area", "offences"], ["Bar Hill", 12]]
    sheet["B2"].color, sheet["C3"].color, sheet["B3"].color = (0, 128, 0), (255, 0, 0), (0, 0, 255)
    before = sheet.api.PageStyle, sheet.book.api.StyleFamilies.getByName("PageStyles").ElementNames
    sheet["A1:B2"].impl.to_png(tmp_path / "cells.png")
    content = (tmp_path / "cells.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    pixels = [sheet["A1:B2"].width * 96 / 72, sheet["A1:B2"].height * 96 / 72]
    assert struct.unpack(">II", content[16:24]) == pytest.approx(pixels, abs=1)
    colours = colours_of(tmp_path / "cells.png")
    assert (0, 128, 0) in colours
    assert not {(255, 0, 0), (0, 0, 255)} & colours
    assert (sheet.api.PageStyle, sheet.book.api.StyleFamilies.getByName("PageStyles").ElementNames) == before


def test_a_picture_of_many_rows_is_one_picture(sheet, tmp_path, colours_of):
    sheet["A1"].value = [[number] for number in range(200)]
    sheet["A200"].color = (0, 0, 255)
    sheet["A1:A200"].impl.to_png(tmp_path / "many.png")
    assert (0, 0, 255) in colours_of(tmp_path / "many.png")


def test_a_picture_without_a_folder_is_named(sheet, tmp_path):
    with pytest.raises(CannotBeWrittenError, match=r'(?s)"cells\.png" could not be written.*nowhere'):
        sheet["A1"].impl.to_png(tmp_path / "nowhere" / "cells.png")
