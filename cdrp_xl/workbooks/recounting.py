"""Counting today's extracts as an earlier refresh would have: then one thing after another is brought up to date.

The earlier extracts are gone, so the order begins with the data: the new ones are counted by the earlier definition,
boundary and settings; then each of these is put to what it is now. What can't be counted as before is said, and not
guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl.errors import CdrpError
from cdrp_xl.measures import revision
from cdrp_xl.measures.revision import Cause, Step
from cdrp_xl.periods import Period
from cdrp_xl.report.data import GROUP
from cdrp_xl.report.revisions import OfSource
from cdrp_xl.report.wording import say
from cdrp_xl.sources.publisher import Asked, TableSource
from cdrp_xl.workbooks import certificate, kept
from cdrp_xl.workbooks.gathering import count_one, selections

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cdrp_xl.report import Data
    from cdrp_xl.settings import CompositeSettings, Settings
    from cdrp_xl.sources.joined import Joined
    from cdrp_xl.tables import Counts
    from cdrp_xl.workbooks.kept import Kept

FILE_KEYS = ("files", "file", "path", "source", "publisher", "as_at", "next_release")
_LAYOUT_KEYS = ("headings", "worksheet")
_BOUNDARY_KEYS = ("area_spellings", "areas_file")
_OFFENCE_KEYS = ("offence_codes", "offence_rows")


@dataclass(frozen=True, slots=True)
class _Stage:
    """A way to count: the source's settings and what is asked of it. `cause` is what it changes of the one before.

    `together` are the areas that are joined, `composites` the partnership's own rows; `is_lost` says why it can't be
    counted as it was, empty where it may be.
    """

    cause: Cause
    source: TableSource
    asked: Asked
    together: Joined
    composites: tuple[CompositeSettings, ...]
    is_lost: str = ""

    def is_like(self, other: _Stage) -> bool:
        """Return whether both count alike."""
        own, others = (
            (each.source, replace(each.asked, last_day=None), each.together, each.composites) for each in (self, other)
        )
        return own == others


def since(former: Kept, settings: Settings, data: Data, *, folder: Path, today: dt.date) -> tuple[OfSource, ...]:
    """Return every count that moved since an earlier refresh, source by source, split by what changed.

    Parameters
    ----------
    former
        What the earlier refresh counted.
    settings
        The current settings.
    data
        The current counts.
    folder
        The partnership's folder.
    today
        The day on which this is done.
    """
    names = dict.fromkeys(name for name in (*data.counts, *former.counts) if name != GROUP)
    return tuple(_moved_in_source(name, former, settings, data, folder=folder, today=today) for name in names)


def _moved_in_source(
    name: str, former: Kept, settings: Settings, data: Data, *, folder: Path, today: dt.date
) -> OfSource:
    was, now = former.counts.get(name), data.counts.get(name)
    if was is None or now is None:
        return _new_or_gone(was, now)
    stages = _stages(name, former, settings, data, folder=folder, today=today)
    steps, remarks = _steps(stages, now)
    if steps and steps[0].cause is Cause.NOT_SEPARATED and was.areas != now.areas:
        without, _ = _steps(_without_former_area(stages), now)
        if without[0].cause is Cause.BOUNDARY:
            steps, remarks = without, (say("revisions", "no_former_area", area=was.areas[0]),)
    if former.state.made_by != certificate.software():
        remarks = (*remarks, say("revisions", "other_version", was=former.state.made_by, now=certificate.software()))
        if former.state.files == kept.files(folder, settings) and steps and steps[0].cause is Cause.REVISED:
            steps = [replace(steps[0], cause=Cause.DEFINITION), *steps[1:]]  # the same files, counted otherwise
    return OfSource(counts=now, moved=revision.split(was, steps), remarks=remarks)


def _new_or_gone(was: Counts | None, now: Counts | None) -> OfSource:
    """Return the counts of a source that was not read before, or is no longer read."""
    if now is not None:
        nothing = replace(now, covered=dict.fromkeys(now.areas, frozenset[Period]()), cells={})
        return OfSource(counts=now, moved=revision.split(nothing, [Step(cause=Cause.REVISED, counts=now)]))
    assert was is not None  # noqa: S101 - one of the two is
    nothing = replace(was, covered=dict.fromkeys(was.areas, frozenset[Period]()), cells={})
    return OfSource(counts=was, moved=revision.split(was, [Step(cause=Cause.SETTINGS, counts=nothing)]))


def _stages(name: str, former: Kept, settings: Settings, data: Data, *, folder: Path, today: dt.date) -> list[_Stage]:
    """Return the ways to count, from all as before but for the files, to all as now."""
    was, now = former.counts[name], data.counts[name]
    (area,) = was.areas
    by_before, by_now = was.classification.classification_id, now.classification.classification_id
    before = _counted_by(getattr(former.settings.sources, name), by_before)
    own = _counted_by(getattr(settings.sources, name), by_now)
    asked = Asked(
        folder=folder,
        area=area,
        parts=former.settings.partnership.areas,
        selections=selections(former.settings.counted_as({former.settings.partnership.area: area})),
        today=today,
        last_day=max((period.last_day for period in was.covered[area]), default=None),
    )
    here = replace(asked, area=now.areas[0], parts=settings.partnership.areas, last_day=None)
    last = replace(here, selections=selections(settings.counted_as(data.counted_as)))
    together, rows = former.settings.partnership.joined, former.settings.composites
    joined = settings.partnership.joined
    is_redefined = former.state.definitions.get(by_before) != certificate.definition(by_before)
    is_moved = former.state.ground.get(area) != kept.ground(area)
    lost = say("revisions", "lost_definition", name=by_before) if is_redefined else ""
    moved = say("revisions", "lost_boundary", area=area) if is_moved else ""
    first = with_keys(before, own, FILE_KEYS)
    second = _counted_by(first, by_now)
    return [
        _Stage(Cause.REVISED, first, asked, together, rows, lost or moved),
        _Stage(Cause.DEFINITION, second, asked, together, rows, moved),
        _Stage(Cause.BOUNDARY, with_keys(second, own, _BOUNDARY_KEYS), here, joined, rows),
        _Stage(Cause.SETTINGS, own, last, joined, settings.composites),
    ]


def _without_former_area(stages: Sequence[_Stage]) -> list[_Stage]:
    """Return the ways to count where no file has the former area any longer: the boundary goes with the data."""
    first, second, third, last = stages
    own = last.source
    return [
        replace(third, source=with_keys(first.source, own, _BOUNDARY_KEYS)),
        replace(third, source=with_keys(second.source, own, _BOUNDARY_KEYS), cause=Cause.DEFINITION),
        last,
    ]


def _steps(stages: Sequence[_Stage], now: Counts) -> tuple[list[Step], tuple[str, ...]]:
    """Return the counts of every stage that changes anything; one that can't be counted joins the next and is named."""
    steps: list[Step] = []
    remarks: list[str] = []
    waiting: list[Cause] = []
    before: _Stage | None = None
    for stage in stages:
        if before and stage.is_like(before) and not before.is_lost:
            continue
        before = stage
        waiting.append(stage.cause)
        found = Step(cause=stage.cause, counts=now) if stage.is_like(stages[-1]) else _counted(stage, stages[-1])
        if stage.is_lost or isinstance(found, str):
            remarks.append(stage.is_lost or say("revisions", "not_counted", cause=stage.cause.value, why=found))
            continue
        steps.append(found if len(waiting) == 1 else replace(found, cause=Cause.NOT_SEPARATED))
        waiting = []
    return steps, tuple(dict.fromkeys(remarks))


