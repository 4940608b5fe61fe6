"""Refresh: read every source, check, build the report, write the master with the analyst's words kept."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cdrp_xl import periods, report, sheets
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.prose import commentary
from cdrp_xl.report import mapping, revisions
from cdrp_xl.sheets import Audience, Properties
from cdrp_xl.sources import joined, stored_counts
from cdrp_xl.sources import master as master_file
from cdrp_xl.styles import BLUE
from cdrp_xl.workbooks import (
    copies,
    history,
    kept,
    logo,
    mapped_before,
    published_before,
    record,
    recounting,
    regrouping,
    saving,
)
from cdrp_xl.workbooks import master as master_workbook
from cdrp_xl.workbooks.alone import alone, check_closed
from cdrp_xl.workbooks.explaining import Explainer
from cdrp_xl.workbooks.gathering import NOTHING_HELD, gather, returned
from cdrp_xl.workbooks.master import MASTER
from cdrp_xl.writers import cell_texts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.report import Data, Report
    from cdrp_xl.report.disclosed import Disclosed
    from cdrp_xl.report.revisions import Revisions
    from cdrp_xl.settings import Settings
    from cdrp_xl.sheets import Sheet
    from cdrp_xl.sources.master import Inputs, Typed
    from cdrp_xl.tables import FileLedger
    from cdrp_xl.workbooks.gathering import Held
    from cdrp_xl.workbooks.saving import Saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What a refresh did.

    `former` is the master that the analyst had edited, kept beside a new one for `reason`; `older` the one of an
    earlier version from which the analyst's words were taken over; `other_names` hard links that keep the former one.
    `classification` is the one that the table's offences are counted by, `is_classification_named` whether the settings
    say so. `notes` say which areas were counted, where that is not plain from their names. `ledger` has the rows of
    every file, by source.
    """

    master: Path
    report: Report
    quarter_was_chosen: bool
    classification: Classification
    is_classification_named: bool
    former: Path | None
    reason: str
    older: Path | None
    other_names: int
    notes: tuple[str, ...]
    rows_read: int
    left_out: dict[str, int]
    ledger: tuple[tuple[str, FileLedger], ...]
    seconds: dict[str, float]


@dataclass(slots=True)
class Phases:
    """The seconds that each phase of the work took, and who is informed of it."""

    progress: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def ended(self, phase: str) -> None:
        """Note that a phase has ended now."""
        now = time.perf_counter()
        self.seconds[phase] = round(now - self._last, 3)
        self._last = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All that a report is made of: the settings, the counts of every source, and what the analyst typed."""

    settings: Settings
    data: Data
    inputs: Inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that a refresh has read and built before it writes, into a file or into the open workbook."""

    settings: Settings
    states: dict[str, str]
    data: Data
    inputs: Inputs
    report: Report
    phases: Phases
    said_of: tuple[tuple[str, str, str], ...] = ()
    """What is said about the figures that the analyst wants explained, line by line."""

    @property
    def rows_read(self) -> int:
        """Rows of every source together."""
        return sum(counts.origin.rows_read for counts in self.data.counts.values())

    @property
    def left_out(self) -> dict[str, int]:
        """Rows that are not counted, by source and reason."""
        origins = [counts.origin for counts in self.data.counts.values()]
        return {f"{origin.source}: {reason}": rows for origin in origins for reason, rows in origin.left_out.items()}

    @property
    def ledger(self) -> tuple[tuple[str, FileLedger], ...]:
        """What became of every row of every file, by source."""
        places = (self.data.places.counts.origin,) if self.data.places else ()
        origins = (*(counts.origin for counts in self.data.counts.values()), *places, *self.data.others)
        return tuple((origin.source, file) for origin in origins for file in origin.ledger)

    def keep_counts(self, folder: Path, *, today: dt.date) -> None:
        """Keep what the worksheet functions answer from, and what the next refresh says what moved by."""
        group = self.data.group
        stored_counts.save(
            folder,
            {name: joined.beside(each, self.data.of_parts.get(name)) for name, each in self.data.counts.items()},
            quarter=self.report.period,
            group=group.counts if group else None,
            residents=group.residents if group else {},
            counted_as=self.data.counted_as,
        )
        if read := self.data.of_offences:
            mapped_before.save(folder, mapping.rows_by_offence(read.readings), quarter=self.report.period)
        state = kept.state_of(folder, self.settings, self.data, today=today)
        needed = {each.number for each in copies.load(folder)}
        kept.keep(folder, self.data.to_keep, state, quarter=self.report.period, needed=needed)


