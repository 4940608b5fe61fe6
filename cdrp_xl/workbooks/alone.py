"""One refresh or publish of a partnership's folder at a time, and none while someone has its master open."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from cdrp_xl import beside, locks
from cdrp_xl.errors import CannotBeWrittenError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = ("counts", "refresh.lock")
_WRITTEN_TO = ("counts", "log", "published", "returns")
_EXCELS_NAME_BYTES = 54


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder for one refresh or publish. The system releases the lock when the process ends, however it ends.

    Raises
    ------
    CannotBeWrittenError
        If another refresh or publish of this folder is running.
    """
    file = folder.joinpath(*_LOCK)
    file.parent.mkdir(exist_ok=True)
    with held(file, busy=f"Another refresh or publish of {folder.name} is running", where=str(folder)):
        sweep(folder)
        yield


@contextlib.contextmanager
def held(file: Path, *, busy: str, where: str) -> Iterator[None]:
    """Hold a locked file, with this process's number in it.

    Raises
    ------
    CannotBeWrittenError
        If another process holds it; `busy` says what that is doing, `where` in which folder.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if locks.take(handle) is locks.Lock.ANOTHERS:
            raise CannotBeWrittenError(
                f"{busy} (process {_process(handle)}).",
                where=where,
                remedy="Wait until it has ended, then try again.",
            )
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Take away what a killed refresh, publish or form left half written in a partnership's folder."""
    written_to = (folder / part for part in _WRITTEN_TO)
    beside.sweep(folder, *(within for part in written_to for within in (part, *part.glob("*/"), *part.glob("*/*/"))))


def check_closed(master: Path) -> None:
    """Refuse a master that someone has open, or that may not be written to.

    Raises
    ------
    CannotBeWrittenError
        If Excel's or LibreOffice's sign of an open file is beside it, or it is read-only.
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
    beside.check_may_be_replaced(master)


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
