"""What each refresh and each copy counted, kept beside the master so that later ones can say what moved.

A file holds counts, and what they were counted by; no row of an extract is in it. There are as many as are needed to
say what moved since the last copies and refreshes, and no more.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from cdrp_xl import geography
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CdrpError
from cdrp_xl.selected import QuestionOffences
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.sources import stored_counts
from cdrp_xl.workbooks import certificate, record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.report import Data
    from cdrp_xl.settings import Settings
    from cdrp_xl.tables import Cell, Counts

KEPT = 24
"""How many are kept, those of copies aside."""

_PLACE = ("counts", "history")
_NAME = re.compile(r"(\d{6})\.parquet")


class State(Struct, frozen=True, kw_only=True):
    """What counts were counted from and by.

    Attributes
    ----------
    day
        The day of the refresh or publish, as ISO writes it.
    settings
        The text of the settings.
    definitions
        The SHA-256 of each classification that is counted by, by its name.
    ground
        Every name and code that rows of an area may have, by the area.
    files
        A hash of the size and time of all files that were read.
    """

    day: str
    made_by: str
    settings: str
    definitions: dict[str, str]
    ground: dict[str, tuple[str, ...]]
    files: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one refresh counted, by the source's name in the settings, and the settings that it was counted by."""

    number: int
    quarter: Period
    state: State
    settings: Settings
    counts: Mapping[str, Counts]


def state_of(folder: Path, settings: Settings, data: Data, *, today: dt.date) -> State:
    """Return what the counts of a folder are counted from and by."""
    counted = data.counts.values()
    names = {each.classification.classification_id for each in counted}
    return State(
        day=today.isoformat(),
        made_by=certificate.software(),
        settings=settings_file.text_in(folder),
        definitions={name: certificate.definition(name) for name in sorted(names)},
        ground={area: ground(area) for area in sorted({area for one in counted for area in one.areas})},
        files=files(folder, settings),
    )


def files(folder: Path, settings: Settings) -> str:
    """Return a hash of the size and time of all files that are read now, the settings aside."""
    seen = record.states(settings, folder)
    return hashlib.sha256(repr([(name, seen[name]) for name in sorted(seen.keys() - {FILE_NAME})]).encode()).hexdigest()


def ground(area: str) -> tuple[str, ...]:
    """Return every name and code that an area's rows may have, as this version of the program knows them."""
    return (*geography.names_of(area), *geography.codes_of(area))


def keep(
    folder: Path, counts: Mapping[str, Counts], state: State, *, quarter: Period, needed: Collection[int] = ()
) -> int:
    """Keep counts, unless the last that are kept are the same, and return their number.

    Parameters
    ----------
    folder
        The partnership's folder.
    counts
        By the source's name in the settings. Unit: offences.
    state
        What they were counted from and by.
    quarter
        The quarter reported.
    needed
        The numbers that earlier copies rest on, which stay whatever their age.

    Raises
    ------
    CannotBeWrittenError
        If the file can't be written.
    """
    there = numbers(folder)
    last = load(folder, there[-1]) if there else None
    number = there[-1] + 1 if there else 1
    if last and is_same(last.counts, counts):
        if last.state == state or last.number in needed:
            return last.number
        number = last.number  # the same figures, and what they were counted by last
    encoded = msgspec.json.encode(state).decode()
    stored_counts.write(_path(folder, number), counts, quarter=quarter, state=encoded)
    for old in there[:-KEPT]:
        if old not in needed:
            with contextlib.suppress(OSError):
                _path(folder, old).unlink()
    return number


def before(folder: Path, counts: Mapping[str, Counts]) -> Kept | None:
    """Return the last that are kept and are not the same counts, None where there are none."""
    kept = (load(folder, number) for number in reversed(numbers(folder)))
    return next((each for each in kept if each and not is_same(each.counts, counts)), None)


def numbers(folder: Path) -> list[int]:
    """Return the numbers of what is kept, the earliest first."""
    place = folder.joinpath(*_PLACE)
    names = (path.name for path in place.iterdir()) if place.is_dir() else ()
    return sorted(int(found[1]) for name in names if (found := _NAME.fullmatch(name)))


def load(folder: Path, number: int) -> Kept | None:
    """Return what is kept under a number, None where it is missing or damaged: a figure is not refused for it."""
    path = _path(folder, number)
    with contextlib.suppress(OSError):
        there = path.stat()
        return _loaded(path, number, (there.st_ino, there.st_mtime_ns, there.st_size))
    return None


@functools.lru_cache(maxsize=2)  # a refresh asks for the last twice: for what moved since, and to keep it or not
def _loaded(path: Path, number: int, _state: tuple[int, ...]) -> Kept | None:
    with contextlib.suppress(CdrpError, msgspec.MsgspecError):
        stored = stored_counts.read(path)
        state = msgspec.json.decode(stored.state, type=State)
        return Kept(
            number=number,
            quarter=stored.quarter,
            state=state,
            settings=settings_file.parse(state.settings),
            counts={name: cube.whole() for name, cube in stored.cubes.items()},
        )
    return None


def is_same(one: Mapping[str, Counts], other: Mapping[str, Counts]) -> bool:
    """Return whether counts are the same, but for the answers to the analyst's own questions."""
    return one.keys() == other.keys() and all(_figures(one[name]) == _figures(other[name]) for name in one)


def _figures(counts: Counts) -> tuple[object, ...]:
    cells: dict[Cell, int] = {
        cell: count for cell, count in counts.cells.items() if count and not isinstance(cell[1], QuestionOffences)
    }
    return counts.classification.classification_id, counts.areas, dict(counts.covered), cells


def _path(folder: Path, number: int) -> Path:
    return folder.joinpath(*_PLACE, f"{number:06d}.parquet")
