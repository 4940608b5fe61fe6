"""Files are written beside their place and then renamed: what stood there stays whole until the new one is."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import tempfile
from pathlib import Path

from cdrp_xl.errors import CannotBeWrittenError


def replace(path: Path, content: bytes, *, keep: str = "") -> Path | None:
    """Put a file in place, whole or not at all.

    Parameters
    ----------
    path
        Where the file is to stand; its folder is made if need be.
    content
        What it is to hold.
    keep
        Why a former file is kept, under a name of its own, such as "superseded"; empty replaces it.

    Returns
    -------
    Path or None
        The name under which the former file now stands, None where none was kept.

    Raises
    ------
    CannotBeWrittenError
        If the folder or the file can't be written; the former file still stands.
    """
    beside: Path | None = None
    former: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.chmod(0o666 & ~_umask())
        if keep and path.exists():
            former = _free_name(path, keep)
            shutil.copy2(path, former)
        beside.replace(path)
    except OSError as refused:
        _take_away(former)
        raise CannotBeWrittenError(
            f"{path.name} could not be written; what stood there is as it was.",
            where=str(path),
            remedy="Close it if it is open in Excel or LibreOffice, see that its folder can be written to and that its "
            "disk has room, then try again.",
        ) from refused
    finally:
        _take_away(beside)
    return former


def sweep(path: Path) -> None:
    """Take away what a write of this file left beside it when its process was killed."""
    for left in path.parent.glob(f".{glob.escape(path.stem)}-*.tmp"):
        _take_away(left)


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it lies in, unless it is there.

    Raises
    ------
    CannotBeWrittenError
        If a file stands in its place, or the folder may not be made there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise CannotBeWrittenError(
            f"The folder {folder.name} could not be made.",
            where=str(folder),
            remedy="Name a folder in a place that you may write to, where no file stands in its way.",
        ) from refused


def _take_away(file: Path | None) -> None:
    if file is not None:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def _free_name(path: Path, why: str) -> Path:
    number = 1
    while (name := path.with_name(f"{path.stem} ({why} {number}){path.suffix}")).exists():
        number += 1
    return name


def _umask() -> int:
    """Return the user's mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
