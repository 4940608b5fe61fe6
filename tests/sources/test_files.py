"""Files of rows as they arrive: what is read, and what is said about a file that can't be."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from pathlib import Path

import duckdb
import msoffcrypto.format.ooxml
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.sources import counting_engine, file_names, files, sql

MEND_THE_ROW = (
    "Correct the row (a comma or quotation mark inside a value needs the value in quotation marks), "
    "or ask for the extract again: it may have been cut off."
)


def _write(path, text, encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def _workbook(path, rows, *, sheet="Data", top=0):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows, top):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    page.write_datetime(number, column, value, day)
                elif isinstance(value, str):
                    page.write_string(number, column, value)
                elif value is not None:
                    page.write(number, column, value)
    return path


def _parquet(path, sql):
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return path


def _rows(*paths, sheet="", order="1"):
    with files.opened(*paths, sheet=sheet) as opened:
        names = ", ".join(sql.identifier(name) for name in opened.files[0].headings)
        return opened.fetch(f"SELECT {names} FROM ({opened.relation()}) ORDER BY {order}")


def _numbered(path, sheet=""):
    with files.opened(path, sheet=sheet) as opened:
        return opened.fetch(f"SELECT cdrp_xl_row, Ref FROM {opened.numbered(opened.files[0])} ORDER BY 1")


def _headings(path, sheet=""):
    with files.opened(path, sheet=sheet) as opened:
        return opened.files[0].headings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_file_is_read_in_every_encoding_that_excel_saves(tmp_path, encoding):
    path = _write(tmp_path / "a.csv", "Ref,Caf\u00e9\n1,\u00a35 \u2013 \u201cquoted\u201d\n", encoding)
    assert _headings(path) == ("Ref", "Caf\u00e9")
    assert _rows(path) == [("1", "\u00a35 \u2013 \u201cquoted\u201d")]


def test_emoji_and_scripts_of_every_kind_are_kept_in_utf8(tmp_path):
    path = _write(tmp_path / "a.csv", "Ref,Locality\n1,\U0001f33e Farm \u05e9\u05dc\u05d5\u05dd\n")
    assert _rows(path) == [("1", "\U0001f33e Farm \u05e9\u05dc\u05d5\u05dd")]


def test_a_heading_with_an_accent_is_known_in_a_long_file_in_windows_1252(tmp_path):
    path = _write(tmp_path / "a.csv", "Ref,Value \u00a3\n" + "1,22222222\n" * 10_000, "cp1252")
    assert path.stat().st_size > 1 << 16
    assert _headings(path) == ("Ref", "Value \u00a3")
    assert len(_rows(path)) == 10_000


@pytest.mark.parametrize("content", [b"Ref,Name\n1,\x81\x8d\n", "Ref,Name\n1,x\n".encode("utf-16")[:-1]])
def test_a_file_in_no_known_encoding_is_named(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(FileError, match="neither UTF-8 nor") as refused:
        _rows(path)
    assert str(refused.value) == (
        "a.csv is neither UTF-8 nor Windows-1252 text.\n"
        f"Where: {path}\n"
        'What to do: Open it in Excel and save it again, as "CSV UTF-8" or as an Excel workbook.'
    )


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_the_character_between_values_is_found_in_the_heading_row(tmp_path, between):
    path = _write(tmp_path / "a.csv", f'Ref{between}"Name, full; or not"\n1{between}x\n')
    assert _headings(path) == ("Ref", "Name, full; or not")
    assert _rows(path) == [("1", "x")]


@pytest.mark.parametrize("text", ["Ref,Name\r1,x\r2,y\r", "Ref,Name\r\n1,x\r\n2,y", "Ref,Name\n1,x\r\n2,y\n"])
def test_lines_may_end_as_any_system_ends_them_and_not_all_alike(tmp_path, text):
    assert _rows(_write(tmp_path / "a.csv", text)) == [("1", "x"), ("2", "y")]


def test_lines_ended_in_two_ways_are_read_in_windows_1252_too(tmp_path):
    path = _write(tmp_path / "a.csv", "Ref,Name\n1,\u00a3\r\n2,y\n", "cp1252")
    assert _rows(path) == [("1", "\u00a3"), ("2", "y")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("above", ["", "Recorded crime\n\n"])
def test_no_row_is_passed_over_below_headings_of_two_lines_however_many_there_are(tmp_path, above, end):
    body = "".join(f"R{number},1/4/2024,Caf\N{LATIN SMALL LETTER E WITH ACUTE}\n" for number in range(1200))
    text = f'{above}"Crime\nReference","Date\nRecorded\n",Name\n{body}'.replace("\n", end)
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        with files.opened(path, headings={"a": "Crime Reference", "b": "Date Recorded", "c": "Name"}) as rows:
            (file,) = rows.files
            sql = f'SELECT min(cdrp_xl_row), max(cdrp_xl_row), count(*), max("Name") FROM {rows.numbered(file)}'
            first = 1 + above.count("\n") + 1
            assert rows.fetch(sql) == [(first, first + 1199, 1200, "Caf\N{LATIN SMALL LETTER E WITH ACUTE}")]


def test_a_file_that_is_no_text_is_named_by_its_own_name(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b'Title\n"Ref\nerence",Name\n1,\x81\n')
    said = r"^a\.csv is neither UTF-8 nor Windows-1252 text"
    wanted = {"a": "Ref erence", "b": "Name"}
    with pytest.raises(FileError, match=said) as refused, files.opened(path, headings=wanted) as rows:
        rows.fetch(f"SELECT * FROM {rows.files[0].relation}")
    assert refused.value.where == str(path)


def test_a_heading_or_a_value_may_run_over_two_lines(tmp_path):
    path = _write(tmp_path / "a.csv", 'Ref,"Date\nrecorded",Name\n1,x,"two\nlines"\n')
    assert _headings(path) == ("Ref", "Date\nrecorded", "Name")
    assert _rows(path) == [("1", "x", "two\nlines")]


@pytest.mark.parametrize("value", ["=1+1", "+441223", "-7", "@SUM(A1)", '=HYPERLINK(""http://x"",""y"")'])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path, value, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        _write(path, f'Ref,Name\n1,"{value}"\n')
    else:
        _workbook(path, [("Ref", "Name"), ("1", value.replace('""', '"'))])
    assert _rows(path) == [("1", value.replace('""', '"'))]


def test_forty_thousand_characters_in_a_value_are_read(tmp_path):
    assert _rows(_write(tmp_path / "a.csv", f"Ref,Name\n1,{'x' * 40_000}\n")) == [("1", "x" * 40_000)]


def test_control_characters_are_read_as_they_stand(tmp_path):
    assert _rows(_write(tmp_path / "a.csv", "Ref,Name\n1,a\x00b\x07c\x1b\n")) == [("1", "a\x00b\x07c\x1b")]


def test_a_column_without_a_heading_is_passed_over(tmp_path):
    assert _rows(_write(tmp_path / "a.csv", "Ref,Name,,\n1,x,,\n2,y,z,\n"), order="Ref") == [
        ("1", "x", None, None),
        ("2", "y", "z", None),
    ]


@pytest.mark.parametrize(("heading", "written"), [("O'Area", "O'Area"), ('The "Area"', '"The ""Area"""')])
def test_a_heading_may_hold_quotation_marks(tmp_path, heading, written):
    path = _write(tmp_path / "a.csv", f"Ref,{written}\n1,x\n")
    assert _headings(path) == ("Ref", heading)
    assert _rows(path) == [("1", "x")]


