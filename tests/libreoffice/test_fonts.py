from __future__ import annotations

import pytest

pytestmark = pytest.mark.libreoffice


def test_a_font_is_set_and_read(sheet):
    font = sheet["A1"].font
    font.set(bold=True, italic=True, size=14, color="#ff8000", name="Arial")
    assert (font.bold, font.italic, font.size, font.color, font.name) == (True, True, 14, (255, 128, 0), "Arial")
    font.bold = font.italic = False
    assert (font.bold, font.italic) == (False, False)


def test_cells_of_different_fonts_have_none_in_common(sheet):
    sheet["A1"].font.set(bold=True, size=14, color=(1, 2, 3))
    font = sheet["A1:A2"].font
    assert (font.bold, font.size, font.color) == (None, None, None)


def test_a_plain_font_is_black(sheet):
    assert sheet["A1"].font.color == (0, 0, 0)


def test_part_of_a_text_has_a_font_of_its_own(sheet):
    sheet["A1"].value = "burglary rose"
    characters = sheet["A1"].characters
    characters[:8].font.bold = True
    assert characters.text == "burglary rose"
    assert (characters[:8].text, characters[-1].text, characters[9].text) == ("burglary", "e", "r")
    assert characters[:8].font.bold is True
    assert characters[9:].font.bold is False
    assert sheet["A1"].value == "burglary rose"
