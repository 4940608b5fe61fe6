"""Files of rows, opened for DuckDB: CSV, Excel workbooks and Parquet, every value as text.

Schemas are explicit: every column is text until a source says what it is. Types that a reader guesses change with
the data, and with them the figures.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from cdrp_xl.errors import FileError, ValueFoundError, name_some, place, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import fastexcel

FILE_COLUMN = "cdrp_xl_file"
"""The column beside a file's own, which holds its path."""

EXCEL_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})

_DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_HEAD = 1 << 16
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_UTF8 = "not utf-8 encoded"
_LONGEST_LINE = 8 << 20
_SAVE_AGAIN = 'Open it in Excel and save it again, as "CSV UTF-8" or as an Excel workbook.'


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFile:
    """One file of rows: where it is, its headings, and the SQL that gives its rows as text."""

    path: Path
    headings: tuple[str, ...]
    relation: str
    sheet: str = ""

    def check_headings(self, wanted: Mapping[str, str]) -> None:
        """Refuse a file that lacks a heading; `wanted` maps what a heading is for to how it is written."""
        missing = {use: heading for use, heading in wanted.items() if heading not in self.headings}
        if not missing:
            return
        use, heading = next(iter(missing.items()))
        raise ValueFoundError(
            f"There is no heading {quoted(heading)} (for the {use.replace('_', ' ')}).",
            where=place(self.path, sheet=self.sheet, row=1),
            remedy=f"The headings are {name_some([quoted(name) for name in self.headings], named=12)}: "
            "write the right one in partnership.toml, or ask for the column.",
        )


class RowFiles:
    """Files of rows, open in one DuckDB connection; used within `opened`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        self.connection = connection
        self.files: tuple[RowFile, ...] = ()
        self._scratch = scratch
        self._originals: dict[str, Path] = {}

    def add(self, path: Path, *, sheet: str = "") -> RowFile:
        """Open one more file.

        Raises
        ------
        FileError
            If the file is missing, empty, locked, or is not what its name says.
        """
        check_is_file(path)
        suffix = path.suffix.lower()
        if suffix in EXCEL_SUFFIXES:
            file = self._excel(path, sheet)
        elif suffix == ".parquet":
            file = self._parquet(path)
        else:
            file = self._csv(path, path)
        self.files = (*self.files, file)
        return file

    def relation(self) -> str:
        """Return the SQL of all files' rows together, matched by heading."""
        return " UNION ALL BY NAME ".join(f"SELECT * FROM {file.relation}" for file in self.files)

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query over `relation`; a file in Windows-1252 is turned into UTF-8 on the way.

        Raises
        ------
        FileError
            If a file is neither UTF-8 nor Windows-1252.
        ValueFoundError
            If a row of a CSV file is broken.
        """
        while True:
            try:
                return self.connection.execute(sql).fetchall()
            except duckdb.InvalidInputException as wrong:
                name = _named_file(wrong)
                if name is None:
                    raise
                sql = sql.replace(literal(name), literal(self._mended(name, wrong)))

    def numbered(self, file: RowFile) -> str:
        """Return the SQL of one file's rows with ``cdrp_xl_row``, the row as a spreadsheet numbers it."""
        return f"(SELECT *, row_number() OVER () + 1 AS cdrp_xl_row FROM {file.relation})"

    def original(self, name: str) -> Path:
        """Return the analyst's own file behind a name in `FILE_COLUMN`."""
        return self._originals.get(name, Path(name))

    def _csv(self, path: Path, original: Path) -> RowFile:
        head = _head(path)
        if head.startswith(_UTF16_MARKS):
            path = self._as_utf8(path, "utf-16")
            head = _head(path)
        headings, delimiter = _csv_headings(head, original)
        return RowFile(path=original, headings=headings, relation=csv_relation([path], headings, delimiter))

    def _parquet(self, path: Path) -> RowFile:
        try:
            columns = self.connection.execute(f"DESCRIBE FROM read_parquet({literal(path)})").fetchall()
        except duckdb.Error as wrong:
            raise FileError(
                f"{path.name} is not a Parquet file, or it is damaged.", where=str(path), remedy="Ask for it again."
            ) from wrong
        headings = tuple(column[0] for column in columns)
        texts = ", ".join(f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}" for name in headings)
        rows = f"(SELECT {texts}, {literal(path)} AS {FILE_COLUMN} FROM read_parquet({literal(path)}))"
        return RowFile(path=path, headings=headings, relation=rows)

    def _excel(self, path: Path, sheet: str) -> RowFile:
        name, rows = worksheet(path, sheet, heading_row=0)
        headings = tuple(column.name for column in rows.available_columns())
        if not headings:
            raise empty(path)
        view = f"cdrp_xl_sheet_{len(self.files)}"
        self.connection.register(view, rows)
        relation = f"(SELECT *, {literal(path)} AS {FILE_COLUMN} FROM {view})"
        return RowFile(path=path, headings=headings, relation=relation, sheet=name)

    def _mended(self, name: str, wrong: duckdb.InvalidInputException) -> Path:
        """Return a UTF-8 copy of the file that DuckDB refused, or say what is wrong with its rows."""
        original = self.original(name)
        if _NOT_UTF8 in str(wrong) and name not in self._originals:
            return self._as_utf8(Path(name), "cp1252")
        raise broken_row(wrong, original) from wrong

    def _as_utf8(self, path: Path, encoding: str) -> Path:
        copy = self._scratch / f"{len(self._originals)}-{path.name}"
        try:
            with path.open(encoding=encoding, newline="") as old, copy.open("w", encoding="utf-8", newline="") as new:
                while text := old.read(_CHUNK):
                    new.write(text)
        except UnicodeDecodeError as wrong:
            raise FileError(
                f"{path.name} is neither UTF-8 nor Windows-1252 text.", where=str(path), remedy=_SAVE_AGAIN
            ) from wrong
        self._originals[str(copy)] = path
        return copy