@pytest.mark.parametrize("name", ["O'Brien.csv", "x[1].csv", "x[1]*.csv", "x?.csv", "x{1,2}.csv", "year=2010/x.csv"])
def test_a_name_that_could_be_a_pattern_is_that_file_and_no_other(tmp_path, name):
    path = _write(tmp_path / "data" / name, "Ref,year\n1,2011\n")
    for other in ("x1.csv", "x12.csv", "x2.csv"):
        _write(path.with_name(other), "Ref,year\nwrong,wrong\n")
    assert _rows(path) == [("1", "2011")]
    with files.opened(path) as opened:
        ((key,),) = opened.fetch(f"SELECT {sql.FILE_COLUMN} FROM ({opened.relation()})")
        assert opened.file_of(key).path == path


def test_a_folder_may_have_the_name_of_a_pattern(tmp_path):
    path = _write(tmp_path / "data [1]" / "a*.csv", "Ref\n1\n")
    _write(tmp_path / "data 1" / "ab.csv", "Ref\nwrong\n")
    assert _rows(path) == [("1",)]


def test_a_parquet_file_with_the_name_of_a_pattern_is_that_file_and_no_other(tmp_path):
    folder = tmp_path / "Ref=7"
    folder.mkdir()
    path = _parquet(folder / "x[1].parquet", "SELECT '1' AS Ref")
    _parquet(folder / "x1.parquet", "SELECT 'wrong' AS Ref")
    assert _rows(path) == [("1",)]


