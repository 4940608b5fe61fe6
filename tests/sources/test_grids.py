import pytest
import xlsxwriter

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.sources import grids


def of(folder, text):
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return grids.read(path)


def test_every_row_has_the_same_number_of_cells(tmp_path):
    grid = of(tmp_path, "a\nb,c,d\n\ne,f\n")
    assert grid.cells == (("a", "", ""), ("b", "c", "d"), ("", "", ""), ("e", "f", ""))
    assert list(grid.rows()) == [1, 2, 4]


def test_cells_of_a_workbook_keep_their_rows_and_columns(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "list.xlsx") as book:
        page = book.add_worksheet()
        page.write_string(2, 3, "Arson")
        page.write_number(4, 1, 1477)
    grid = grids.read(tmp_path / "list.xlsx")
    assert grid.text(3, 3) == "Arson"
    assert grid.text(5, 1) == "1477"
    assert list(grid.rows()) == [3, 5]


def test_text_has_single_spaces_whatever_stands_between_its_words(tmp_path):
    assert of(tmp_path, '"  All\u00a0\n Crime\t"\n').text(1, 0) == "All Crime"


def test_character_that_can_not_be_seen_is_named_with_its_place(tmp_path):
    with pytest.raises(
        ValueFoundError, match=r'"Arson" holds .* \(U\+001C\)\.\nWhere: list.csv, row 1, heading "Offence"'
    ):
        of(tmp_path, "Ar\x1cson\n").text(1, 0, heading="Offence")


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("1477", 1477), ("1,477", 1477), ("1 477", 1477), ("1477.00", 1477), ("007", 7)]
)
def test_whole_number_is_read_with_its_separators(text, number):
    assert grids.whole(text, what="count", where="here") == number


@pytest.mark.parametrize("text", ["", "1,4", "1e3", "\u0661", "1.477", "-0", "[c]", "9" * 13, "1477 offences"])
def test_anything_else_is_no_whole_number(text):
    with pytest.raises(ValueFoundError, match=r"The count .*\nWhere: list.csv, row 2"):
        grids.whole(text, what="count", where="list.csv, row 2")
