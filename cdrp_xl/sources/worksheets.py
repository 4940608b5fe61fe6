"""Worksheets of workbooks as fastexcel reads them: every cell as text, in a rectangle that holds them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import FileError, ValueFoundError, name_some, quoted
from cdrp_xl.sources import far_cells

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import fastexcel


def load(path: Path, sheet: str, *, heading_row: int | None) -> tuple[str, fastexcel.ExcelSheet]:
    """Return a worksheet's name and its cells as text; the first worksheet where none is named.

    Cells far to the right of all others are left out.

    Parameters
    ----------
    path
        An .xlsx, .xlsm, .xlsb, .xls or .ods file.
    sheet
        The worksheet's name; empty for the first.
    heading_row
        The row of headings, from 0; None if all rows are wanted, blank ones at the top too.

    Raises
    ------
    FileError
        If the file is not a spreadsheet, is damaged, or is locked with a password.
    ValueFoundError
        If there is no such worksheet, or a cell of it lies far from all others and can't be left out.
    """
    import fastexcel

    # Without a heading row, blank rows at the top would be passed over, and every row's number with them.
    skipped = 0 if heading_row is None else None
    with damage.reported(path, lambda wrong: not_a_spreadsheet(path, wrong)):
        _check_container(path)
        book = fastexcel.read_excel(far_cells.left_out(path, sheet))
        name = _sheet_name(path, book.sheet_names, sheet)
        return name, book.load_sheet(name, header_row=heading_row, skip_rows=skipped, dtypes="string")


def names(path: Path) -> tuple[str, ...]:
    """Return the names of a workbook's worksheets, in order.

    Parameters
    ----------
    path
        An .xlsx, .xlsm, .xlsb, .xls or .ods file.

    Raises
    ------
    FileError
        If the file is not a spreadsheet, is damaged, or is locked with a password.
    """
    import fastexcel

    with damage.reported(path, lambda wrong: not_a_spreadsheet(path, wrong)):
        _check_container(path)
        return tuple(fastexcel.read_excel(path).sheet_names)


def _check_container(path: Path) -> None:
    """Refuse what fastexcel would end the process over, where the file is a container, whatever its name says.

    It reads all worksheets of one when it opens it, and makes room for every cell up to the last.
    """
    from cdrp_xl.packages import COMPOUND_FILE

    with path.open("rb") as file:
        is_container = file.read(len(COMPOUND_FILE)) == COMPOUND_FILE
    if is_container:
        from cdrp_xl.sources.spreadsheets import old_excel

        content = path.read_bytes()
        old_excel.check_chains(content)
        for spans in old_excel.filled(content):
            far_cells.check(spans, path)


def not_a_spreadsheet(path: Path, wrong: BaseException) -> FileError:
    """Return the error for a file that no spreadsheet program would open as it is."""
    if "password" in str(wrong).lower():
        return FileError(
            f"{path.name} is protected with a password.",
            where=str(path),
            remedy="Open it in Excel, take the password off (File, Info, Protect Workbook), and save it.",
        )
    return FileError(f"{path.name} is not a workbook, or it is damaged.", where=str(path), remedy=far_cells.SAVE_AGAIN)


def _sheet_name(path: Path, names: Sequence[str], wanted: str) -> str:
    if not names:
        raise damage.empty(path)
    if not wanted:
        return names[0]
    if wanted in names:
        return wanted
    raise ValueFoundError(
        f"There is no worksheet {quoted(wanted)}.",
        where=path.name,
        remedy=f"Write in partnership.toml which to read: {name_some([quoted(name) for name in names])}.",
    )
