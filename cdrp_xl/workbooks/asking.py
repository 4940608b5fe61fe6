"""Query: one table at the prompt, as the report gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import report
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.measures import comparison
from cdrp_xl.report import ledgers, local, mapping, suppressing
from cdrp_xl.report.build import compared_periods
from cdrp_xl.sources.master import Inputs
from cdrp_xl.workbooks import mapped_before, master, record
from cdrp_xl.workbooks.explaining import Explainer
from cdrp_xl.workbooks.gathering import gather
from cdrp_xl.workbooks.refreshing import disclosed_before, last_quarter, moved_since, prepare, typed_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.periods import Period
    from cdrp_xl.report import Data
    from cdrp_xl.report.local import Answer
    from cdrp_xl.report.mapping import OffenceMapping
    from cdrp_xl.report.of_rows import PlacesTable
    from cdrp_xl.report.revisions import Revisions
    from cdrp_xl.sources.master import Question
    from cdrp_xl.workbooks.explaining import Explanation

TABLES = ("cadet", "local", "mapping", "places", "revisions")


def answered(
    folder: Path, asked: Question, *, today: dt.date, progress: Callable[[str], None]
) -> tuple[Answer, tuple[str, ...]]:
    """Return the answer to a local question, as one more on the worksheet Local analysis would publish it, and notes.

    Raises
    ------
    ValueFoundError
        If the locality or the offence row is unknown, or no source can answer.
    """
    settings = settings_file.read(folder)
    own = settings.suppression
    prints_every_count = {own.highlights, own.localities} == {"off"}
    typed = Inputs() if prints_every_count or not master.existing(folder).is_file() else typed_in(folder)
    questions = (*typed.questions, asked)
    data = gather(settings, folder, today=today, progress=progress, questions=questions)
    area = settings.counted_as(data.counted_as).partnership.area
    *_, answer = local.answers(questions, sources=tuple(data.counts.values()), area=area)
    notes = _notes(data)
    if prints_every_count:
        return answer, notes
    before = disclosed_before(settings, folder, data)
    built = report.build(
        settings,
        period=settings.report.quarter or last_quarter(settings, data),
        data=data,
        inputs=typed,
        today=today,
        before=report.Before(disclosed=before),
    )
    if same := next((each for each in built.answers if _is_same(each, answer)), None):
        return same, notes
    known = [*before, *built.disclosed, *report.hidden(built, settings, data=data)]
    (shown,), _ = suppressing.local_answers(
        (answer,), highlights=built.comparison, settings=settings, disclosed_before=known
    )
    return shown, notes


def _notes(data: Data) -> tuple[str, ...]:
    """Return what to know of the figures: of the areas that were counted, and what to look at in the rows."""
    return (*data.notes, *ledgers.to_look_at(data.origins))


def _is_same(one: Answer, other: Answer) -> bool:
    """Return whether two answers are to the same question."""
    asked = [(each.area.casefold(), each.row_id, each.period, each.flag) for each in (one, other)]
    return asked[0] == asked[1]


def compared(
    folder: Path,
    *,
    quarter: Period | None,
    earlier: Period | None,
    later: Period | None,
    today: dt.date,
    progress: Callable[[str], None],
) -> tuple[Comparison, tuple[str, ...]]:
    """Return every offence row in two periods, those named or those of the report's quarter, and notes on the figures.

    Raises
    ------
    ValueFoundError
        If an earlier period is named without a later one.
    """
    if earlier and not later:
        raise ValueFoundError(
            "An earlier period is named without a later one.",
            where="--earlier",
            remedy="Name both, or the later alone.",
        )
    settings = settings_file.read(folder)
    data = gather(settings, folder, today=today, progress=progress)
    _, counts = data.table(settings)
    if later is None:
        earlier, later = compared_periods(settings, quarter or settings.report.quarter or last_quarter(settings, data))
    area = settings.counted_as(data.counted_as).partnership.area
    return comparison.compare(counts, area=area, earlier=earlier or later.earlier(), later=later), _notes(data)


def placed(
    folder: Path, *, quarter: Period | None, today: dt.date, progress: Callable[[str], None]
) -> tuple[PlacesTable, tuple[str, ...]]:
    """Return the table of wards or the like, as the report of a quarter publishes it, and notes on the figures.

    Raises
    ------
    CannotBeComputedError
        If the settings do not ask for it.
    """
    settings = settings_file.read(folder)
    typed = typed_in(folder) if master.existing(folder).is_file() else Inputs()
    data = gather(settings, folder, today=today, progress=progress, questions=typed.questions)
    period = quarter or settings.report.quarter or last_quarter(settings, data)
    before = report.Before(disclosed=disclosed_before(settings, folder, data))
    built = report.build(settings, period=period, data=data, inputs=typed, today=today, before=before)
    if built.places is None:
        raise CannotBeComputedError(
            "No wards, beats, parishes or neighbourhoods are asked for.",
            where="partnership.toml",
            remedy="Add the section [places] to it; the folder's template explains each key.",
        )
    return built.places, (built.places.how, *_notes(data))


def mapped(folder: Path, *, quarter: Period | None, today: dt.date, progress: Callable[[str], None]) -> OffenceMapping:
    """Return how each offence of the extract is counted, with what changed since the last quarter that was refreshed.

    Raises
    ------
    CannotBeComputedError
        If no source names offences that have to be read.
    """
    settings = settings_file.read(folder)
    data = gather(settings, folder, today=today, progress=progress)
    period = quarter or settings.report.quarter or last_quarter(settings, data)
    found = mapping.build(data.of_offences, period=period, before=mapped_before.load(folder))
    if found is None:
        raise CannotBeComputedError(
            "No source gives offences in words of its own, so there is nothing to map.",
            where="partnership.toml, sources",
            remedy="This table is made of a force's row-level extract; name one under sources.recorded_crime.",
        )
    return found


def explained(folder: Path, asked: str, *, today: dt.date, progress: Callable[[str], None]) -> tuple[Explanation, ...]:
    """Return where the figures come from that a cell, a name, a worksheet function or a sentence has.

    Raises
    ------
    CdrpError
        As for `Explainer.explain`; or if a source or the settings are at fault.
    """
    made = prepare(folder, quarter=record.last_quarter(folder), today=today, progress=progress)
    progress("Looking for the rows")
    explainer = Explainer(folder=folder, own=made.settings, data=made.data, report=made.report, today=today)
    return explainer.explain(asked)


def moved(folder: Path, *, today: dt.date, progress: Callable[[str], None]) -> Revisions:
    """Return what moved since the last refresh that counted anything else, split by what changed."""
    settings = settings_file.read(folder)
    data = gather(settings, folder, today=today, progress=progress)
    return moved_since(folder, settings, data, today=today)
