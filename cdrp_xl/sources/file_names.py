"""The files that the settings name, by name or by pattern, relative to the partnership's folder."""

from __future__ import annotations

import fnmatch
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import FileError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOT_DATA = ("~$", "._", ".~lock.")
"""The beginnings of names that Excel, macOS and LibreOffice give to files beside the one that is meant."""


def found(folder: Path, patterns: Sequence[str]) -> tuple[Path, ...]:
    """Return the files of a partnership's folder that the settings name, in order of name.

    Capitals make no difference to a pattern, as in Windows, and accents none in how they are kept. A bracket in a
    pattern means itself, or one of the characters between it and its fellow.

    Raises
    ------
    FileError
        If a name or pattern finds no file.
    """
    files: list[Path] = []
    for pattern in patterns:
        whole = folder / pattern
        root = Path(whole.anchor) if Path(pattern).is_absolute() else folder
        with damage.reported(folder):
            is_name = whole.exists()
            fitting = [] if is_name else sorted(_fitting(root, whole.relative_to(root).parts))
        exact = [whole] if is_name else fitting
        if not exact:
            raise FileError(
                f"There is no file {quoted(pattern)}.",
                where=f"the folder {folder}",
                remedy="Put the file there, or correct its name in partnership.toml.",
            )
        files += [file for file in exact if file not in files]
    return tuple(files)


def _fitting(root: Path, parts: Sequence[str]) -> Iterator[Path]:
    """Yield what is found below a folder, part by part; ``**`` means any folders."""
    if not parts:
        yield root
        return
    part, *rest = parts
    if part == "**":
        yield from _fitting(root, rest)
        for folder in sorted(each for each in root.iterdir() if each.is_dir() and not each.is_symlink()):
            yield from _fitting(folder, parts)
        return
    if (root / part).exists():
        yield from _fitting(root / part, rest)
        return
    if not root.is_dir():
        return
    for path in root.iterdir():
        if _fits(path.name, part) and (path.is_dir() or not rest):
            yield from _fitting(path, rest)


def _fits(name: str, pattern: str) -> bool:
    if name.startswith(NOT_DATA) and not pattern.startswith(NOT_DATA):
        return False
    plain, wanted = (unicodedata.normalize("NFC", text).casefold() for text in (name, pattern))
    return any(fnmatch.fnmatchcase(plain, each) for each in (wanted, wanted.replace("[", "[[]"))) or plain == wanted
