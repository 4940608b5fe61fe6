"""Paths as a person gives them: typed, copied from a browser, or spelt on another system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from cdrp_xl.errors import FileError, quoted

_ADDRESS = re.compile(r"[a-z][a-z-]+:[/\\]", re.IGNORECASE)  # a drive has one letter

SYNCHRONISE = (
    'In OneDrive or SharePoint choose "Sync" or "Add shortcut to My files", then name the folder that appears on this '
    "computer; or download it, and name where you put it."
)


def is_address(path: Path | str) -> bool:
    """Return whether a path is an address of the web, whose slashes a `Path` folds into one."""
    return _ADDRESS.match(str(path)) is not None


def as_spelt(path: Path | None) -> Path | None:
    """Return a path as its folders spell it, None for one that was not given.

    Systems write an accent as one character or as a letter with a mark: to a reader they are the same name. Where a
    name is missing and exactly one in its folder reads the same, that one is meant.

    Raises
    ------
    FileError
        If it is an address of the web and no path.
    """
    if path is None or path.exists():
        return path
    if is_address(path):
        address = re.sub(r"^(\w+):[/\\]+", r"\1://", str(path))
        raise FileError(
            f"{quoted(address)} is an address, not a file or folder on this computer.",
            where="the command line",
            remedy="Write it without file://." if address.lower().startswith("file:") else SYNCHRONISE,
        )
    spelt = Path(path.anchor)
    for part in path.parts[len(spelt.parts) :]:
        spelt /= _spelt(spelt, part)
    return spelt


def _spelt(folder: Path, name: str) -> str:
    if (folder / name).exists() or not folder.is_dir() or name.isascii():
        return name
    alike = [each.name for each in folder.iterdir() if _plain(each.name) == _plain(name)]
    return alike[0] if len(alike) == 1 else name


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name)
