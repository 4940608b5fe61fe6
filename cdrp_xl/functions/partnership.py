"""Which partnership's figures a worksheet is answered from: named in its workbook, beside it, or the user's own."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from cdrp_xl.errors import CannotBeComputedError, CannotBeWrittenError, FileError
from cdrp_xl.settings import FILE_NAME, read

NAME = "CDRP_Partnership"
"""The defined name under which a workbook may hold its partnership's folder."""


def folder_for(*workbooks: tuple[str, str]) -> Path:
    """Return the folder that a workbook is answered from.

    Parameters
    ----------
    *workbooks
        What the workbook's own name `NAME` holds, empty where it has none, and its path, empty where it was never
        saved. Where others may be the one that asks, theirs follow.

    Raises
    ------
    FileError
        If none of the three ways leads to a partnership's folder.
    CannotBeComputedError
        If another of the workbooks has a partnership of its own: which of them asks is not known then.
    """
    (named, workbook), *others = workbooks or [("", "")]
    folder = _own(named, workbook) or _default()
    if folder is None:
        raise FileError(
            "No partnership is named for this workbook.",
            where=workbook or "a workbook that was never saved",
            remedy='Name one for all workbooks with "cdrp-xl use FOLDER", or in a cell named CDRP_Partnership.',
        )
    for each in others:
        with contextlib.suppress(FileError):
            _check_same(folder, _own(*each) or folder)
    return folder


def default() -> Path | None:
    """Return the folder that the user named for all workbooks, None where none was."""
    try:
        return Path(_kept_in().read_text(encoding="utf-8").strip())
    except OSError:
        return None


def use(folder: Path) -> Path:
    """Name a partnership's folder for all workbooks of this user, and return it.

    Raises
    ------
    CdrpError
        If it is not a partnership's folder, or what the user chose can't be kept.
    """
    read(folder)
    kept_in = _kept_in()
    try:
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        kept_in.write_text(f"{folder.absolute()}\n", encoding="utf-8")
    except OSError as refused:
        raise CannotBeWrittenError(
            "Your choice of a partnership could not be kept.",
            where=str(kept_in),
            remedy="Check that the folder can be written to, then try again.",
        ) from refused
    return folder.absolute()


def _own(named: str, workbook: str) -> Path | None:
    """Return the folder that a workbook names, or the one that it is in, None where that is not a partnership's."""
    beside = Path(workbook).parent if workbook else None
    if named:
        return _checked((beside or Path()) / named, f"the workbook's name {NAME}")
    return beside if beside and (beside / FILE_NAME).is_file() else None


def _default() -> Path | None:
    return _checked(folder, "cdrp-xl use") if (folder := default()) else None


def _check_same(folder: Path, other: Path) -> None:
    if other.resolve() != folder.resolve():
        raise CannotBeComputedError(
            f"Workbooks of two partnerships are open ({folder} and {other}), and it isn't clear which of them asks.",
            where="the open workbooks",
            remedy="Close those of one, then recalculate with Ctrl+Shift+F9.",
        )


def _checked(folder: Path, said_by: str) -> Path:
    if (folder / FILE_NAME).is_file():
        return folder
    raise FileError(
        f"{folder} is not a partnership's folder: it holds no {FILE_NAME}.",
        where=said_by,
        remedy=f"Name the folder that holds {FILE_NAME}.",
    )


def _kept_in() -> Path:
    """Return the file that keeps the user's choice, where each system keeps such."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA", "") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME", "") or home / ".config")
    return base / "cdrp-xl" / "partnership"
