"""Files of rows, opened for DuckDB: CSV, Excel workbooks and Parquet, every value as text.

Schemas are explicit: every column is text until a source says what it is. Types that a reader guesses change with
the data, and with them the figures.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdrp_xl import damage, temporary
from cdrp_xl.errors import FileError, ValueFoundError, name_some, place, quoted
from cdrp_xl.sources import counting_engine, csv_headings, heading_rows, hidden_rows, sheet_rows
from cdrp_xl.sources.sql import FILE_COLUMN, csv_relation, identifier, literal, only

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from cdrp_xl.sources.csv_headings import CsvHeadings
    from cdrp_xl.sources.sheet_rows import SheetRows


EXCEL_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})

_PARQUET = ".parquet"
_CHUNK = 1 << 20
_NOT_WRITTEN = "Could not write file"
_NOT_UTF8 = "not utf-8 encoded"
_MIXED_LINE_ENDS = "state machine reached an invalid state"
_SAVE_AGAIN = 'Open it in Excel and save it again, as "CSV UTF-8" or as an Excel workbook.'


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFile:
    """One file of rows: where it is, its headings, and the SQL that gives its rows as text.

    `counted` is the SQL of the same rows with their number in ``cdrp_xl_row``, 2 for the first under headings in row 1;
    `read_from` is the file itself or its copy in UTF-8; `key` is what `FILE_COLUMN` holds in its rows; `heading_row` is
    the row of its headings, from 1, and `above` what is written above it; `is_from_1904` says that its day numbers
    begin in 1904.
    """

    path: Path
    headings: tuple[str, ...]
    relation: str
    counted: str
    read_from: Path
    key: str
    sheet: str = ""
    heading_row: int = 1
    above: tuple[str, ...] = ()
    is_from_1904: bool = False

    def check_headings(
        self,
        wanted: Mapping[str, str],
        *,
        remedy: str = "write the right one in partnership.toml, or ask for the column",
    ) -> None:
        """Refuse a file that lacks a heading; `wanted` maps what a heading is for to how it is written."""
        missing = {use: heading for use, heading in wanted.items() if heading not in self.headings}
        if not missing:
            return
        use, heading = next(iter(missing.items()))
        there = [quoted(name) for name in self.headings if not name.startswith(heading_rows.UNNAMED)]
        raise ValueFoundError(
            f"There is no heading {quoted(heading)} (for the {use.replace('_', ' ')}).",
            where=place(self.path, sheet=self.sheet, row=self.heading_row),
            remedy=f"The headings are {name_some(there, named=12)}: {remedy}.",
        )


class RowFiles:
    """Files of rows, open in one DuckDB connection; used within `opened`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        self.connection = connection
        self.files: tuple[RowFile, ...] = ()
        self.remarks: tuple[str, ...] = ()
        self.look_at: tuple[str, ...] = ()
        self._scratch = scratch
        self._originals: dict[str, Path] = {}
        self._copies: dict[str, Path] = {}
        self._opened = 0

    def add(self, path: Path, *, sheet: str = "", headings: Mapping[str, str] | None = None) -> tuple[RowFile, ...]:
        """Open one more file, of a workbook every worksheet that has the headings.

        Parameters
        ----------
        path
            The file.
        sheet
            The one worksheet to read.
        headings
            What to find in the file, by what it is for: its row is looked for among the first. Without them,
            the first row is taken for the headings, of a workbook the first worksheet's.

        Raises
        ------
        FileError
            If the file is missing, empty, locked, or is not what its name says.
        ValueFoundError
            If a heading is missing.
        """
        damage.check_is_file(path)
        suffix = path.suffix.lower()
        if suffix in EXCEL_SUFFIXES:
            files = self._excel(path, sheet, headings)
        elif suffix == _PARQUET:
            files = (self._parquet(path, headings),)
        else:
            files = (self._csv(path, path, headings),)
        for file in files:
            file.check_headings(headings or {})
        self.files = (*self.files, *files)
        return files

    def file_of(self, key: str) -> RowFile:
        """Return the file, or worksheet, that `FILE_COLUMN` names in a row."""
        return next(file for file in self.files if file.key == key)

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
        import duckdb

        for refused, copy in self._copies.items():
            sql = sql.replace(only(refused), only(copy))
        while True:
            try:
                return self.connection.execute(sql).fetchall()
            except duckdb.InvalidInputException as wrong:
                name = _named_file(wrong)
                mended = sql.replace(only(name), only(self._converted(name, wrong))) if name else sql
                if mended == sql:
                    raise self._damaged(wrong) from wrong
                sql = mended
            except duckdb.ProgrammingError:  # a query that is wrong is not damage
                raise
            except Exception as wrong:
                raise self._damaged(wrong) from wrong

    def numbered(self, file: RowFile) -> str:
        """Return the SQL of one file's rows with ``cdrp_xl_row``, the row as a spreadsheet numbers it."""
        is_csv = not file.sheet and file.path.suffix.lower() != _PARQUET
        before = [file.heading_row - 1 + rows for rows in _rows_before_blank_lines(file.read_from)] if is_csv else []
        if not before:
            return file.counted
        above = f"len(list_filter({before}, lambda rows: rows < cdrp_xl_row))"
        return f"(SELECT * REPLACE (cdrp_xl_row + {above} AS cdrp_xl_row) FROM {file.counted})"

    def original(self, name: str) -> Path:
        """Return the analyst's own file behind a name in `FILE_COLUMN`."""
        return self._originals.get(name, Path(name))

    def _csv(self, path: Path, original: Path, headings: Mapping[str, str] | None) -> RowFile:
        head = csv_headings.head(path)
        if head.startswith(csv_headings.UTF16_MARKS):
            path = self._as_utf8(path, "utf-16")
            head = csv_headings.head(path)
        found = csv_headings.find(head, original, headings)
        if found.lines_above or found.lines > 1:
            path = self._with_headings_in_one_line(path, original, found)
        key = self._key(original)
        scan = csv_relation([path], found.headings, found.delimiter)
        rows = f"(SELECT * REPLACE ({literal(key)} AS {FILE_COLUMN}) FROM {scan})"
        return RowFile(
            path=original,
            headings=found.headings,
            relation=rows,
            counted=_counted(rows, heading_row=found.row),
            read_from=path,
            key=key,
            heading_row=found.row,
            above=found.above,
        )

    def _with_headings_in_one_line(self, path: Path, original: Path, found: CsvHeadings) -> Path:
        """Return a copy of a CSV file without what is above its headings, and with a line for these, whatever it says.

        DuckDB's own way may pass over all rows, and so does its reading where a heading goes over two lines.
        """
        copy = self._scratch / f"{len(self._originals)}-{path.name}"
        with (
            damage.reported(original),
            damage.with_room(copy),
            path.open(encoding="latin-1") as old,
            copy.open("w", encoding="latin-1") as new,
        ):
            for _ in range(found.lines_above + found.lines):
                old.readline()
            new.write(f"{found.delimiter.join('-' * len(found.headings))}\n")
            while text := old.read(_CHUNK):
                new.write(text)
        self._originals[str(copy)] = original
        return copy

    def _parquet(self, path: Path, headings: Mapping[str, str] | None) -> RowFile:
        scan = f"read_parquet({only(path)}, hive_partitioning=false)"
        with damage.reported(path, lambda _: _not_parquet(path)):
            columns = self.connection.execute(f"DESCRIBE FROM {scan}").fetchall()
        names = tuple(column[0] for column in columns)
        as_wanted = heading_rows.named(names, (headings or {}).values(), path)
        texts = ", ".join(
            f"{_as_text(identifier(name), column[1])} AS {identifier(wanted)}"
            for name, wanted, column in zip(names, as_wanted, columns, strict=True)
        )
        key = self._key(path)
        rows = f"(SELECT {texts}, {literal(key)} AS {FILE_COLUMN} FROM {scan})"
        return RowFile(path=path, headings=as_wanted, relation=rows, counted=_counted(rows), read_from=path, key=key)

    def _excel(self, path: Path, sheet: str, headings: Mapping[str, str] | None) -> tuple[RowFile, ...]:
        """Return the worksheets that have the headings, or those that should; the others are named."""
        wanted = None if headings is None else tuple(headings.values())
        there = sheet_rows.load(self.connection, path, sheet, wanted, begins=len(self.files))
        read = [each for each in there if each.is_whole or each.is_meant] or there[:1]
        others = [each for each in there if each not in read]
        self.remarks += tuple(sheet_rows.remarks(path, others))
        self.look_at += tuple(sheet_rows.look_at(path, read, others)) if headings is not None else ()
        is_from_1904 = hidden_rows.is_from_1904(path) if headings is not None else False
        return tuple(self._sheet(path, each, is_from_1904=is_from_1904) for each in read)

    def _sheet(self, path: Path, sheet: SheetRows, *, is_from_1904: bool) -> RowFile:
        key = self._key(path, sheet.name)
        columns = ", ".join(
            f"{identifier(column)} AS {identifier(heading)}"
            for column, heading in zip(sheet.columns, sheet.headings, strict=True)
        )
        filled = f"coalesce({', '.join(map(identifier, sheet.columns))}) IS NOT NULL"
        rows = f"FROM {sheet.table} WHERE rowid >= {sheet.heading_row} AND {filled}"
        marked = f"{columns}, {literal(key)} AS {FILE_COLUMN}"
        return RowFile(
            path=path,
            headings=sheet.headings,
            relation=f"(SELECT {marked} {rows})",
            counted=f"(SELECT {marked}, rowid + 1 AS cdrp_xl_row {rows})",
            read_from=path,
            key=key,
            sheet=sheet.name,
            heading_row=sheet.heading_row,
            above=sheet.above,
            is_from_1904=is_from_1904,
        )

    def _key(self, path: Path, sheet: str = "") -> str:
        """Return what distinguishes a file's or worksheet's rows from all others'."""
        self._opened += 1
        return f"{self._opened} {path.name} {sheet}".strip()

    def _damaged(self, wrong: Exception) -> Exception:
        """Return the error for a file that DuckDB can't read, or what it raised where that is about no file."""
        import duckdb

        if isinstance(wrong, duckdb.InternalError):
            counting_engine.give_up()
        if isinstance(wrong, duckdb.OutOfMemoryException) or _NOT_WRITTEN in str(wrong):
            return FileError(
                "Counting needs more room than there is in memory and for temporary files.",
                where=f"the folder {tempfile.gettempdir()}",
                remedy="Make room there, or name another folder in the environment variable TMPDIR (TEMP on Windows).",
            )
        binary = [file.path for file in self.files if file.path.suffix.lower() == _PARQUET]
        about = [file.path for file in self.files if str(file.read_from) in str(wrong)] or binary
        if not about:
            return wrong
        return _not_parquet(about[0]) if about[0] in binary else damage.damaged(about[0])(wrong)

    def _converted(self, name: str, wrong: duckdb.InvalidInputException) -> Path:
        """Return a copy of the file that DuckDB refused, in UTF-8, lines ended alike, or say what is wrong in it."""
        original = self.original(name)
        encodings = {_NOT_UTF8: ("cp1252",), _MIXED_LINE_ENDS: ("utf-8-sig", "cp1252")}
        tried = next((each for said, each in encodings.items() if said in str(wrong)), ())
        if Path(name) in self._copies.values() or not tried:
            raise broken_row(wrong, original) from wrong
        self._copies[name] = self._as_utf8(Path(name), *tried)
        return self._copies[name]

    def _as_utf8(self, path: Path, *encodings: str) -> Path:
        original = self.original(str(path))
        copy = self._scratch / f"{len(self._originals)}-{path.name}"
        for encoding in encodings:
            with contextlib.suppress(UnicodeDecodeError):
                _copy_text(path, encoding, copy)
                self._originals[str(copy)] = original
                return copy
        raise FileError(
            f"{original.name} is neither UTF-8 nor Windows-1252 text.", where=str(original), remedy=_SAVE_AGAIN
        )