@pytest.mark.parametrize("spoilt", ["\u00a3", "\r"])
def test_a_file_that_has_to_be_copied_first_may_have_the_name_of_a_pattern(tmp_path, spoilt):
    path = _write(tmp_path / "O'x[1].csv", f"Ref,Name\n1,a\n2,b{spoilt}\n3,c\n", "cp1252")
    assert [row[0] for row in _rows(path)] == ["1", "2", "3"]
    with files.opened(path) as opened:
        names = opened.fetch(f"SELECT DISTINCT {sql.FILE_COLUMN} FROM ({opened.relation()})")
        assert [opened.file_of(name).path for (name,) in names] == [path]


def test_files_with_headings_in_another_order_are_put_together_by_heading(tmp_path):
    first = _write(tmp_path / "a.csv", "Ref,Name\n1,x\n")
    second = _write(tmp_path / "b.csv", "Name;Ref\ny;2\n")
    third = _workbook(tmp_path / "c.xlsx", [("Name", "Ref"), ("z", "3")])
    assert _rows(first, second, third) == [("1", "x"), ("2", "y"), ("3", "z")]


def test_cells_of_a_workbook_are_read_as_text(tmp_path):
    rows = [("Ref", "Day", "Code"), (1, dt.date(2011, 4, 30), 39), ("2", "30/04/2011", 37.2), (3, 40663.5, True)]
    assert _rows(_workbook(tmp_path / "a.xlsx", rows)) == [
        ("1", "2011-04-30 00:00:00", "39"),
        ("2", "30/04/2011", "37.2"),
        ("3", "40663.5", "true"),
    ]


def test_dates_and_numbers_of_a_parquet_file_are_read_as_text(tmp_path):
    path = _parquet(tmp_path / "a.parquet", "SELECT 1 AS Ref, DATE '2011-04-30' AS \"Day\", 37.2 AS Code")
    assert _rows(path) == [("1", "2011-04-30", "37.2")]


def test_headings_of_a_workbook_lose_the_spaces_around_them(tmp_path):
    path = _workbook(tmp_path / "a.xlsx", [(" Ref ", "Name "), ("1", "x")])
    assert _headings(path) == ("Ref", "Name")
    assert _rows(path) == [("1", "x")]


def test_blank_rows_are_passed_over_and_the_others_keep_their_numbers(tmp_path):
    text = 'Ref,Name\n1,x\n\n2,"two\n\nlines"\n\r\n\n3,z\n'
    assert _numbered(_write(tmp_path / "a.csv", text)) == [(2, "1"), (4, "2"), (7, "3")]


@pytest.mark.parametrize("top", [0, 3])
def test_rows_of_a_workbook_keep_their_numbers(tmp_path, top):
    rows = [("Ref", "Name"), ("1", "x"), (None, None), ("2", "y")]
    numbered = _numbered(_workbook(tmp_path / "a.xlsx", rows, top=top))
    assert numbered == [(top + 2, "1"), (top + 4, "2")]


