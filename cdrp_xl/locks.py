"""A locked file shows that a process is at work: the system releases the lock when the process ends, in any way."""

from __future__ import annotations

import enum
import os
import sys

_LOCKED_BYTE = 1 << 20
"""Behind what is written in the file, since Windows does not allow a locked byte to be read."""


class Lock(enum.Enum):
    """What came of locking a file."""

    OURS = enum.auto()
    ANOTHERS = enum.auto()
    UNKNOWN = enum.auto()
    """The file system knows no locks, as some shared ones: whether anybody is at work can't be said."""


def take(handle: int) -> Lock:
    """Lock an open file for this process alone, until it is closed; who holds it already is not waited for."""
    if sys.platform == "win32":
        return _take_on_windows(handle)
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return Lock.ANOTHERS
    except OSError:
        return Lock.UNKNOWN
    return Lock.OURS


def _take_on_windows(handle: int) -> Lock:
    import msvcrt

    os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    except OSError:
        return Lock.ANOTHERS
    finally:
        os.lseek(handle, 0, os.SEEK_SET)
    return Lock.OURS