@contextlib.contextmanager
def opened(*paths: Path, sheet: str = "", headings: Mapping[str, str] | None = None) -> Iterator[RowFiles]:
    """Open files of rows in a DuckDB of their own, and close it and what was put aside at the end.

    `headings` are looked for as `RowFiles.add` says.
    """
    with put_aside() as scratch, counting_engine.connected() as connection:
        files = RowFiles(connection, scratch)
        for path in paths:
            files.add(path, sheet=sheet, headings=headings)
        yield files


@contextlib.contextmanager
def put_aside() -> Iterator[Path]:
    """Yield a folder for what must be unpacked or turned into UTF-8 first; it is gone at the end."""
    with temporary.folder("rows") as scratch:
        yield scratch


def _not_parquet(path: Path) -> FileError:
    return FileError(
        f"{path.name} is not a Parquet file, or it is damaged.", where=str(path), remedy="Ask for it again."
    )


def without_rows(path: Path, *, sheet: str = "") -> ValueFoundError:
    """Return the error for a file that holds headings and nothing else."""
    return ValueFoundError(
        f"{path.name} has a heading row but no rows below it.",
        where=place(path, sheet=sheet),
        remedy="Ask for the extract again, or take the file out of the folder.",
    )


def broken_row(wrong: duckdb.InvalidInputException, path: Path) -> ValueFoundError:
    """Return the error for a row of a CSV file that does not fit its heading row."""
    said = str(wrong)
    line = re.search(r"CSV Error on Line: (\d+)", said)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", said)
    what = "A row can't be read"
    if counts:
        headings, values = int(counts[1]), int(counts[2])  # DuckDB stops counting at the first value too many
        many = f"A row has more values than the {headings} of the heading row"
        what = many if values > headings else f"A row has {values} of the {headings} values of the heading row"
    elif "unterminated quote" in said:
        what = "A quotation mark is opened and never closed"
    return ValueFoundError(
        f"{what}.",
        where=place(path, row=int(line[1]) if line else None),
        remedy="Correct the row (a comma or quotation mark inside a value needs the value in quotation marks), "
        "or ask for the extract again: it may have been cut off.",
    )


