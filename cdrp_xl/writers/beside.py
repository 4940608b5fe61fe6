"""Files are written beside their place and then renamed: what stood there stays whole until the new one is."""

from __future__ import annotations

import contextlib
import os
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
            former = path.rename(_free_name(path, keep))
        beside.replace(path)
    except OSError as refused:
        if former is not None:
            former.replace(path)
        raise CannotBeWrittenError(
            f"{path.name} could not be written; what stood there is as it was.",
            where=str(path),
            remedy="Close it if it is open in Excel or LibreOffice, see that its folder can be written to, try again.",
        ) from refused
    finally:
        if beside is not None:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
    return former


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