def _counted(stage: _Stage, last: _Stage) -> Step | str:
    """Return what a stage counts, with as few of the current settings as it needs to be counted at all; or else why."""
    why = ""
    asked = stage.asked
    for asks in (asked, replace(asked, selections=())) if asked.selections else (asked,):
        for source in _readable(stage.source, last.source):
            try:
                counts = count_one(source, asks, together=stage.together, composites=stage.composites)
            except CdrpError as refused:
                why = why or refused.what
                continue
            if counts.areas == (asked.area,):
                return Step(cause=stage.cause, counts=counts, has_selections=asks is asked)
            why = why or say("revisions", "no_former_area", area=asked.area)
    return why


def _readable(source: TableSource, own: TableSource) -> Iterator[TableSource]:
    """Yield a source's settings as they were, then with what new files need: lines for their offences, their layout."""
    added = msgspec.structs.replace(
        source, **{key: getattr(own, key) | getattr(source, key) for key in _OFFENCE_KEYS if hasattr(source, key)}
    )
    tried: list[TableSource] = []
    for each in (source, added, with_keys(source, own, _LAYOUT_KEYS), with_keys(added, own, _LAYOUT_KEYS)):
        if each not in tried:
            tried.append(each)
            yield each


def with_keys(source: TableSource, other: TableSource, keys: Sequence[str]) -> TableSource:
    """Return a source's settings with some keys as another has them."""
    return msgspec.structs.replace(source, **{key: getattr(other, key) for key in keys if hasattr(source, key)})


def _counted_by(source: TableSource, classification: str) -> TableSource:
    if not hasattr(source, "classification"):
        return source
    return msgspec.structs.replace(source, classification=classification)
