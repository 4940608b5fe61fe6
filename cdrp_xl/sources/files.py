"""Files of rows, opened for DuckDB: CSV, Excel workbooks and Parquet, every value as text.

Schemas are explicit: every column is text until a source says what it is. Types that a reader guesses change with
the data, and with them the figures.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import functools
import io
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdrp_xl import damage
from cdrp_xl.errors import FileError, ValueFoundError, name_some, place, quoted
from cdrp_xl.sources import worksheets
from cdrp_xl.sources.sql import FILE_COLUMN, csv_relation, identifier, literal, only

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb


EXCEL_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})

_PARQUET = ".parquet"
_DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_HEAD = 1 << 16
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_UTF8 = "not utf-8 encoded"
_MIXED_LINE_ENDS = "state machine reached an invalid state"
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
_UNNAMED = "__UNNAMED__"  # what fastexcel calls a column without a heading
_OPEN_IN_EXCEL = "~$"
_SAVE_AGAIN = 'Open it in Excel and save it again, as "CSV UTF-8" or as an Excel workbook.'


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFile:
    """One file of rows: where it is, its headings, and the SQL that gives its rows as text.

    `counted` is the SQL of the same rows with their number in ``cdrp_xl_row``, 2 for the first under the headings;
    `read_from` is the file itself or its copy in UTF-8.
    """

    path: Path
    headings: tuple[str, ...]
    relation: str
    counted: str
    read_from: Path
    sheet: str = ""

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
        there = [quoted(name) for name in self.headings if not name.startswith(_UNNAMED)]
        raise ValueFoundError(
            f"There is no heading {quoted(heading)} (for the {use.replace('_', ' ')}).",
            where=place(self.path, sheet=self.sheet, row=1),
            remedy=f"The headings are {name_some(there, named=12)}: {remedy}.",
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
        damage.check_is_file(path)
        suffix = path.suffix.lower()
        if suffix in EXCEL_SUFFIXES:
            file = self._excel(path, sheet)
        elif suffix == _PARQUET:
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
        import duckdb

        while True:
            try:
                return self.connection.execute(sql).fetchall()
            except duckdb.InvalidInputException as wrong:
                name = _named_file(wrong)
                mended = sql.replace(only(name), only(self._mended(name, wrong))) if name else sql
                if mended == sql:
                    raise self._damaged(wrong) from wrong
                sql = mended
            except duckdb.ProgrammingError:  # what is wrong with a query is no damage
                raise
            except Exception as wrong:
                raise self._damaged(wrong) from wrong

    def numbered(self, file: RowFile) -> str:
        """Return the SQL of one file's rows with ``cdrp_xl_row``, the row as a spreadsheet numbers it."""
        if file.sheet:
            above = str(_blank_rows_above(file.path, file.sheet))
        elif file.path.suffix.lower() != _PARQUET and (before := _rows_before_blank_lines(file.read_from)):
            above = f"len(list_filter({before}, lambda rows: rows < cdrp_xl_row))"
        else:
            return file.counted
        return f"(SELECT * REPLACE (cdrp_xl_row + {above} AS cdrp_xl_row) FROM {file.counted})"

    def original(self, name: str) -> Path:
        """Return the analyst's own file behind a name in `FILE_COLUMN`."""
        return self._originals.get(name, Path(name))

    def _csv(self, path: Path, original: Path) -> RowFile:
        head = _head(path)
        if head.startswith(_UTF16_MARKS):
            path = self._as_utf8(path, "utf-16")
            head = _head(path)
        headings, delimiter = _csv_headings(head, original)
        rows = csv_relation([path], headings, delimiter)
        return RowFile(path=original, headings=headings, relation=rows, counted=_counted(rows), read_from=path)

    def _parquet(self, path: Path) -> RowFile:
        scan = f"read_parquet({only(path)}, hive_partitioning=false)"
        with damage.reported(path, lambda _: _not_parquet(path)):
            columns = self.connection.execute(f"DESCRIBE FROM {scan}").fetchall()
        headings = tuple(column[0] for column in columns)
        texts = ", ".join(f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}" for name in headings)
        rows = f"(SELECT {texts}, {literal(path)} AS {FILE_COLUMN} FROM {scan})"
        return RowFile(path=path, headings=headings, relation=rows, counted=_counted(rows), read_from=path)

    def _excel(self, path: Path, sheet: str) -> RowFile:
        name, rows = worksheets.load(path, sheet, heading_row=0)
        columns = [column.name for column in rows.available_columns()]
        if not columns:
            raise damage.empty(path)
        if _may_repeat(columns):
            _check_headings_once(_first_filled_row(path, name), path, sheet=name)
        # Kept as a table of DuckDB's: reading the library's own cells takes longer than most queries over them.
        table = f"cdrp_xl_sheet_{len(self.files)}"
        headings = tuple(column.strip() or f"{_UNNAMED}{number}" for number, column in enumerate(columns))
        named = ", ".join(map(identifier, headings))
        self.connection.register("cdrp_xl_cells", rows)
        self.connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT *, {literal(path)} AS {FILE_COLUMN} "
            f"FROM cdrp_xl_cells AS cells({named})"
        )
        self.connection.unregister("cdrp_xl_cells")
        filled = f"coalesce({named}) IS NOT NULL"
        return RowFile(
            path=path,
            headings=headings,
            relation=f"(SELECT * FROM {table} WHERE {filled})",
            counted=f"(SELECT *, rowid + 2 AS cdrp_xl_row FROM {table} WHERE {filled})",
            read_from=path,
            sheet=name,
        )

    def _damaged(self, wrong: Exception) -> Exception:
        """Return the error for a file that DuckDB can't read, or what it raised where that is about no file."""
        import duckdb

        if isinstance(wrong, duckdb.InternalError):
            _engine.cache_clear()  # it answers nothing more
        binary = [file.path for file in self.files if file.path.suffix.lower() == _PARQUET]
        about = [file.path for file in self.files if str(file.read_from) in str(wrong)] or binary
        if not about:
            return wrong
        return _not_parquet(about[0]) if about[0] in binary else damage.damaged(about[0])(wrong)

    def _mended(self, name: str, wrong: duckdb.InvalidInputException) -> Path:
        """Return a copy of the file that DuckDB refused, in UTF-8, lines ended alike, or say what is wrong in it."""
        original = self.original(name)
        if name not in self._originals and _NOT_UTF8 in str(wrong):
            return self._as_utf8(Path(name), "cp1252")
        if name not in self._originals and _MIXED_LINE_ENDS in str(wrong):
            return self._as_utf8(Path(name), "utf-8-sig", "cp1252")
        raise broken_row(wrong, original) from wrong

    def _as_utf8(self, path: Path, *encodings: str) -> Path:
        copy = self._scratch / f"{len(self._originals)}-{path.name}"
        for encoding in encodings:
            with contextlib.suppress(UnicodeDecodeError):
                _copy_text(path, encoding, copy)
                self._originals[str(copy)] = path
                return copy
        raise FileError(f"{path.name} is neither UTF-8 nor Windows-1252 text.", where=str(path), remedy=_SAVE_AGAIN)


