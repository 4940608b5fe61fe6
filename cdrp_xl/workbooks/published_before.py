"""What earlier copies have published of counts, on whichever worksheet: a reader may have kept every one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl import beside, offences
from cdrp_xl.errors import FileError
from cdrp_xl.periods import Period
from cdrp_xl.report import farm_counts
from cdrp_xl.report.disclosed import Disclosed, How
from cdrp_xl.selected import FarmOffences, FarmRepeats, RowOffences, Selected

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.report import Report
    from cdrp_xl.selected import RowKey

FARM = "farm"
"""In the record, the classification of farm crime, whose groups are the partnership's own."""

_FORMERLY = {"police-uk-2026": "police-uk"}
"""The classification by which the same categories were counted before, of a source that counts by rows alone."""

_PLACE = ("counts", "printed.json")
_GROUP_PREFIX = f"{FARM}/"
_FARM_ROWS: Mapping[str, FarmOffences | FarmRepeats] = {
    FARM: farm_counts.ALL,
    "farm//offences": farm_counts.REPEATS,
    "farm//victims": farm_counts.VICTIMS,
    "farm//unnamed": farm_counts.UNNAMED,
}
"""How the record has the rows of farm crime, in every version; a group is `_GROUP_PREFIX` and its name."""

_SELECTED = "{"
"""How what is selected beside the rows begins in the record: it is JSON, and the id of no row is."""


class Recorded(msgspec.Struct, frozen=True, array_like=True, order=True, omit_defaults=True):
    """What a copy did with one count. Unit: offences."""

    classification: str
    area: str
    row_id: str
    period: str
    count: int
    how: How = "printed"


def load(folder: Path, *, classification: str) -> frozenset[Disclosed]:
    """Return what copies did with every count of the rows of one classification, and of what is selected beside them.

    What was published of the same rows when they had other ids is among it: a reader may have kept that too.

    Raises
    ------
    FileError
        If the record of them is damaged.
    """
    there = _read(folder)
    own = (disclosed(each) for each in there if each.classification == classification)
    before = (disclosed(each) for each in there if each.classification == _FORMERLY.get(classification))
    return frozenset((*own, *(_renamed(each, offences.load(classification)) for each in before)))


def _renamed(was: Disclosed, classification: Classification) -> Disclosed:
    """Return what a copy did with a count of a row that has another id in a classification."""
    where, row, period = was.cell
    if isinstance(row, str):
        row = classification.row(row).row_id
    elif isinstance(row, RowOffences) and row.row_id:
        row = msgspec.structs.replace(row, row_id=classification.row(row.row_id).row_id)
    return was._replace(cell=(where, row, period))


def add(folder: Path, built: Report, *, hidden: Collection[Disclosed]) -> None:
    """Note what a copy publishes, and what it hides."""
    found = of_copy(built, hidden=hidden)
    if not found:
        return
    lines = ",\n".join(json.dumps(msgspec.to_builtins(each)) for each in sorted(found.union(_read(folder))))
    beside.replace(folder.joinpath(*_PLACE), f"[\n{lines}\n]\n".encode())


def of_copy(built: Report, *, hidden: Collection[Disclosed]) -> set[Recorded]:
    """Return what a copy does with every count, as it is recorded."""
    own = built.comparison.classification.classification_id
    return {
        Recorded(
            FARM if isinstance(row, FarmOffences | FarmRepeats) else own, area, _as_text(row), period.name, count, how
        )
        for (area, row, period), count, how in (*built.disclosed, *hidden)
    }


def disclosed(record: Recorded) -> Disclosed:
    """Return what a copy did with one count, from its record."""
    cell = record.area, _decoded_key(record), Period.parse(record.period)
    return Disclosed(cell, record.count, record.how)


def _as_text(row: RowKey) -> str:
    if isinstance(row, str):
        return row
    if not isinstance(row, FarmOffences | FarmRepeats):
        return msgspec.json.encode(row).decode()
    if isinstance(row, FarmOffences) and row.group:
        return f"{_GROUP_PREFIX}{row.group}"
    return next(text for text, each in _FARM_ROWS.items() if each == row)


def _decoded_key(record: Recorded) -> RowKey:
    if record.row_id.startswith(_SELECTED):
        found: RowKey = msgspec.json.decode(record.row_id, type=Selected)
        return found
    if record.classification != FARM:
        return record.row_id
    return _FARM_ROWS.get(record.row_id) or FarmOffences(record.row_id.removeprefix(_GROUP_PREFIX))


def _read(folder: Path) -> list[Recorded]:
    file = folder.joinpath(*_PLACE)
    if not file.exists():
        return []
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Recorded])
    except (msgspec.MsgspecError, UnicodeDecodeError, OSError) as wrong:
        raise FileError(
            f"{file.name}, the record of what earlier copies published, can't be read.",
            where=str(file),
            remedy="Restore it from a backup; or delete it, and what earlier copies published is no longer "
            "considered when small counts are hidden.",
        ) from wrong
