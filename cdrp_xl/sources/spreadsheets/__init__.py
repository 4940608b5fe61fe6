"""Workbooks that came back from others, read cell by cell as they are: .xlsx, .ods and the older .xls.

What a cell is matters here, not only what it shows: a formula is distinguished from its value, a date from a
number, 10% from 10. Nothing is run, followed or fetched, and a file that brings anything to run or follow is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import FileError, name_some, quoted
from cdrp_xl.sources.spreadsheets.cells import Cell, SheetCells, Spreadsheet, locked, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.packages import Package

__all__ = ["SUFFIXES", "Cell", "SheetCells", "Spreadsheet", "read"]

SUFFIXES = (".xlsx", ".xlsm", ".ods", ".xls")
"""The endings of files that may be read; what a file is, its content has to say too."""

MEBIBYTE = 1 << 20
LARGEST_FILE = 32 * MEBIBYTE

_ZIP = b"PK\x03\x04"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"

_BRINGS = {
    "xl/vbaproject": "macros",
    "xl/macrosheets": "macros",
    "xl/dialogsheets": "macros",
    "basic/": "macros",
    "scripts/": "macros",
    "xl/externallinks": "links to other workbooks or programs",
    "xl/connections": "connections to data elsewhere",
    "xl/querytables": "connections to data elsewhere",
    "xl/model": "a data model",
    "xl/embeddings": "embedded files",
    "xl/activex": "controls",
    "object ": "embedded files",
}
"""What no form has and no reader should trust, by the beginning of its part's name."""


def read(path: Path) -> Spreadsheet:
    """Return the worksheets of a workbook.

    Parameters
    ----------
    path
        The file. Its content decides what it is, and its ending has to say the same.

    Raises
    ------
    FileError
        If the file is not a workbook, locked, damaged or too large, if its ending is that of another kind, or if it
        contains macros, links, connections, controls, embedded files, names that lead out of it or XML with entities.
    """
    with damage.reported(path, lambda _: refusal(path, "it is damaged")):
        return _read(_content(path), path)


def _read(content: bytes, path: Path) -> Spreadsheet:
    # A refresh without returns does not pay for what reads them.
    from cdrp_xl import packages
    from cdrp_xl.sources.spreadsheets import office_open, old_excel, open_document

    if content.startswith(packages.COMPOUND_FILE):
        read = old_excel.read(content, path)
        _check_suffix(path, ".xls")
        return read
    if not content.startswith(_ZIP):
        raise refusal(path, "it is not a workbook")
    limits = packages.Limits(entries=2_000, part_bytes=64 * MEBIBYTE, total_bytes=256 * MEBIBYTE, tags=300_000)
    package = packages.open_package(content, path.name, limits=limits)
    _check_parts(package, path)
    if package.named("xl/workbook.bin"):
        raise refusal(path, "it is a binary workbook (.xlsb)")
    if any(name.casefold().startswith("xl/") for name in package.parts):
        _check_suffix(path, ".xlsx", ".xlsm")
        return office_open.read(package, path)
    if not package.named("mimetype") or not package.read("mimetype").startswith(_OPEN_DOCUMENT):
        raise refusal(path, "it is not a workbook")
    _check_suffix(path, ".ods")
    return open_document.read(package, path)


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise refusal(path, f"it has {size / MEBIBYTE:,.0f} MiB; a form with pictures has a few")
    content = path.read_bytes()
    if not content:
        raise refusal(path, "it is empty")
    return content


def _check_suffix(path: Path, *right: str) -> None:
    if path.suffix.lower() not in right:
        raise FileError(
            f"{path.name} is not read: its content is that of an {right[0]} file, but its name ends differently.",
            where=str(path),
            remedy=f"If you know who sent it and why, give it the ending {right[0]}; otherwise ask for it again.",
        )


def _check_parts(package: Package, path: Path) -> None:
    names = [entry.filename for entry in package.entries]
    plain = [name.casefold() for name in names]
    if odd := [name for name in names if _leads_out(name)]:
        raise refusal(
            path, f"the names of some of its parts point outside it ({name_some([quoted(name) for name in odd])})"
        )
    if len(set(plain)) < len(plain):
        raise refusal(path, "two of its parts have the same name")
    manifest = "META-INF/manifest.xml"
    if package.named(manifest) and b"encryption-data" in package.read(manifest):
        raise locked(path)
    brought = {what: None for name in plain for start, what in _BRINGS.items() if name.startswith(start)}
    if brought:
        raise refusal(path, f"it contains {' and '.join(brought)}, which no form has")


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable()
