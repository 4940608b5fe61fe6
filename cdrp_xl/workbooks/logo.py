"""The partnership's logo, as the partners' copy has it: a picture that holds nothing but itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import FileError
from cdrp_xl.publication import pictures
from cdrp_xl.report import Logo

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.settings import Settings

MOST_BYTES = 500_000
MOST_POINTS = 3_000
"""Across and down."""

_SAVE_AS_PNG = "Open it in Paint, save it smaller as a PNG, and name that file."
_REMEDY = "Name a PNG or JPEG file, in the folder or by its path from there, or leave the key out."


def read(settings: Settings, folder: Path) -> Logo | None:
    """Return the logo that the settings name, without what its file says beside the picture; None where none is named.

    Raises
    ------
    FileError
        If the file is missing, can't be opened, is damaged, too large or no PNG or JPEG, or keeps more than a picture.
    """
    if not settings.report.logo:
        return None
    path = folder / settings.report.logo
    content = _content(path)
    if not pictures.is_png(content) and not pictures.is_jpeg(content):
        raise _refused(path, "is not a picture in PNG or JPEG")
    plain = pictures.alone(content)
    if plain is None:
        raise _refused(path, "is damaged: its picture has no end")
    if pictures.metadata(plain) or pictures.draws_where_transparent(plain):
        raise _refused(path, "keeps more than the picture", remedy=_SAVE_AS_PNG)
    width, height = pictures.size(plain)
    if not 0 < max(width, height) <= MOST_POINTS or not min(width, height):
        raise _refused(path, f"is {width:,} by {height:,} points; at most {MOST_POINTS:,} are taken")
    return Logo(content=plain, width=width, height=height)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refused(path, f"is larger than {MOST_BYTES // 1000} kB", remedy=_SAVE_AS_PNG)
        return path.read_bytes()
    except FileNotFoundError as missing:
        raise FileError(f"There is no file {path.name} for the logo.", where=_where(path), remedy=_REMEDY) from missing
    except OSError as refused:
        raise damage.refused_by_system(refused, path) from refused


def _refused(path: Path, what: str, *, remedy: str = _REMEDY) -> FileError:
    return FileError(f"The logo {path.name} {what}.", where=_where(path), remedy=remedy)


def _where(path: Path) -> str:
    return f"partnership.toml, report.logo; {path}"