@contextlib.contextmanager
def opened(*paths: Path, sheet: str = "") -> Iterator[RowFiles]:
    """Open files of rows in a DuckDB of their own, and close it and what was put aside at the end."""
    with put_aside() as scratch, connected() as connection:
        files = RowFiles(connection, scratch)
        for path in paths:
            files.add(path, sheet=sheet)
        yield files


@contextlib.contextmanager
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection to this process's DuckDB; what is made in it is gone at the end."""
    with _engine().cursor() as connection:
        connection.execute("SET enable_progress_bar = false")  # it would be drawn into what is printed for programs
        yield connection


@functools.cache
def _engine() -> duckdb.DuckDBPyConnection:
    """Return the one DuckDB of this process: in memory, it fetches nothing from outside; to start it takes a while."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(Path(tempfile.gettempdir()) / f"cdrp-xl-{os.getpid()}"),
    }
    return duckdb.connect(":memory:", config=settings)


@contextlib.contextmanager
def put_aside() -> Iterator[Path]:
    """Give a folder for what must be unpacked or turned into UTF-8 first; it is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="cdrp-xl-") as scratch:
        yield Path(scratch)


def found(folder: Path, patterns: Sequence[str]) -> tuple[Path, ...]:
    """Return the files of a partnership's folder that the settings name, in order of name.

    The files that Excel keeps beside a workbook while it is open (``~$data.xlsx``) fit no pattern.

    Raises
    ------
    FileError
        If a name or pattern finds no file.
    """
    files: list[Path] = []
    for pattern in patterns:
        whole = folder / pattern
        root = Path(whole.anchor) if Path(pattern).is_absolute() else folder
        with damage.reported(folder):
            fitting = sorted(root.glob(str(whole.relative_to(root))))
            is_name = whole.exists()
        exact = [whole] if is_name else [path for path in fitting if not path.name.startswith(_OPEN_IN_EXCEL)]
        if not exact:
            raise FileError(
                f"There is no file {quoted(pattern)}.",
                where=f"the folder {folder}",
                remedy="Put the file there, or mend its name in partnership.toml.",
            )
        files += [file for file in exact if file not in files]
    return tuple(files)


