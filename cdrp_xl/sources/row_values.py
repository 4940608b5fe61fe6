"""What an extract says about single rows: references, victims, premises, addresses. Looked up to prove that none left.

No value is kept: only those are handed on whose two ends were asked for, so that the rows stay in DuckDB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.sources import file_names, files
from cdrp_xl.sources.sql import identifier, literal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from cdrp_xl.sources.files import RowFiles
    from cdrp_xl.sources.recorded_crime import RecordedCrimeSettings

CATEGORY_VALUES = 50
"""A column that no heading of the settings names, and that has at most this many different values, is a category."""

_PRIVATE = ("offence_reference", "victim", "premises")
_PUBLIC = ("area", "locality", "locus_type", "locus_subtype", "offence")
_NUMBER, _DIGITS = "[0-9.,]*", 8
_SPACES = literal(" \t\n\v\f\r\x1c\x1d\x1e\x1f")
_DATE = "[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([ T][0-9:.]*)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowValue:
    """One value, the heading that it is under, and whether the settings say that it identifies a row."""

    value: str
    heading: str
    is_named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowValues:
    """The values whose ends were asked for, and how many were looked for.

    `too_short` has, by heading, how many can't be looked for in the columns that the settings name.
    """

    found: tuple[RowValue, ...]
    headings: tuple[str, ...]
    looked_for: int
    too_short: Mapping[str, int]


def with_ends(settings: RecordedCrimeSettings, *, folder: Path, runs: Collection[str], letters: int) -> RowValues:
    """Return the row-level values of the extract that both begin and end as was asked for.

    Parameters
    ----------
    settings
        Which files, and under which headings.
    folder
        The partnership's folder, from which the settings' paths are taken.
    runs
        Beginnings and ends of values, in lower-case letters of ASCII, with one space for several. An end in other
        letters is taken to be among them: not every program has the same lower-case letters for these.
    letters
        How long either end is; shorter values are counted and not looked for. Unit: characters.

    Returns
    -------
    RowValues
        Values of the columns that the settings name as reference, victim and premises, and of those that they don't
        name at all but for categories (at most `CATEGORY_VALUES` different values). Left out are dates in the columns
        without a name, numbers of fewer than eight digits, and what is in a column that reports name, such as
        the name of an area.
    """
    paths = file_names.found(folder, settings.files)
    with files.opened(*paths, sheet=settings.worksheet, headings=settings.headings.named) as rows:
        named = [heading for use in _PRIVATE if (heading := getattr(settings.headings, use))]
        headings = (*named, *_unnamed(rows, settings))
        rows.connection.execute("CREATE OR REPLACE TEMP TABLE cdrp_xl_runs (run VARCHAR)")
        rows.connection.execute("INSERT INTO cdrp_xl_runs SELECT unnest($1)", [list(runs)])
        counted = rows.fetch(_sql(rows, headings, named, letters))
        public = _public(rows, settings) if any(value is not None for _, value, *_ in counted) else set()
    return RowValues(
        found=tuple(
            RowValue(value=value, heading=headings[number], is_named=headings[number] in named)
            for number, value, _, _ in counted
            if value is not None and value.lower() not in public
        ),
        headings=headings,
        looked_for=sum(count for *_, count, is_short in counted if not is_short),
        too_short={named[number]: count for number, _, count, is_short in counted if is_short and number < len(named)},
    )


def _unnamed(rows: RowFiles, settings: RecordedCrimeSettings) -> tuple[str, ...]:
    """Return the headings that the settings don't name, and that are not categories."""
    known = {getattr(settings.headings, name) for name in settings.headings.__struct_fields__}
    unknown = dict.fromkeys(heading for file in rows.files for heading in file.headings if heading not in known)
    if not unknown:
        return ()
    counts = ", ".join(f"approx_count_distinct({identifier(heading)})" for heading in unknown)
    ((*found,),) = rows.fetch(f"SELECT {counts} FROM ({rows.relation()})")
    return tuple(heading for heading, count in zip(unknown, found, strict=True) if count > CATEGORY_VALUES)


def _sql(rows: RowFiles, headings: tuple[str, ...], named: Collection[str], letters: int) -> str:
    """Return the SQL of one scan: by heading, each value whose ends were asked for, and counts of the others.

    What an ordinary value is spared comes after a cheap test: no pattern is tried on all of a long value.
    """
    listed = ", ".join(
        f"{{'heading': {number}, 'is_named': {heading in named}, 'value': {_trimmed(heading)}}}"
        for number, heading in enumerate(headings)
    )
    few_digits = f"length(regexp_replace(value, '[.,]', '', 'g')) < {_DIGITS}"
    is_number = f"right(value, 1) <= '9' AND regexp_full_match(value, {literal(_NUMBER)}) AND {few_digits}"
    is_date = f"NOT is_named AND regexp_full_match(value, {literal(_DATE)})"
    is_short = f"""length(value) < {letters}
        OR CASE WHEN left(value, 1) BETWEEN ',' AND '9' THEN {is_number} OR {is_date} ELSE false END"""
    spaced = f"regexp_replace(value, '[' || {_SPACES} || ']+', ' ', 'g')"
    first, last = (f"{side}(spaced, {letters})" for side in ("left", "right"))
    begins, ends = (
        f"(lower({end}) IN (FROM cdrp_xl_runs) OR (has_more AND regexp_matches({end}, '[^ -~]')))"
        for end in (first, "last")
    )
    return f"""
        SELECT heading, CASE WHEN {ends} THEN value END, count(*), is_short
        FROM (SELECT *, CASE WHEN NOT is_short AND {begins} THEN {last} END AS last
            FROM (SELECT *, CASE WHEN has_more THEN {spaced} ELSE value END AS spaced
                FROM (SELECT *, {is_short} AS is_short, regexp_matches(value, '[^ -~]|  ') AS has_more
                    FROM (SELECT unnest([{listed}], recursive := true) FROM ({rows.relation()}))
                    WHERE value != '')))
        GROUP BY ALL ORDER BY ALL"""


def _public(rows: RowFiles, settings: RecordedCrimeSettings) -> set[str]:
    """Return what is in the columns that reports name, in lower-case letters."""
    headings = [heading for use in _PUBLIC if (heading := getattr(settings.headings, use))]
    listed = ", ".join(f"lower({_trimmed(heading)})" for heading in headings)
    return {value for (value,) in rows.fetch(f"SELECT DISTINCT unnest([{listed}]) FROM ({rows.relation()})") if value}


def _trimmed(heading: str) -> str:
    """Return the SQL of what is under a heading, without the spaces around it."""
    name = identifier(heading)
    return f"CASE WHEN left({name}, 1) <= ' ' OR right({name}, 1) <= ' ' THEN trim({name}, {_SPACES}) ELSE {name} END"
