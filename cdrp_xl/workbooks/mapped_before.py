"""What each offence was counted under at the last refresh of each quarter, kept to show what changed since."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from cdrp_xl import beside, damage
from cdrp_xl.errors import FileError
from cdrp_xl.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cdrp_xl.report.mapping import RowsByOffence

VERSION = 1
QUARTERS_KEPT = 12

_PLACE = ("counts", "mapping.json")


class _Offence(Struct, frozen=True, array_like=True):
    text: str
    beside: str
    row: str


class _Kept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int
    quarters: dict[str, tuple[_Offence, ...]]


def load(folder: Path) -> dict[Period, RowsByOffence]:
    """Return what is kept of each quarter; nothing where the file is missing, damaged or of another version."""
    path = folder.joinpath(*_PLACE)
    if not path.is_file():
        return {}
    with contextlib.suppress(FileError, msgspec.MsgspecError, ValueError):
        kept = msgspec.json.decode(damage.read_file(path), type=_Kept)
        if kept.version == VERSION:
            return {
                Period.parse(name): {(each.text, each.beside): each.row for each in offences}
                for name, offences in kept.quarters.items()
            }
    return {}


def save(folder: Path, rows: RowsByOffence, *, quarter: Period) -> None:
    """Keep what the offences of a quarter were counted under, beside what is kept of the quarters before it.

    Raises
    ------
    CannotBeWrittenError
        If the file can't be written.
    """
    every: Mapping[Period, RowsByOffence] = {**load(folder), quarter: rows}
    kept = _Kept(
        version=VERSION,
        quarters={
            period.name: tuple(_Offence(*written, row) for written, row in sorted(every[period].items()))
            for period in sorted(every)[-QUARTERS_KEPT:]
        },
    )
    path = folder.joinpath(*_PLACE)
    beside.make_folder(path.parent)
    beside.replace(path, msgspec.json.encode(kept))