def check_is_text(head: bytes, path: Path) -> None:
    """Refuse a workbook or an archive that is called a text file."""
    if head.startswith(_NOT_TEXT):
        raise FileError(
            f"{path.name} is a workbook or an archive, not text.",
            where=str(path),
            remedy="Give it the ending of what it is (.xlsx, .zip), or save it as CSV.",
        )


def _not_parquet(path: Path) -> FileError:
    return FileError(
        f"{path.name} is not a Parquet file, or it is damaged.", where=str(path), remedy="Ask for it again."
    )


def without_rows(path: Path, *, sheet: str = "") -> ValueFoundError:
    """Return the error for a file that holds headings and nothing else."""
    return ValueFoundError(
        f"{path.name} has a heading row and no rows.",
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
        remedy="Mend the row (a comma or quotation mark inside a value needs the value in quotation marks), "
        "or ask for the extract again: it may have been cut off.",
    )


def _head(path: Path) -> bytes:
    with damage.reported(path), path.open("rb") as file:
        return file.read(_HEAD)


def _named_file(wrong: duckdb.InvalidInputException) -> str | None:
    name = re.search(r"^\s*file = (.*)$", str(wrong), re.MULTILINE)
    return name[1] if name else None


def _copy_text(path: Path, encoding: str, copy: Path) -> None:
    with path.open(encoding=encoding) as old, copy.open("w", encoding="utf-8", newline="\n") as new:
        while text := old.read(_CHUNK):
            new.write(text)


def _counted(rows: str) -> str:
    return f"(SELECT *, row_number() OVER () + 1 AS cdrp_xl_row FROM {rows})"


def _rows_before_blank_lines(path: Path) -> list[int]:
    """Return for every blank line of a CSV file how many rows, the heading row counted, stand above it."""
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


def _blank_rows_above(path: Path, sheet: str) -> int:
    """Return how many blank rows stand above a worksheet's heading row."""
    return next(number for number, row in enumerate(_cells(path, sheet)) if any(cell is not None for cell in row))


def _first_filled_row(path: Path, sheet: str) -> list[str]:
    filled = next(row for row in _cells(path, sheet) if any(cell is not None for cell in row))
    return [str(cell).strip() for cell in filled if cell is not None]


def _cells(path: Path, sheet: str) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a worksheet from its first on, blank ones too."""
    _, rows = worksheets.load(path, sheet, heading_row=None)
    with connected() as connection:
        connection.register("cdrp_xl_cells", rows)
        result = connection.execute("FROM cdrp_xl_cells")
        while row := result.fetchone():
            yield row


def _may_repeat(headings: Sequence[str]) -> bool:
    """Return whether headings may repeat: fastexcel numbers the second of two that are alike ("Area_1")."""
    plain = {heading.strip().casefold() for heading in headings}
    return len(plain) < len(headings) or any(re.sub(r"_\d+$", "", name) in plain - {name} for name in plain)


def _csv_headings(head: bytes, path: Path) -> tuple[tuple[str, ...], str]:
    """Return the headings of a CSV file and the character between them."""
    check_is_text(head, path)
    text = _decoded(head)
    outside = re.split(r"[\r\n]", re.sub(r'"[^"]*"', "", text), maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=outside.count)
    written = [heading.strip() for heading in next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])]
    if not any(written):
        if not text.strip(" \t\r\n,;|"):
            raise damage.empty(path)
        what_to_do = "Take out what stands above the heading row."
        raise ValueFoundError("The first row holds no headings.", where=place(path, row=1), remedy=what_to_do)
    _check_headings_once([heading for heading in written if heading], path)
    return tuple(heading or f"{_UNNAMED}{number}" for number, heading in enumerate(written)), delimiter


def _decoded(head: bytes) -> str:
    """Return the beginning of a file as text; a character that the beginning cuts in two is left off."""
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head, final=len(head) < _HEAD)
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace")


def _check_headings_once(headings: Sequence[str], path: Path, *, sheet: str = "") -> None:
    for heading in headings:
        alike = [other for other in headings if other.casefold() == heading.casefold()]
        if len(alike) > 1:
            times = f"The heading {quoted(heading)} stands {len(alike)} times"
            raise ValueFoundError(
                f"{times}." if len(set(alike)) == 1 else f"{times}, in different capitals.",
                where=place(path, sheet=sheet, row=1),
                remedy="Give each column a heading of its own.",
            )
