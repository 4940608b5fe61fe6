"""Folders for what lies aside while work is done: open to this user alone, and gone at the end.

What a killed process left is swept when the next one needs such a folder, or starts. Each folder holds a locked file
for as long as its process lives, or a program that inherited it; a folder without one, locked or another user's stays.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cdrp_xl import locks
from cdrp_xl.errors import CannotBeWrittenError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OURS = re.compile(r"cdrp-xl-[a-z]+-\w{8}")
_SIGN = "in-use.lock"
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


@dataclass(slots=True, kw_only=True)
class Folder:
    """A temporary folder. `sign` is the open file that says that it is in use, None once the folder was removed."""

    path: Path
    sign: int | None
    _removing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def inherited(self) -> tuple[int, ...]:
        """What a program that works in the folder is to inherit, so that it stays in use (``pass_fds``)."""
        return () if os.name == "nt" or self.sign is None else (self.sign,)

    def remove(self) -> None:
        """Take the folder away with all that is in it, once: a number closed twice may be another file's by then."""
        with self._removing:
            if self.sign is not None:
                os.close(self.sign)
                self.sign = None
                shutil.rmtree(self.path, ignore_errors=True)


@contextlib.contextmanager
def folder(use: str) -> Iterator[Path]:
    """Yield a folder that is gone at the end; `use` is a word of lower-case letters that its name says."""
    made = make(use)
    try:
        yield made.path
    finally:
        made.remove()


def make(use: str) -> Folder:
    """Return a new folder, which whoever asked for it has to remove.

    Raises
    ------
    CannotBeWrittenError
        If no temporary folder can be made.
    """
    sweep()
    try:
        while (made := _made(use)) is None:
            pass
    except OSError as refused:
        raise CannotBeWrittenError(
            f"No temporary folder can be made: {refused.strerror or refused}.",
            where=str(refused.filename or "the folder for temporary files"),
            remedy="Check that you may write there and that its disk has room, or name another folder in the "
            "environment variable TMPDIR (TEMP on Windows).",
        ) from refused
    return made


def sweep() -> None:
    """Take away the temporary folders of processes that live no longer."""
    with contextlib.suppress(OSError):
        for left in os.scandir(tempfile.gettempdir()):
            if _OURS.fullmatch(left.name):
                with contextlib.suppress(OSError):
                    _sweep(Path(left.path))


def _made(use: str) -> Folder | None:
    """Return a new folder, or None if another process swept it as abandoned before its file was locked."""
    path = Path(tempfile.mkdtemp(prefix=f"cdrp-xl-{use}-"))
    sign = os.open(path / _SIGN, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    if locks.take(sign) is locks.Lock.ANOTHERS or not os.fstat(sign).st_nlink:
        os.close(sign)
        return None
    return Folder(path=path, sign=sign)


def _sweep(path: Path) -> None:
    if not _is_own_folder(path):
        return
    sign = os.open(path / _SIGN, os.O_RDWR | _NO_LINK)
    is_left = locks.take(sign) is locks.Lock.OURS
    if is_left and os.name != "nt":
        shutil.rmtree(path, ignore_errors=True)
    os.close(sign)
    if is_left:  # Windows removes no file that is open
        shutil.rmtree(path, ignore_errors=True)


def _is_own_folder(path: Path) -> bool:
    found = path.lstat()
    return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "geteuid") or found.st_uid == os.geteuid())