def refresh(
    folder: Path,
    *,
    quarter: Period | None,
    today: dt.date,
    progress: Callable[[str], None],
    rewrites_master: bool = False,
) -> Refreshed:
    """Fill the master of a partnership's folder from its sources.

    Parameters
    ----------
    folder
        The partnership's folder.
    quarter
        The quarter to report; None takes the one typed on the master's worksheet Control, otherwise the settings'
        quarter, otherwise the last quarter with complete data.
    today
        The day on which this is done.
    progress
        Called with what is being done, in a few words.
    rewrites_master
        Whether to write a new master even where it could be filled; the former one is kept, and its words taken over.

    Raises
    ------
    CdrpError
        If anything read is at fault, the master is open or can't be filled as it is, or another refresh is running;
        the master is then as it was.
    """
    settings_file.read(folder)  # refuses a folder that is not a partnership's before a file is put into it
    with alone(folder), history.refusals(folder, history.REFRESH, today=today):
        check_closed(folder / MASTER)
        return _refreshed(folder, quarter=quarter, today=today, progress=progress, rewrites_master=rewrites_master)


def _refreshed(
    folder: Path, *, quarter: Period | None, today: dt.date, progress: Callable[[str], None], rewrites_master: bool
) -> Refreshed:
    typed = master_file.read_control(folder / MASTER)
    asked = quarter or typed.period()
    words_from = master_workbook.existing(folder)
    prepared = prepare(folder, quarter=asked, today=today, progress=progress)
    built = prepared.report
    source, _ = prepared.data.table(prepared.settings)
    progress("Writing the master")
    put = functools.partial(saving.save, folder, rewrites_master=rewrites_master)
    saved = finish(folder, prepared, typed, today=today, put=put)
    return Refreshed(
        master=folder / MASTER,
        report=built,
        quarter_was_chosen=asked is None and prepared.settings.report.quarter is None,
        classification=built.comparison.classification,
        is_classification_named=prepared.settings.names_classification(source),
        former=saved.former,
        reason=saved.reason,
        older=words_from if words_from.name != MASTER else None,
        other_names=saved.other_names,
        notes=prepared.data.notes,
        rows_read=prepared.rows_read,
        left_out=prepared.left_out,
        ledger=prepared.ledger,
        seconds=prepared.phases.seconds,
    )


def prepare(
    folder: Path,
    *,
    quarter: Period | None,
    today: dt.date,
    progress: Callable[[str], None],
    inputs: Inputs | None = None,
) -> Prepared:
    """Read the settings and every source, check them, and build the report; nothing is written.

    Parameters
    ----------
    folder
        The partnership's folder.
    quarter
        The quarter to report; None takes the settings' quarter, otherwise the last quarter with complete data.
    today
        The day on which this is done.
    progress
        Called with what is being done, in a few words.
    inputs
        What the analyst typed; None reads it from the folder's master.

    Raises
    ------
    CdrpError
        If anything read is at fault.
    """
    phases = Phases(progress)
    settings = settings_file.read(folder)
    states = record.states(settings, folder)
    gathered = read(settings, folder, today=today, progress=progress, inputs=inputs)
    phases.ended("read and count")
    built = build(gathered, folder, quarter=quarter, today=today, progress=progress)
    phases.ended("compare and build")
    explainer = Explainer(folder=folder, own=settings, data=gathered.data, report=built, today=today)
    return Prepared(
        settings=settings,
        states=states,
        data=gathered.data,
        inputs=gathered.inputs,
        report=built,
        phases=phases,
        said_of=explainer.said_of(gathered.inputs.explained),
    )


def read(
    settings: Settings,
    folder: Path,
    *,
    today: dt.date,
    progress: Callable[[str], None],
    inputs: Inputs | None = None,
    held: Mapping[str, Held] = NOTHING_HELD,
) -> Gathered:
    """Return what a report is made of: every source is read, or asked where it was read already.

    Parameters
    ----------
    settings
        The partnership's settings.
    folder
        The partnership's folder.
    today
        The day on which this is done.
    progress
        Called with what is being done, in a few words.
    inputs
        What the analyst typed; None reads it from the folder's master.
    held
        Sources that were read already, by their name in the settings.

    Raises
    ------
    CdrpError
        If anything read is at fault.
    """
    typed = typed_in(folder) if inputs is None else inputs
    data = gather(settings, folder, today=today, progress=progress, questions=typed.questions, held=held)
    return Gathered(settings=settings, data=data, inputs=typed)


def build(
    gathered: Gathered,
    folder: Path,
    *,
    quarter: Period | None,
    today: dt.date,
    progress: Callable[[str], None],
) -> Report:
    """Return the report of a quarter, of what was read, of partners' returns, and of what earlier copies published.

    Parameters
    ----------
    gathered
        What the report is made of.
    folder
        The partnership's folder.
    quarter
        The quarter to report; None takes the settings' quarter, otherwise the last quarter with complete data.
    today
        The day on which this is done.
    progress
        Called with what is being done, in a few words.

    Raises
    ------
    CdrpError
        If the counts don't carry the report, or a return or record is at fault.
    """
    settings, data = gathered.settings, gathered.data
    period = quarter or settings.report.quarter or last_quarter(settings, data)
    collected = returned(settings, folder, quarter=period, today=today, progress=progress)
    built = report.build(
        settings,
        period=period,
        data=data,
        inputs=gathered.inputs,
        today=today,
        collected=collected,
        before=report.Before(
            disclosed=disclosed_before(settings, folder, data),
            mapped=mapped_before.load(folder),
            copies=copies.former(folder, settings, data, today=today),
            revised=moved_since(folder, settings, data, today=today),
        ),
    )
    return replace(
        built,
        accent=settings.report.accent,
        is_upright=settings.report.orientation == "portrait",
        logo=logo.read(settings, folder),
    )


