"""How the most similar group's counts moved since an earlier refresh, split into the files and the settings.

Members are compared one by one. Today's files are counted by the earlier settings; what that moves is new data or
revised earlier figures, and the rest is the settings: other members, another source, other headings.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl.errors import CdrpError
from cdrp_xl.measures import revision
from cdrp_xl.measures.revision import Cause, Step
from cdrp_xl.periods import Period
from cdrp_xl.report.data import GROUP
from cdrp_xl.report.revisions import OfSource
from cdrp_xl.report.wording import say
from cdrp_xl.workbooks.gathering import count_group
from cdrp_xl.workbooks.recounting import FILE_KEYS, with_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cdrp_xl.measures.revision import Moved
    from cdrp_xl.report import Data
    from cdrp_xl.settings import Settings
    from cdrp_xl.tables import Counts
    from cdrp_xl.workbooks.kept import Kept


def since(former: Kept, settings: Settings, data: Data, *, folder: Path) -> tuple[OfSource, ...]:
    """Return every count of a member of the group that moved since an earlier refresh; nothing where no group is.

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
    """
    was, now = former.counts.get(GROUP), data.group.counts if data.group else None
    counts = now or was
    if counts is None:
        return ()
    if was is None and former.settings.group is not None:
        return (OfSource(counts=counts, moved=(), remarks=(say("revisions", "no_group_kept"),), is_of_members=True),)
    steps, remarks = _steps(former, settings, data, folder) if was and now else ([], ())
    areas = dict.fromkeys((*(now.areas if now else ()), *(was.areas if was else ())))
    moved = tuple(each for area in areas for each in _moved_in_member(area, was, now, steps))
    return (OfSource(counts=counts, moved=moved, remarks=remarks, is_of_members=True),)


def _steps(former: Kept, settings: Settings, data: Data, folder: Path) -> tuple[list[Step], tuple[str, ...]]:
    """Return the group's counts in today's files by the earlier settings, and by today's."""
    assert data.group is not None  # noqa: S101 - asked only where there is a group
    last = Step(cause=Cause.SETTINGS, counts=data.group.counts)
    before = _with_files_of(former.settings, settings)
    if _counts_alike(before, settings):
        return [replace(last, cause=Cause.REVISED)], ()
    try:
        counts = count_group(before, folder, counted_as=data.counted_as)
    except CdrpError as refused:
        why = say("revisions", "not_counted", cause=Cause.REVISED.value, why=refused.what)
        return [replace(last, cause=Cause.NOT_SEPARATED)], (why,)
    return [Step(cause=Cause.REVISED, counts=counts), last], ()


def _with_files_of(former: Settings, settings: Settings) -> Settings:
    """Return settings as they were, but for the names of the files that are read."""
    own = settings.sources
    sources = {
        name: with_keys(was, now, FILE_KEYS)
        for name in former.sources.__struct_fields__
        if (was := getattr(former.sources, name)) is not None and (now := getattr(own, name)) is not None
    }
    return msgspec.structs.replace(former, sources=msgspec.structs.replace(former.sources, **sources))


def _counts_alike(one: Settings, other: Settings) -> bool:
    """Return whether two settings count the group alike, whoever its members are and when it took effect."""
    assert one.group is not None and other.group is not None  # noqa: PT018, S101 - asked only where both have a group
    return (
        one.group.source == other.group.source
        and one.sources == other.sources
        and one.report.classification == other.report.classification
        and one.composites == other.composites
        and one.joined == other.joined
    )


def _moved_in_member(area: str, was: Counts | None, now: Counts | None, steps: list[Step]) -> Iterator[Moved]:
    """Yield the counts of one member that moved: all of a member that joined, or left, is a corrected setting."""
    before = _alone(was, area) if was and area in was.areas else None
    after = _alone(now, area) if now and area in now.areas else None
    if before and after:
        alone = [replace(step, counts=_alone(step.counts, area)) for step in steps]
        yield from revision.split(before, alone)
    elif before:
        gone = replace(before, covered={area: frozenset[Period]()}, cells={})
        yield from revision.split(before, [Step(cause=Cause.SETTINGS, counts=gone)])
    elif after:
        joined = revision.split(replace(after, cells={}), [Step(cause=Cause.SETTINGS, counts=after)])
        yield from (replace(each, was=None) for each in joined)


def _alone(counts: Counts, area: str) -> Counts:
    """Return the counts of one area, with none where it is not among them."""
    return replace(
        counts,
        areas=(area,),
        covered={area: counts.covered.get(area, frozenset())},
        cells={cell: count for cell, count in counts.cells.items() if cell[0] == area},
    )