def test_rows_of_a_parquet_file_are_numbered_as_if_under_headings(tmp_path):
    path = _parquet(tmp_path / "a.parquet", "SELECT unnest(['1', '2']) AS Ref")
    assert _numbered(path) == [(2, "1"), (3, "2")]


ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), min_size=1, max_size=30)


@settings(max_examples=settings.default.max_examples // 2)
@given(st.lists(ANY_TEXT, max_size=8))
def test_any_text_that_is_written_is_read_back(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("law") / "a.csv"
    quoted = ['"' + value.replace('"', '""') + '"' for value in values]
    _write(path, "\n".join(["Ref,Name", *(f"{number:03},{text}" for number, text in enumerate(quoted))]) + "\n")
    assert [row[1] for row in _rows(path)] == values


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("2,x,y,z", "A row has more values than the 2 of the heading row."),
        ("2,x,y", "A row has more values than the 2 of the heading row."),
        ("2", "A row has 1 of the 2 values of the heading row."),
        ('2,"x', "A quotation mark is opened and never closed."),
    ],
)
def test_a_broken_row_is_named(tmp_path, row, what):
    path = _write(tmp_path / "a.csv", f"Ref,Name\n1,x\n{row}\n3,y\n")
    with pytest.raises(ValueFoundError, match=r"^A ") as refused:
        _rows(path)
    assert str(refused.value) == f"{what}\nWhere: a.csv, row 3\nWhat to do: {MEND_THE_ROW}"


def test_a_missing_heading_is_named_with_those_there_are(tmp_path):
    path = _workbook(tmp_path / "a.xlsx", [("Ref", "Recordd", None), ("1", "x", "y")])
    with (
        files.opened(path) as opened,
        pytest.raises(ValueFoundError, match="no heading") as refused,
    ):
        opened.files[0].check_headings({"offence_reference": "Ref", "date_recorded": "Recorded"})
    assert str(refused.value) == (
        'There is no heading "Recorded" (for the date recorded).\n'
        'Where: a.xlsx, worksheet "Data", row 1\n'
        'What to do: The headings are "Ref", "Recordd": write the right one in partnership.toml, or ask for the column.'
    )