def moved_since(folder: Path, settings: Settings, data: Data, *, today: dt.date) -> Revisions:
    """Return what moved since the last refresh that counted anything else."""
    former = kept.before(folder, data.to_keep)
    if former is None:
        return revisions.none_yet()
    found = recounting.since(former, settings, data, folder=folder, today=today)
    of_group = regrouping.since(former, settings, data, folder=folder)
    own = settings.counted_as(data.counted_as)
    return revisions.build((*found, *of_group), own, day=former.state.day, quarter=former.quarter)


def typed_in(folder: Path) -> Inputs:
    """Return what the analyst typed in a folder's master."""
    return master_file.read_inputs(master_workbook.existing(folder), last_refreshed=record.last_quarter(folder))


def finish(
    folder: Path,
    prepared: Prepared,
    typed: Typed,
    *,
    today: dt.date,
    put: Callable[[Sequence[Sheet], Properties], Saved],
) -> Saved:
    """Put what was prepared into the master, then keep what worksheet functions and a publish answer from.

    Parameters
    ----------
    folder
        The partnership's folder.
    prepared
        All that was read and built.
    typed
        What the master's worksheet Control held before.
    today
        The day on which this is done.
    put
        Writes a layout into the master, the file or the open workbook, and returns what became of it.

    Raises
    ------
    CdrpError
        If a text of the report fits no cell, and nothing is then written; or if the master can't be written.
    """
    saved = put(lay_out(prepared, typed, today=today), properties(prepared.report, is_final=False))
    prepared.keep_counts(folder, today=today)
    record.save(
        folder,
        record.Record(quarter=prepared.report.period.name, read=prepared.states, master=saved.fingerprint),
    )
    history.refreshed(folder, prepared.settings, prepared.data, prepared.report, today=today)
    prepared.phases.ended("write")
    return saved


def lay_out(prepared: Prepared, typed: Typed, *, today: dt.date) -> tuple[Sheet, ...]:
    """Return the master's worksheets, of which every text fits its cell.

    Raises
    ------
    CannotBeWrittenError
        If one does not; the worksheet and cell are named.
    """
    control = master_workbook.control_after(typed, prepared.report, today=today, rows_read=prepared.rows_read)
    checked = commentary.check(prepared.report)
    laid_out = sheets.lay_out(
        prepared.report, Audience.ANALYST, control=control, checked=checked, said_of=prepared.said_of
    )
    cell_texts.check(laid_out)
    return laid_out


def disclosed_before(settings: Settings, folder: Path, data: Data) -> frozenset[Disclosed]:
    """Return what earlier copies disclosed of counts, where small ones are to be hidden."""
    own = settings.suppression
    if {own.highlights, own.localities, own.farm} == {"off"}:
        return frozenset()
    _, counts = data.table(settings)
    of_rows = published_before.load(folder, classification=counts.classification.classification_id)
    return of_rows | published_before.load(folder, classification=published_before.FARM)


def last_quarter(settings: Settings, data: Data) -> Period:
    """Return the last quarter that the table's source completes, by months or as a period of its own."""
    _, counts = data.table(settings)
    area = settings.counted_as(data.counted_as).partnership.area
    quarters = [period for period in counts.covered[area] if period.is_quarter]
    if not quarters and counts.covered[area] and not counts.months(area):
        raise CannotBeComputedError(
            "The data have neither quarters nor months, and a report needs one of them.",
            where=f"{counts.origin.source}, which covers {counts.coverage}",
            remedy="Add a source with months or quarters; whole years can only be compared with them.",
        )
    return max(quarters) if quarters else periods.last_complete_quarter(counts.months(area))


def properties(built: Report, *, is_final: bool) -> Properties:
    """Return what a workbook of a report says about itself; the author is the producer, never a person's account."""
    return Properties(
        title=f"{built.partnership}: {built.title}, {built.period.name}",
        subject=f"{built.area}, {built.period.words}",
        author=built.producer or "cdrp-xl",
        date=built.date,
        marking=built.marking.value,
        is_final=is_final,
        accent=built.accent or BLUE,
    )


def check_quarter(period: Period) -> Period:
    """Return a period that is a quarter, refuse any other."""
    if not period.is_quarter:
        raise ValueFoundError(
            f"{period.name} is not a quarter of a financial year.",
            where="--quarter",
            remedy='Write it as "2011-12-Q1".',
        )
    return period
