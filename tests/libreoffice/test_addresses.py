from __future__ import annotations

import pytest

from cdrp_xl.libreoffice import addresses
from cdrp_xl.libreoffice.addresses import Area


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("A1", Area(row=1, column=1)),
        ("$B$2:d4", Area(row=2, column=2, rows=3, columns=3)),
        ("D4:B2", Area(row=2, column=2, rows=3, columns=3)),
        ("XFD1048576", Area(row=1_048_576, column=16_384)),
        ("A:C", Area(row=1, column=1, rows=1_048_576, columns=3)),
        ("2:3", Area(row=2, column=1, rows=2, columns=16_384)),
    ],
)
def test_an_address_names_a_block(text, area):
    assert addresses.parse(text) == area


@pytest.mark.parametrize("text", ["XFE1", "A0", "A1048577", "total", "A", "A1:B2:C3", "Table1[x]"])
def test_what_is_no_address_is_a_name(text):
    assert addresses.parse(text) is None


def test_whole_rows_and_columns_are_written_as_excel_writes_them():
    assert addresses.parse("B:C").address() == "$B:$C"
    assert addresses.parse("2:3").address() == "$2:$3"
    assert addresses.parse("B2:C3").address(row_absolute=False) == "$B2:$C3"


@pytest.mark.parametrize("number", [1, 26, 27, 702, 703, 16_384])
def test_column_letters_lead_back_to_their_number(number):
    assert addresses.column_number(addresses.column_letters(number)) == number


@pytest.mark.parametrize("name", ["Data", "May 2011", "Burglary's", "2011", "A1"])
def test_a_quoted_sheet_name_leads_back_to_itself(name):
    assert addresses.unquoted(addresses.quoted(name)) == name


def test_only_a_plain_word_goes_without_apostrophes():
    assert [addresses.quoted(name) for name in ("Data", "May 2011", "A1", "It's")] == [
        "Data",
        "'May 2011'",
        "'A1'",
        "'It''s'",
    ]


def test_blocks_that_share_no_cell_have_no_common_part():
    block = addresses.parse("B2:C3")
    assert block.clipped(addresses.parse("C3:E9")) == addresses.parse("C3")
    assert block.clipped(addresses.parse("D4")) is None
    assert block.joined(addresses.parse("A9")) == addresses.parse("A2:C9")