@contextlib.contextmanager
def opened(*paths: Path, sheet: str = "") -> Iterator[RowFiles]:
    """Open files of rows in a DuckDB of their own, and close it and what was put aside at the end."""
    with put_aside() as scratch, connected(scratch) as connection:
        files = RowFiles(connection, scratch)
        for path in paths:
            files.add(path, sheet=sheet)
        yield files


@contextlib.contextmanager
def connected(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB in memory that fetches nothing from outside, and spills into `scratch` if it must."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(scratch),
    }
    connection = duckdb.connect(":memory:", config=settings)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def put_aside() -> Iterator[Path]:
    """Give a folder for what must be unpacked or turned into UTF-8 first; it is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="cdrp-xl-") as scratch:
        yield Path(scratch)


def csv_relation(paths: Sequence[Path | str], headings: Sequence[str], delimiter: str = ",") -> str:
    """Return the SQL that gives the rows of CSV files with the same headings, every column as text."""
    columns = ", ".join(f"{literal(heading)}: 'VARCHAR'" for heading in headings)
    files = ", ".join(literal(path) for path in paths)
    return (
        f"read_csv([{files}], auto_detect=false, header=true, delim={literal(delimiter)}, quote='\"', escape='\"', "
        f"max_line_size={_LONGEST_LINE}, filename={literal(FILE_COLUMN)}, columns={{{columns}}})"
    )


def literal(value: Path | str) -> str:
    """Return a text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a heading as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def worksheet(path: Path, sheet: str, *, heading_row: int | None) -> tuple[str, fastexcel.ExcelSheet]:
    """Return a worksheet's name and its cells as text; the first worksheet where none is named.

    Raises
    ------
    FileError
        If the file is not a spreadsheet, is damaged, or is locked with a password.
    ValueFoundError
        If there is no such worksheet.
    """
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        name = _sheet_name(path, book.sheet_names, sheet)
        # Without a heading row, blank rows at the top would be passed over, and every row's number with them.
        skipped = 0 if heading_row is None else None
        return name, book.load_sheet(name, header_row=heading_row, skip_rows=skipped, dtypes="string")
    except fastexcel.FastExcelError as wrong:
        raise FileError(
            f"{path.name} can't be read as a spreadsheet: {_first_line(wrong)}.",
            where=str(path),
            remedy="Open it in Excel and save it again as an Excel workbook (.xlsx); a password must be taken off.",
        ) from wrong


