"""New: a partnership's folder, with settings that explain themselves."""

from __future__ import annotations

import importlib.resources
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import beside
from cdrp_xl.errors import CannotBeWrittenError, FileError
from cdrp_xl.settings import FILE_NAME, checking, schema
from cdrp_xl.sources import joined
from cdrp_xl.sources.publisher import CURRENT
from cdrp_xl.workbooks import master

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.periods import Period

FOLDERS = ("data", "returns", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a new partnership begins with; what is empty is left to be filled in. `areas` are several, joined."""

    area: str = ""
    areas: tuple[str, ...] = ()
    name: str = ""
    police_uk: Path | None = None
    quarter: Period | None = None


def new(folder: Path, beginning: Beginning) -> Path:
    """Make a partnership's folder, with a master to be filled, and return its ``partnership.toml``.

    The schema of the settings is beside them, so that an editor completes and checks them without a network.

    A master that is there already stays as it is.

    Raises
    ------
    CannotBeWrittenError
        If the folder can't be made, or holds settings already; they stay as they are.
    FileError
        If there is no such folder or archive of data.police.uk.
    """
    settings = folder / FILE_NAME
    if settings.exists():
        raise CannotBeWrittenError(
            f"{folder.name} is already a partnership's folder.",
            where=str(settings),
            remedy="Name another folder, or change the settings in this one.",
        )
    source = beginning.police_uk
    if source is not None and not source.exists():
        raise FileError(
            f"There is no folder or archive {source.name}.",
            where=str(source),
            remedy="Name the folder or .zip of data.police.uk as downloaded.",
        )
    beside.make_folder(folder)
    for part in FOLDERS:
        beside.make_folder(folder / part)
    if not master.existing(folder).exists():
        beside.replace(folder / master.MASTER, master.unfilled())
    checking.put_schema(folder)
    beside.replace(settings, template(beginning, folder).encode())
    return settings


def template(beginning: Beginning, folder: Path) -> str:
    """Return the text of a ``partnership.toml``."""
    text = importlib.resources.files("cdrp_xl").joinpath("wording", "partnership.toml").read_text(encoding="utf-8")
    area = joined.name_of(beginning.areas) if beginning.areas else beginning.area or "South Cambridgeshire"
    return f"{schema.DIRECTIVE}\n" + text.format(
        name=_toml(beginning.name or f"{area} Community Safety Partnership"),
        area=f"[{', '.join(map(_toml, beginning.areas))}]" if beginning.areas else _toml(area),
        classification=_toml(CURRENT),
        quarter=f"quarter = {_toml(beginning.quarter.name)}" if beginning.quarter else '# quarter = "2011-12 Q1"',
        police_uk=_police_uk(beginning.police_uk, folder),
    )


def _police_uk(path: Path | None, folder: Path) -> str:
    lines = [
        "# data.police.uk street-level files: the folder or .zip as downloaded. Areas are taken from LSOA names, and",
        "# categories are shown as today's offence groups.",
    ]
    if path is None:
        return "\n".join([*lines, "# [sources.police_uk]", '# path = "data/police-uk"'])
    return "\n".join([*lines, "[sources.police_uk]", f"path = {_toml(seen_from(folder, path))}"])


def seen_from(folder: Path, path: Path) -> str:
    """Return a path as seen from the folder, so that both can move together; whole where they share no drive."""
    try:
        return os.path.relpath(path.resolve(), folder.resolve()).replace(os.sep, "/")
    except ValueError:
        return path.resolve().as_posix()


def _toml(text: str) -> str:
    """Return a text as a TOML string; JSON's escapes are TOML's too."""
    return json.dumps(text, ensure_ascii=False)
