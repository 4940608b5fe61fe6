"""One refresh of a partnership's folder at a time, and none under the hands of someone who has its master open."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeWrittenError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = ("counts", "refresh.lock")
_LOCKED_BYTE = 1 << 20
"""Behind what is written in the file, since Windows lets nobody read a byte that is locked."""

_EXCELS_NAME_BYTES = 54


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder for one refresh. The system itself gives it up when the process ends, however it ends.

    Raises
    ------
    CannotBeWrittenError
        If another refresh of this folder is running.
    """
    file = folder.joinpath(*_LOCK)
    file.parent.mkdir(exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _lock(handle):
            raise CannotBeWrittenError(
                f"Another refresh of {folder.name} is running (process {_process(handle)}).",
                where=str(folder),
                remedy="Wait until it has ended, then try again.",
            )
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def check_closed(master: Path) -> None:
    """Refuse a master that someone has open, or that may not be written to.

    Raises
    ------
    CannotBeWrittenError
        If Excel's or LibreOffice's sign of an open file stands beside it, or it is read-only.
    """
    for program, sign in _signs(master):
        if sign.exists():
            who = _who(sign)
            raise CannotBeWrittenError(
                f"{master.name} is open in {program}{f' ({who})' if who else ''}.",
                where=str(master),
                remedy="Refresh with its own button, or close it and try again. If nobody has it open, delete "
                f"{quoted(sign.name)}, which a crash left behind.",
            )
    if master.exists() and not master.stat().st_mode & 0o222:
        raise CannotBeWrittenError(
            f"{master.name} is read-only.",
            where=str(master),
            remedy="Take the mark away (in the file's properties), or refresh a copy of the folder.",
        )


def _lock(handle: int) -> bool:
    """Lock an open file for this process alone; return whether it could be."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system that knows no locks, as some shared ones, is no reason not to work
    return True


def _process(handle: int) -> str:
    return os.read(handle, 20).decode("ascii", "replace") or "unknown"


def _signs(master: Path) -> list[tuple[str, Path]]:
    return [
        ("Excel", master.with_name(f"~${master.name}")),
        ("LibreOffice", master.with_name(f".~lock.{master.name}#")),
    ]


def _who(sign: Path) -> str:
    """Return by whom a file is open, as far as its sign says: Excel and LibreOffice each have a form of their own."""
    with contextlib.suppress(OSError):
        content = sign.read_bytes()
        if sign.name.startswith("."):
            return content.decode("utf-8", "replace").strip(",").partition(",")[0].strip()
        return content[1:_EXCELS_NAME_BYTES][: content[0] if content else 0].decode("cp1252", "replace").strip()
    return ""