def _named_file(wrong: duckdb.InvalidInputException) -> str | None:
    name = re.search(r"^\s*file = (.*)$", str(wrong), re.MULTILINE)
    return name[1] if name else None


def _copy_text(path: Path, encoding: str, copy: Path) -> None:
    with (
        damage.with_room(copy),
        path.open(encoding=encoding) as old,
        copy.open("w", encoding="utf-8", newline="\n") as new,
    ):
        while text := old.read(_CHUNK):
            new.write(text)


def _counted(rows: str, *, heading_row: int = 1) -> str:
    return f"(SELECT *, row_number() OVER () + {heading_row} AS cdrp_xl_row FROM {rows})"


def _as_text(column: str, kind: str) -> str:
    """Return the SQL of a column's text; a moment is the British date and time, whatever the machine's own zone is."""
    in_british_time = f"{column} AT TIME ZONE 'Europe/London'" if kind == "TIMESTAMP WITH TIME ZONE" else column
    return f"CAST({in_british_time} AS VARCHAR)"


def _rows_before_blank_lines(path: Path) -> list[int]:
    """Return for every blank line of a CSV file how many rows, the heading row included, are above it."""
    before: list[int] = []
    rows, within_quotes = 0, False
    with path.open("rb") as file:
        for line in file:
            within_quotes ^= bool(line.count(b'"') % 2)
            if line.strip(b"\r\n") or within_quotes:
                rows += not within_quotes
            else:
                before.append(rows)
    return before