def found(folder: Path, patterns: Sequence[str]) -> tuple[Path, ...]:
    """Return the files of a partnership's folder that the settings name, in order of name.

    Raises
    ------
    FileError
        If a name or pattern finds no file.
    """
    files: list[Path] = []
    for pattern in patterns:
        whole = folder / pattern
        exact = [whole] if whole.exists() else sorted(folder.glob(pattern)) if not Path(pattern).is_absolute() else []
        if not exact:
            raise FileError(
                f"There is no file {quoted(pattern)}.",
                where=f"the folder {folder}",
                remedy="Put the file there, or mend its name in partnership.toml.",
            )
        files += [file for file in exact if file not in files]
    return tuple(files)


def check_is_file(path: Path) -> None:
    """Refuse a path that is missing, a folder, empty or locked."""
    if path.is_dir():
        raise FileError(f"{path.name} is a folder, not a file.", where=str(path), remedy="Name the file inside it.")
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise empty(path)
    except FileNotFoundError as missing:
        raise FileError(
            f"There is no file {quoted(path.name)}.", where=str(path), remedy="Put it there, or mend its name."
        ) from missing
    except PermissionError as locked:
        raise FileError(
            f"{path.name} can't be opened.", where=str(path), remedy="Close it if it is open in Excel, then try again."
        ) from locked


def check_is_text(head: bytes, path: Path) -> None:
    """Refuse a workbook or an archive that is called a text file."""
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileError(
            f"{path.name} is a workbook or an archive, not text.",
            where=str(path),
            remedy="Give it the ending of what it is (.xlsx, .zip), or save it as CSV.",
        )


def empty(path: Path) -> FileError:
    """Return the error for a file that holds nothing."""
    return FileError(f"{path.name} is empty.", where=str(path), remedy="Ask for the extract again.")


def broken_row(wrong: duckdb.InvalidInputException, path: Path) -> ValueFoundError:
    """Return the error for a row of a CSV file that does not fit its heading row."""
    said = str(wrong)
    line = re.search(r"CSV Error on Line: (\d+)", said)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", said)
    what = "A row can't be read"
    if counts:
        what = f"A row has {counts[2]} values where the heading row has {counts[1]}"
    elif "unterminated quote" in said:
        what = "A quotation mark is opened and never closed"
    return ValueFoundError(
        f"{what}.",
        where=place(path, row=int(line[1]) if line else None),
        remedy="Mend the row (a comma or quotation mark inside a value needs the value in quotation marks), "
        "or ask for the extract again: it may have been cut off.",
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _named_file(wrong: duckdb.InvalidInputException) -> str | None:
    name = re.search(r"^\s*file = (.*)$", str(wrong), re.MULTILINE)
    return name[1] if name else None


def _first_line(wrong: Exception) -> str:
    return str(wrong).strip().splitlines()[0].rstrip(".")


def _sheet_name(path: Path, names: Sequence[str], wanted: str) -> str:
    if not names:
        raise empty(path)
    if not wanted:
        return names[0]
    if wanted in names:
        return wanted
    raise ValueFoundError(
        f"There is no worksheet {quoted(wanted)}.",
        where=path.name,
        remedy=f"Write in partnership.toml which to read: {name_some([quoted(name) for name in names])}.",
    )


def _csv_headings(head: bytes, path: Path) -> tuple[tuple[str, ...], str]:
    """Return the headings of a CSV file and the character between them."""
    check_is_text(head, path)
    try:
        text = head.decode("utf-8-sig", errors="strict" if len(head) < _HEAD else "ignore")
    except UnicodeDecodeError:
        text = head.decode("cp1252", errors="replace")
    line = next(iter(text.splitlines()), "")
    outside = re.sub(r'"[^"]*"', "", line)
    delimiter = max(_DELIMITERS, key=outside.count)
    headings = tuple(heading.strip() for heading in next(csv.reader([line], delimiter=delimiter), []))
    if not any(headings):
        raise empty(path)
    _check_headings_once(headings, path)
    return headings, delimiter


def _check_headings_once(headings: Sequence[str], path: Path) -> None:
    twice = [heading for heading in headings if headings.count(heading) > 1]
    if twice:
        raise ValueFoundError(
            f"The heading {quoted(twice[0])} stands {headings.count(twice[0])} times.",
            where=place(path, row=1),
            remedy="Give each column a heading of its own.",
        )
