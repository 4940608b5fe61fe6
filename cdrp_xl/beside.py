"""Files are written beside their place and then renamed: what was there stays whole until the new one is."""

from __future__ import annotations

import contextlib
import errno
import filecmp
import itertools
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cdrp_xl import locks
from cdrp_xl.errors import CannotBeWrittenError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX, _SUFFIX = ".cdrp-xl-", ".tmp"


def replace(path: Path, content: bytes, *, keep: str = "") -> Path | None:
    """Put a file in place, whole or not at all.

    Parameters
    ----------
    path
        The file's place; its folder is made if need be.
    content
        What it is to hold.
    keep
        Why a former file is kept, under a name of its own, such as "superseded"; empty replaces it.

    Returns
    -------
    Path or None
        The name that the former file has now, None where none was kept.

    Raises
    ------
    CannotBeWrittenError
        If the folder or the file can't be written, or the file is read-only; the former file is kept.
    """
    former: Path | None = None
    try:
        with written(path) as place:
            place.write_bytes(content)
            if keep and path.exists():
                former = _kept(path, keep)
    except BaseException:
        _take_away(former)
        raise
    return former


def keep(path: Path, why: str) -> Path:
    """Keep a file under a name of its own beside itself, as `replace` does, and return that name.

    Raises
    ------
    CannotBeWrittenError
        If the folder can't be written to.
    """
    try:
        return _kept(path, why)
    except OSError as refused:
        raise _not_written(path) from refused


@contextlib.contextmanager
def written(path: Path) -> Iterator[Path]:
    """Yield a place to write a file to, which takes the place of the former one at the end, whole or not at all.

    A file that is replaced hands on who may read and write it; where it is a link, what it leads to is replaced.

    Raises
    ------
    CannotBeWrittenError
        If the folder or the file can't be written, or the file is read-only; the former file is kept.
    """
    check_may_be_replaced(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = _target(path)
        with _put(target, like=target) as beside:
            yield beside
    except OSError as refused:
        raise _not_written(path) from refused


@contextlib.contextmanager
def _put(target: Path, *, like: Path) -> Iterator[Path]:
    """Give a place to write a file to, renamed at the end, with which whoever may use another file may do the same."""
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=target.parent)
    beside = Path(name)
    try:
        locks.take(handle)
        if os.name == "nt":  # which neither writes to nor renames a file that is open
            os.close(handle)
            handle = -1
        yield beside
        _hand_on(like, beside)
        beside.replace(target)
    except BaseException:
        _take_away(beside)
        raise
    finally:
        if handle >= 0:
            os.close(handle)


def check_may_be_replaced(path: Path) -> None:
    """Refuse a file that its owner marked as read-only, which some systems would replace all the same."""
    with contextlib.suppress(OSError):  # whoever writes there says what is wrong with the path
        found = path.stat()
        if stat.S_ISREG(found.st_mode) and not found.st_mode & 0o222:
            raise CannotBeWrittenError(
                f"{path.name} is read-only.",
                where=str(path),
                remedy="Clear the mark (in the file's properties), or work in a copy of the folder.",
            )


def sweep(*folders: Path) -> None:
    """Take away what writes whose process was killed left in these folders; one that goes on holds its file locked."""
    for folder in folders:
        with contextlib.suppress(OSError):
            for left in os.scandir(folder):
                if (
                    left.name.startswith(_PREFIX)
                    and left.name.endswith(_SUFFIX)
                    and left.is_file(follow_symlinks=False)
                ):
                    _sweep(Path(left.path))


def _sweep(file: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(file, os.O_RDWR)
        try:
            is_left = locks.take(handle) is locks.Lock.OURS
        finally:
            os.close(handle)
        if is_left:
            file.unlink()


def _target(path: Path) -> Path:
    """Return the file that a path leads to, itself where it is not a link."""
    if not path.is_symlink():
        return path
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def _hand_on(former: Path, new: Path) -> None:
    """Give a file the mode of the one that it replaces, and its owner where the system allows; otherwise the user's."""
    if not former.exists():
        new.chmod(0o666 & ~_umask())
        return
    found = former.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(new, found.st_uid, found.st_gid)
    new.chmod(stat.S_IMODE(found.st_mode))


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it is in, unless it is there.

    Raises
    ------
    CannotBeWrittenError
        If a file is in its place, or the folder may not be made there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise CannotBeWrittenError(
            f"The folder {folder.name} could not be made.",
            where=str(folder),
            remedy="Name a folder where you may write, and where no file has its name.",
        ) from refused


def _take_away(file: Path | None) -> None:
    if file is not None:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def _kept(path: Path, why: str) -> Path:
    """Return where a file is kept: under the next free name, or the last one if what was killed kept it there."""
    names = (path.with_name(f"{path.stem} ({why} {number}){path.suffix}") for number in itertools.count(1))
    last, free = path, next(names)
    while free.exists():
        last, free = free, next(names)
    if last != path and filecmp.cmp(last, path, shallow=False):
        return last
    with _put(free, like=path) as beside:
        shutil.copy2(path, beside)
    return free


def _not_written(path: Path) -> CannotBeWrittenError:
    return CannotBeWrittenError(
        f"{path.name} could not be written; what was there is unchanged.",
        where=str(path),
        remedy="Close it if it is open in Excel or LibreOffice, check that its folder can be written to and that its "
        "disk has room, then try again.",
    )


def _umask() -> int:
    """Return the user's mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
