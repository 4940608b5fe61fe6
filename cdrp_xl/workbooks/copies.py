"""The copies that were published, in order: what each shows, so that a later one can say where it differs, and why.

Beside it, `published_before` has all that any copy ever published, in no order, for the protection of small counts.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl import beside
from cdrp_xl.errors import FileError
from cdrp_xl.measures import revision
from cdrp_xl.measures.revision import Cause
from cdrp_xl.periods import Month, Period
from cdrp_xl.report.changed import FormerCopy
from cdrp_xl.report.wording import say
from cdrp_xl.selected import FarmOffences, FarmRepeats, PriorityOffences
from cdrp_xl.settings.sections import NOTES, REVISIONS
from cdrp_xl.workbooks import kept, published_before, recounting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from cdrp_xl.report import Data, Report
    from cdrp_xl.report.disclosed import Disclosed
    from cdrp_xl.report.revisions import OfSource
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Settings
    from cdrp_xl.sheets import Sheet

COPIES_KEPT = 20

_PLACE = ("counts", "copies.json")
_NOT_COMPARED = "Cover"
_SECTIONS_NOT_COMPARED = frozenset({NOTES, REVISIONS})
"""Sections that say themselves what differs, or how the copy was made."""


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """One copy: which, and what it did with every count.

    Attributes
    ----------
    quarter, issue, date
        The quarter, 1 or the number of the reissue, and the date that it has.
    number
        That of the counts that are kept of it.
    sheets
        A hash of what each worksheet shows, by its name.
    disclosed
        What it disclosed of every count. It is recorded as "told": folders have records with that key.
    """

    quarter: str
    issue: int
    date: dt.date
    area: str
    classification: str
    number: int
    disclosed: tuple[published_before.Recorded, ...] = msgspec.field(name="told")
    sheets: dict[str, str]

    @property
    def words(self) -> str:
        """The copy as a sentence names it."""
        key = "copy" if self.issue == 1 else "copy_again"
        return say(
            "changed", key, quarter=self.quarter, issue=self.issue, day=f"{self.date.day} {Month.of(self.date).name}"
        )


def load(folder: Path) -> list[Copied]:
    """Return the last copies of a folder, the earliest first.

    Raises
    ------
    FileError
        If the record of them is damaged.
    """
    file = folder.joinpath(*_PLACE)
    if not file.exists():
        return []
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Copied])
    except (msgspec.MsgspecError, UnicodeDecodeError, OSError) as wrong:
        raise FileError(
            f"{file.name}, the record of the copies that were published, can't be read.",
            where=str(file),
            remedy="Restore it from a backup; or delete it, and copies are no longer compared with earlier ones.",
        ) from wrong


def issue_of(known: Sequence[Copied], quarter: Period) -> int:
    """Return the last issue of a quarter's copy, 0 where none was published."""
    return max((each.issue for each in known if each.quarter == quarter.name), default=0)


def issue_before(known: Sequence[Copied], quarter: Period, issue: int) -> Copied | None:
    """Return the last copy of a quarter that is of an earlier issue, None where there is none."""
    return next((each for each in reversed(known) if each.quarter == quarter.name and each.issue < issue), None)


def of_copy(
    built: Report, laid_out: Sequence[Sheet], *, issue: int, number: int, hidden: Collection[Disclosed]
) -> Copied:
    """Return the record of a copy.

    Parameters
    ----------
    built
        The report that it shows.
    laid_out
        Its worksheets.
    issue
        1, or the number of the reissue.
    number
        That of the counts that are kept of it.
    hidden
        The counts that it hides, as they are.
    """
    return Copied(
        quarter=built.period.name,
        issue=issue,
        date=built.date,
        area=built.area,
        classification=built.comparison.classification.classification_id,
        number=number,
        disclosed=tuple(sorted(published_before.of_copy(built, hidden=hidden))),
        sheets=shown(laid_out),
    )


def shown(laid_out: Sequence[Sheet]) -> dict[str, str]:
    """Return a hash of what each worksheet of a copy shows, those aside that say what differs."""
    return {
        sheet.name: hashlib.sha256(repr(sheet).encode()).hexdigest()
        for sheet in laid_out
        if sheet.name != _NOT_COMPARED and sheet.section not in _SECTIONS_NOT_COMPARED
    }


def add(folder: Path, copied: Copied) -> None:
    """Note a copy after those before it; the same figures of the same issue are noted once."""
    known = load(folder)
    if known and (known[-1].quarter, known[-1].issue, known[-1].disclosed) == (
        copied.quarter,
        copied.issue,
        copied.disclosed,
    ):
        known.pop()
    content = msgspec.json.encode([*known, copied][-COPIES_KEPT:])
    beside.replace(folder.joinpath(*_PLACE), msgspec.json.format(content, indent=0) + b"\n")


def former(folder: Path, settings: Settings, data: Data, *, today: dt.date) -> tuple[FormerCopy, ...]:
    """Return what earlier copies published, the newest first; why a count moved since is worked out when it is asked.

    Parameters
    ----------
    folder
        The partnership's folder.
    settings
        The current settings.
    data
        The current counts.
    today
        The day on which this is done.

    Raises
    ------
    FileError
        If the record of copies is damaged.
    """

    @functools.cache
    def moved(number: int) -> tuple[OfSource, ...] | None:
        then = kept.load(folder, number)
        return recounting.since(then, settings, data, folder=folder, today=today) if then else None

    return tuple(_former(each, moved, settings, data) for each in reversed(load(folder)))


def _former(
    copied: Copied, moved: Callable[[int], tuple[OfSource, ...] | None], settings: Settings, data: Data
) -> FormerCopy:
    counts = [published_before.disclosed(each) for each in copied.disclosed]

    def why(row: RowKey, period: Period) -> tuple[Cause, ...] | None:
        found = moved(copied.number)
        return None if found is None else _causes(found, _rows(row, settings, data), period)

    return FormerCopy(
        quarter=Period.parse(copied.quarter),
        issue=copied.issue,
        words=copied.words,
        area=copied.area,
        classification=copied.classification,
        published={each.cell: each.offences for each in counts if each.how == "printed"},
        others={each.cell: each.offences for each in counts if each.how != "printed"},
        why=why,
    )


def _rows(row: RowKey, settings: Settings, data: Data) -> tuple[RowKey, ...]:
    """Return the rows of counts that a figure is made of."""
    if isinstance(row, FarmRepeats):
        return (FarmOffences(),)
    priority = next((each for each in settings.priorities if row == PriorityOffences(each.id)), None)
    if priority is None or priority.measure.is_by_locus:
        return (row,)
    _, counts = data.table(settings)
    return tuple(counts.classification.row(name).row_id for name in priority.measure.rows)


def _causes(found: Sequence[OfSource], rows: Sequence[RowKey], period: Period) -> tuple[Cause, ...]:
    """Return what moved some rows in a period; where no count of any source did, how they are counted was corrected."""
    parts = [revision.together(each.moved, row=row, period=period) for each in found for row in rows]
    causes = tuple(cause for cause in Cause if any(cause in each for each in parts))
    return causes or (Cause.SETTINGS,)
