"""Files in the container of Excel 97-2003, in which locked workbooks of today come too: told apart, and not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.sources.spreadsheets.cells import locked, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.errors import FileError

_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_STREAMS = tuple(f"{name}\0".encode("utf-16-le") for name in ("Workbook", "Book"))


def refused(content: bytes, path: Path) -> FileError:
    """Return the error for a file in this container, by what it holds."""
    if _LOCKED in content:
        return locked(path)
    if not any(name in content for name in _STREAMS):
        return refusal(path, "it is no workbook")
    brings = ", and brings macros" if _MACROS in content else ""
    return refusal(path, f"it is a workbook of Excel 97-2003 (.xls){brings}")
