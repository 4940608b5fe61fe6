from __future__ import annotations

import pytest

from cdrp_xl.libreoffice.number_formats import in_excels_spelling


@pytest.mark.parametrize(
    ("libreoffice", "excel"),
    [
        ("Standard", "General"),
        ("General", "General"),
        ("BOOLEAN", "General"),
        ("M/D/YYYY H:MM", "m/d/yyyy h:mm"),
        ("[H]:MM", "[h]:mm"),
        ("#,##0;[RED]-#,##0", "#,##0;[Red]-#,##0"),
        ("0.00E+00", "0.00E+00"),
        ("H:MM AM/PM", "h:mm AM/PM"),
        ('0" PEOPLE"', '0" PEOPLE"'),
        ("@", "@"),
    ],
)
def test_a_format_code_is_spelled_as_in_excel(libreoffice, excel):
    assert in_excels_spelling(libreoffice) == excel


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "code", ["0.0%", "#,##0", "yyyy-mm-dd", "d mmm yyyy", "[h]:mm", "@", "£#,##0.00", "#,##0;[Red]-#,##0", "General"]
)
def test_a_number_format_is_read_back_as_it_was_written(sheet, code):
    sheet["A1"].number_format = code
    assert sheet["A1"].number_format == code


@pytest.mark.libreoffice
def test_cells_of_different_formats_have_none_in_common(sheet):
    sheet["A1"].number_format = "0.0%"
    assert sheet["A1:A2"].number_format is None
