"""An extract that nobody has described yet: which settings would read it, and what it would give.

`tops` finds the row of headings, `names` knows what forces' systems call a column, `columns` looks at what each holds,
and `uses` decides which is what. `trial` then reads the rows as `recorded_crime` does, by the settings proposed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl import offences
from cdrp_xl.folding import fold
from cdrp_xl.offences.reading import OffenceReader
from cdrp_xl.sources import files
from cdrp_xl.sources.connecting import columns, names, tops, trial, uses
from cdrp_xl.sources.connecting.proposal import MonthFound, Proposal, RowShown, Written, counted_under
from cdrp_xl.sources.connecting.uses import Chosen
from cdrp_xl.sources.publisher import IF_UNNAMED
from cdrp_xl.sources.recorded_crime import FlagSettings, RecordedCrimeHeadings, RecordedCrimeSettings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.sources.connecting.columns import Column
    from cdrp_xl.sources.publisher import ClassificationName

__all__ = ["Chosen", "MonthFound", "Proposal", "RowShown", "Written", "counted_under", "propose"]


def propose(
    paths: Sequence[Path],
    *,
    area: str,
    parts: Sequence[str] = (),
    chosen: Chosen,
    classification: ClassificationName | None,
    today: dt.date,
    worksheet: str = "",
) -> Proposal:
    """Return by which settings an extract would be read, and what it would give.

    Parameters
    ----------
    paths
        The files of one extract, all under the same headings.
    area
        The partnership's area.
    parts
        The areas that are joined in it.
    chosen
        What has been decided already, and is not looked for.
    classification
        What offences are counted by; None for what they are counted by where the settings name none.
    today
        No offence is recorded after it.
    worksheet
        The one worksheet to read; empty for all that have the headings.

    Returns
    -------
    Proposal
        Unit: rows.

    Raises
    ------
    FileError
        If a file is missing, empty, locked, or is not what its name says.
    ValueFoundError
        If a column that is needed is not recognised, or the rows can't be counted by what is proposed.
    """
    shared = tops.shared(paths, sheet=worksheet)
    reader = OffenceReader(
        offences.load(classification or IF_UNNAMED), own=chosen.offence_codes, not_counted=chosen.not_counted
    )
    with files.opened(*paths, sheet=worksheet, headings={heading: heading for heading in shared}) as rows:
        seen = columns.looked_at(rows, latest=today)
        recogniser = uses.Recogniser(rows, seen, own=(area, *parts), reader=reader)
        headings = recogniser.headings(chosen)
        contradictions = () if "offence_words" in chosen.headings else tuple(recogniser.contradictions())
        sheets = tuple(dict.fromkeys(file.sheet for file in rows.files if file.sheet))
    settings = RecordedCrimeSettings(
        files=tuple(str(path) for path in paths),
        classification=classification,
        headings=RecordedCrimeHeadings(**headings),
        worksheet=worksheet,
        area_spellings=_spellings(chosen, seen.get(headings.get("area", "")), (area, *parts)),
        offence_codes=dict(chosen.offence_codes),
        not_counted=chosen.not_counted,
        references_repeat=chosen.references_repeat,
    )
    settings = _with_flags(settings, seen.get(headings.get("domestic", "")))
    settings = msgspec.structs.replace(settings, flags=_flags(chosen, seen, settings))
    found = trial.tried(settings, seen, sheets, area=area, parts=parts, today=today)
    return replace(found, notes=(*found.notes, *contradictions))


def _spellings(chosen: Chosen, column: Column | None, own: Sequence[str]) -> tuple[str, ...]:
    near = uses.spelt_nearly(own, column.values) if column else ()
    return tuple(dict.fromkeys((*chosen.area_spellings, *(name for name in near if name not in chosen.other_areas))))


def _flags(chosen: Chosen, seen: Mapping[str, Column], settings: RecordedCrimeSettings) -> dict[str, FlagSettings]:
    """Return the flags that are settled, and those whose columns are called so and hold nothing but a yes or a no."""
    flags = dict(chosen.flags)
    used = {*settings.headings.named.values(), *(flag.heading for flag in flags.values())}
    for heading, column in seen.items():
        name = names.flag_of(heading)
        if heading in used or not name or name in flags or not uses.is_yes_or_no(column):
            continue
        if yes := uses.values_among(column, uses.YES - {"da", "dv"}):
            flags[name] = FlagSettings(
                heading=heading, yes=yes, no=tuple(dict.fromkeys((*uses.values_among(column, uses.NO), "")))
            )
    return flags


def _with_flags(settings: RecordedCrimeSettings, column: Column | None) -> RecordedCrimeSettings:
    """Return the settings with what means yes and no in a column of flags, where that is not among what always does."""
    if column is None:
        return settings
    yes, no = (
        (*usual, *(value for value in uses.values_among(column, words) if fold(value) not in set(map(fold, usual))))
        for usual, words in ((settings.domestic_yes, uses.YES), (settings.domestic_no, uses.NO))
    )
    return msgspec.structs.replace(settings, domestic_yes=yes, domestic_no=no)