@pytest.mark.parametrize(
    ("headings", "what"),
    [
        (("Ref", "Area", "Area"), 'The heading "Area" appears 2 times.'),
        (("Ref", "Area", "AREA"), 'The heading "Area" appears 2 times, in different capitals.'),
        (("Ref", "Ref", "Ref"), 'The heading "Ref" appears 3 times.'),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_heading_that_stands_twice_is_named(tmp_path, headings, what, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        _write(path, f"{','.join(headings)}\n1,x,y\n")
    else:
        _workbook(path, [headings, ("1", "x", "y")])
    sheet = ', worksheet "Data"' if kind == "xlsx" else ""
    with pytest.raises(ValueFoundError, match="appears") as refused:
        _rows(path)
    assert str(refused.value) == (
        f"{what}\nWhere: a.{kind}{sheet}, row 1\nWhat to do: Give each column a heading of its own."
    )


def test_headings_that_only_look_as_if_they_repeat_are_read(tmp_path):
    path = _workbook(tmp_path / "a.xlsx", [("Area", "Area_1"), ("x", "y")])
    assert _headings(path) == ("Area", "Area_1")
    assert _rows(path) == [("x", "y")]


def test_a_first_row_without_headings_is_said(tmp_path):
    with pytest.raises(ValueFoundError, match="first row") as refused:
        _rows(_write(tmp_path / "a.csv", "\nRef,Name\n1,x\n"))
    assert str(refused.value) == (
        "The first row holds no headings.\nWhere: a.csv, row 1\nWhat to do: Take out what is above the heading row."
    )


@pytest.mark.parametrize(("name", "text"), [("a.csv", ""), ("a.csv", " \n,,\n"), ("a.xlsx", ""), ("a.parquet", "")])
def test_an_empty_file_is_said(tmp_path, name, text):
    path = _write(tmp_path / name, text)
    with pytest.raises(FileError, match="is empty") as refused:
        _rows(path)
    assert str(refused.value) == f"{name} is empty.\nWhere: {path}\nWhat to do: Ask for the file again."


def test_an_empty_worksheet_is_said(tmp_path):
    with pytest.raises(FileError, match=r"^a\.xlsx is empty\."):
        _rows(_workbook(tmp_path / "a.xlsx", []))


def test_a_folder_where_a_file_belongs_is_said(tmp_path):
    folder = tmp_path / "a.csv"
    folder.mkdir()
    with pytest.raises(FileError, match="is a folder") as refused:
        _rows(folder)
    assert str(refused.value) == (
        f"a.csv is a folder, not a file.\nWhere: {folder}\nWhat to do: Name the file inside it."
    )


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(FileError, match="no file") as refused:
        _rows(tmp_path / "a.csv")
    assert str(refused.value) == (
        f'There is no file "a.csv".\nWhere: {tmp_path / "a.csv"}\nWhat to do: Put it there, or correct its name.'
    )


def test_a_file_that_is_locked_is_said(tmp_path, monkeypatch):
    path = _workbook(tmp_path / "a.xlsx", [("Ref",), ("1",)])

    def locked(self, *_, **__):
        raise PermissionError(13, "Permission denied", os.fspath(self))

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(FileError, match="can't be opened") as refused:
        _rows(path)
    assert str(refused.value) == (
        f"a.xlsx can't be opened.\nWhere: {path}\n"
        "What to do: Close it if it is open in Excel, check that you can read and write there, then try again."
    )


@pytest.mark.parametrize("kind", ["xlsx", "xls", "gz"])
def test_a_workbook_or_an_archive_called_csv_is_said(tmp_path, kind):
    path = tmp_path / "a.csv"
    if kind == "xlsx":
        _workbook(tmp_path / "a.xlsx", [("Ref",), ("1",)]).rename(path)
    else:
        path.write_bytes({"xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "gz": b"\x1f\x8b\x08"}[kind] + bytes(600))
    with pytest.raises(FileError, match="not text") as refused:
        _rows(path)
    assert str(refused.value) == (
        "a.csv is a workbook or an archive, not text.\n"
        f"Where: {path}\n"
        "What to do: Give it the ending of what it is (.xlsx, .zip), or save it as CSV."
    )


def _text(path):
    _write(path, "Ref,Name\n1,x\n")


def _truncated(path):
    content = _workbook(path, [("Ref",), ("1",)]).read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _other_archive(path):
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "x")


@pytest.mark.parametrize("make", [_text, _truncated, _other_archive])
def test_what_is_called_a_workbook_and_is_none_is_said(tmp_path, make):
    path = tmp_path / "a.xlsx"
    make(path)
    with pytest.raises(FileError, match="is not a workbook") as refused:
        _rows(path)
    assert refused.value.what == "a.xlsx is not a workbook, or it is damaged."
    assert refused.value.where in {"a.xlsx", str(path)}
    assert refused.value.remedy == (
        "Open it in Excel and save it again as an Excel workbook (.xlsx), or ask for it again."
    )


def test_a_workbook_with_a_password_is_said(tmp_path):
    plain = io.BytesIO(_workbook(tmp_path / "plain.xlsx", [("Ref",), ("1",)]).read_bytes())
    path = tmp_path / "a.xlsx"
    with path.open("wb") as locked:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", locked)
    with pytest.raises(FileError, match="password") as refused:
        _rows(path)
    assert str(refused.value) == (
        "a.xlsx is protected with a password.\n"
        f"Where: {path}\n"
        "What to do: Open it in Excel, take the password off (File, Info, Protect Workbook), and save it."
    )


def test_a_wrong_worksheet_is_named_with_those_there_are(tmp_path):
    with pytest.raises(ValueFoundError, match="no worksheet") as refused:
        _rows(_workbook(tmp_path / "a.xlsx", [("Ref",), ("1",)]), sheet="Dta")
    assert str(refused.value) == (
        'There is no worksheet "Dta".\nWhere: a.xlsx\nWhat to do: Write in partnership.toml which to read: "Data".'
    )


@pytest.mark.parametrize("way", ["turned", "blanked"])
@pytest.mark.parametrize("place", range(8))
def test_a_parquet_file_that_is_damaged_in_its_rows_is_said_or_read(tmp_path, way, place):
    path = _parquet(tmp_path / "a.parquet", "SELECT 'a long text ' || i AS Ref, i AS Number FROM range(3000) rows(i)")
    content = bytearray(path.read_bytes())
    begin = 4 + place * 700
    content[begin : begin + 30] = bytes(255 - byte if way == "turned" else 0 for byte in content[begin : begin + 30])
    path.write_bytes(content)
    try:
        rows = _rows(path)
    except FileError as wrong:
        assert wrong.what == "a.parquet is not a Parquet file, or it is damaged."  # noqa: PT017
    else:
        assert len(rows) == 3000


def test_what_is_called_parquet_and_is_none_is_said(tmp_path):
    path = _write(tmp_path / "a.parquet", "Ref,Name\n1,x\n")
    with pytest.raises(FileError, match="Parquet") as refused:
        _rows(path)
    assert str(refused.value) == (
        f"a.parquet is not a Parquet file, or it is damaged.\nWhere: {path}\nWhat to do: Ask for it again."
    )


def test_a_name_in_the_settings_is_a_file_before_it_is_a_pattern(tmp_path):
    for name in ("x[1].csv", "x1.csv", "x2.csv"):
        _write(tmp_path / "data" / name, "Ref\n1\n")
    assert [path.name for path in file_names.found(tmp_path, ["data/x[1].csv"])] == ["x[1].csv"]
    assert [path.name for path in file_names.found(tmp_path, ["data/x[12].csv"])] == ["x1.csv", "x2.csv"]


def test_a_pattern_may_begin_at_the_root_as_on_a_shared_drive(tmp_path):
    for name in ("b.csv", "a.csv"):
        _write(tmp_path / "share" / name, "Ref\n1\n")
    found = file_names.found(tmp_path / "partnership", [f"{tmp_path}/share/*.csv"])
    assert [path.name for path in found] == ["a.csv", "b.csv"]


def test_a_file_that_two_patterns_find_is_read_once(tmp_path):
    for name in ("b.csv", "a.csv"):
        _write(tmp_path / name, "Ref\n1\n")
    assert [path.name for path in file_names.found(tmp_path, ["a.csv", "*.csv"])] == ["a.csv", "b.csv"]


def test_what_excel_keeps_beside_an_open_workbook_fits_no_pattern(tmp_path):
    for name in ("a.xlsx", "~$a.xlsx"):
        _write(tmp_path / name, "x")
    assert [path.name for path in file_names.found(tmp_path, ["*.xlsx"])] == ["a.xlsx"]


@pytest.mark.parametrize("pattern", ["data/*.csv", "a.csv", "/nowhere/*.csv"])
def test_a_pattern_that_finds_nothing_is_named(tmp_path, pattern):
    with pytest.raises(FileError, match="no file") as refused:
        file_names.found(tmp_path, [pattern])
    assert str(refused.value) == (
        f'There is no file "{pattern}".\n'
        f"Where: the folder {tmp_path}\n"
        "What to do: Put the file there, or correct its name in partnership.toml."
    )


def test_nothing_is_left_behind_of_what_was_put_aside(tmp_path):
    with files.put_aside() as scratch:
        (scratch / "x").write_text("x", encoding="utf-8")
    assert not scratch.exists()


def test_nothing_but_the_result_is_printed_however_long_a_query_takes():
    with counting_engine.connected() as connection:
        assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchone() == (False,)


def test_what_is_made_in_one_connection_is_gone_in_the_next():
    with counting_engine.connected() as connection:
        connection.execute("CREATE TEMP TABLE offences AS SELECT 1 AS reference")
    with counting_engine.connected() as connection, pytest.raises(duckdb.CatalogException, match="offences"):
        connection.execute("FROM offences")
