"""The one door for damage: what libraries and the operating system raise over a file becomes a fault in three lines."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cdrp_xl.errors import CdrpError, FileError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_A_LIBRARY_IN_RUST_STOPPED = "PanicException"
"""The class of what fastexcel raises where it finds what it never expected; it is no `Exception`."""

_ASK_AGAIN = "Ask for the file again."
_RESTORE_IT = "Ask for the file again, or restore it from a copy."
_CLOSE_IT = "Close it if it is open in Excel, check that you can read and write there, then try again."
_MAKE_ROOM = "Make room there, or work in another place, then try again."
_SYSTEM_REFUSALS = {
    errno.EACCES: ("can't be opened", _CLOSE_IT),
    errno.EPERM: ("can't be opened", _CLOSE_IT),
    errno.EBUSY: ("can't be opened", _CLOSE_IT),
    errno.EROFS: ("can't be written, since nothing can be written there", "Work in a folder that you may write to."),
    errno.ENAMETOOLONG: ("has a name, or is in folders with names, that are too long", "Give it a shorter name."),
    errno.ENOTDIR: (
        "is not in a folder: a file has the folder's name",
        "Correct the folder's name, or move the file.",
    ),
    errno.ELOOP: ("is a link that leads back to itself", "Put the file itself in its place."),
    errno.ENOSPC: ("can't be written: its disk is full", _MAKE_ROOM),
    errno.EDQUOT: ("can't be written: your share of its disk is used up", _MAKE_ROOM),
    errno.EFBIG: ("can't be written: it would be larger than files may be there", _MAKE_ROOM),
    errno.EIO: ("can't be read or written: its disk or the network failed", "Check that its drive is connected."),
    errno.ESTALE: ("has gone: the network drive that held it was reconnected", "Try again."),
    errno.EMFILE: ("can't be opened: too many files are open", "Close other programs, then try again."),
}
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextlib.contextmanager
def reported(path: Path | str, as_error: Callable[[BaseException], CdrpError] | None = None) -> Iterator[None]:
    """Report whatever goes wrong while a file is read by a library, or taken apart by us, as damage of that file.

    Only read the file within: a fault of ours would be reported as one of the file, too.

    Parameters
    ----------
    path
        The file or folder that is read.
    as_error
        Makes the error from what was raised; without it, the file is said to be damaged.

    Raises
    ------
    CdrpError
        What is raised within as such is let through; all else becomes what `as_error` makes of it, or a `FileError`.
    """
    try:
        yield
    except CdrpError:
        raise
    except OSError as refused:
        # Libraries raise it for damage too, or lead to it by asking for a place that no file has.
        is_systems = refused.errno not in {None, errno.EINVAL}
        raise (refused_by_system(refused, path) if is_systems else (as_error or damaged(path))(refused)) from refused
    except BaseException as wrong:
        if isinstance(wrong, Exception) or type(wrong).__name__ == _A_LIBRARY_IN_RUST_STOPPED:
            raise (as_error or damaged(path))(wrong) from wrong
        raise


@contextlib.contextmanager
def with_room(path: Path) -> Iterator[None]:
    """Report a full disk as one of the copy that is written, not of the file that it is made of; let all else through.

    Raises
    ------
    FileError
        If there is no room for the copy.
    """
    try:
        yield
    except OSError as refused:
        if refused.errno in _NO_ROOM:
            raise refused_by_system(refused, path) from refused
        raise


def damaged(path: Path | str, *, remedy: str = _RESTORE_IT) -> Callable[[BaseException], FileError]:
    """Return what makes the error for a file that is not as a file of its kind is."""
    return lambda _: FileError(f"{Path(path).name} is damaged.", where=str(path), remedy=remedy)


def refused_by_system(refused: OSError, path: Path | str = "") -> FileError:
    """Return the error for a file or folder that the operating system refuses."""
    where = str(path or refused.filename or "")
    name = Path(where).name or where or "A file"
    where = where or "the folder for temporary files"
    where = where or "what was printed, or the folder for temporary files"
    if refused.errno == errno.ENOENT:
        return FileError(f"There is no file {quoted(name)}.", where=where, remedy="Put it there, or correct its name.")
    if refused.errno == errno.EISDIR:
        return FileError(f"{name} is a folder, not a file.", where=where, remedy="Name the file inside it.")
    what, remedy = _SYSTEM_REFUSALS.get(
        refused.errno or 0, (f"can't be opened: {refused.strerror or refused}".rstrip("."), _CLOSE_IT)
    )
    return FileError(f"{name} {what}.", where=where, remedy=remedy)


def files_in(folder: Path) -> list[Path]:
    """Return every file of a folder and those in it, in order; a folder that can't be listed is not passed over.

    Raises
    ------
    FileError
        If the folder, or one in it, can't be listed.
    """
    found: list[Path] = []
    with reported(folder):
        for place, _, names in os.walk(folder, onerror=_raise):
            found += [Path(place, name) for name in names]
    return sorted(found)


def _raise(refused: OSError) -> None:
    raise refused_by_system(refused) from refused


def read_file(path: Path, *, if_empty: str = _ASK_AGAIN) -> bytes:
    """Return what a file holds; `if_empty` says what to do where that is nothing.

    Raises
    ------
    FileError
        If it is missing, a folder, empty, or can't be opened.
    """
    _check_is_no_folder(path)
    with reported(path):
        content = path.read_bytes()
    if not content:
        raise empty(path, remedy=if_empty)
    return content


def check_is_file(path: Path) -> None:
    """Refuse a path that is missing, a folder, empty or can't be opened."""
    _check_is_no_folder(path)
    with reported(path), path.open("rb") as file:
        is_empty = not file.read(1)
    if is_empty:
        raise empty(path)


def _check_is_no_folder(path: Path) -> None:
    """Refuse a folder: some systems say only that it can't be opened."""
    with reported(path):
        is_folder = path.is_dir()
    if is_folder:
        raise FileError(f"{path.name} is a folder, not a file.", where=str(path), remedy="Name the file inside it.")


def empty(path: Path, *, remedy: str = _ASK_AGAIN) -> FileError:
    """Return the error for a file that holds nothing."""
    return FileError(f"{path.name} is empty.", where=str(path), remedy=remedy)
