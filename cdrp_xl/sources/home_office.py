"""Home Office open data: recorded crime by police force, quarter and offence code, as downloaded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl import damage, offences, periods, tables
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.sources import files
from cdrp_xl.sources.grids import plain
from cdrp_xl.sources.publisher import MembersSource
from cdrp_xl.sources.sql import identifier
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification, Row
    from cdrp_xl.periods import Period
    from cdrp_xl.sources.files import RowFile, RowFiles

SOURCE = "Home Office police recorded crime open data tables"
PUBLISHER = "Home Office (Open Government Licence v3.0)"
CLASSIFICATION = "home-office-2013"
HEADINGS = {
    "financial year": "Financial Year",
    "quarter": "Financial Quarter",
    "police force": "Force Name",
    "offence group": "Offence Group",
    "offence subgroup": "Offence Subgroup",
    "offence code": "Offence Code",
    "number of offences": "Number of Offences",
}

_YEAR, _QUARTER, _FORCE, _GROUP, _SUBGROUP, _CODE, _NUMBER = HEADINGS.values()
_QUARTER_FORM = re.compile(r"(?:Q|Quarter)?\s*([1-4])(?:\.0)?", re.IGNORECASE)
# There are spaces around the figures, and the accounting format that the tables were saved from writes 0 as "-00".
_WHOLE_NUMBER = "-?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})([.]0+)?"


class HomeOfficeSettings(MembersSource, frozen=True, kw_only=True):
    """``[sources.home_office]``: the Home Office open data tables, by police force and quarter."""

    file: Text
    worksheet: str = ""

    def files_read(self, folder: Path) -> list[Path]:
        """Return the one file."""
        return [folder / self.file]

    def count_members(self, members: Sequence[str], *, folder: Path) -> tables.Counts:
        """Return the counts of the members, which are police forces."""
        return read(
            folder / self.file,
            areas=members,
            worksheet=self.worksheet,
            as_at=self.as_at,
            next_release=self.next_release,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The rows of one force, quarter and code in a file or worksheet; `unread` is a number that is not one."""

    file: RowFile
    force: str
    year: str
    quarter: str
    group: str
    subgroup: str
    code: str
    rows: int
    offences: int
    negative_rows: int
    negative_offences: int
    unread: str | None
    unread_row: int | None
    row_numbers: Sequence[int]


def read(
    path: Path,
    *,
    areas: Sequence[str] | None,
    worksheet: str = "",
    as_at: dt.date | None = None,
    next_release: dt.date | None = None,
) -> tables.Counts:
    """Return recorded crime by police force, offence group or subgroup, and quarter.

    Parameters
    ----------
    path
        The table by force, quarter and offence code: CSV, workbook or Parquet.
    areas
        The police forces (and bodies such as Action Fraud) to count; None counts every one.
    worksheet
        The one worksheet of a workbook to read; empty takes all that have the headings.
    as_at, next_release
        When the table was taken, and when the next one is due.

    Returns
    -------
    Counts
        Unit: offences. Periods are quarters; covered are those that each force has rows for, and a remark names who
        lacks which.

    Raises
    ------
    FileError
        If the file is missing, empty, or is not what its name says.
    ValueFoundError
        If a heading is missing, a year, quarter, code or number is not one, a group is not that of its code, rows
        repeat, or a force is not in the file; the nearest are offered.

    Notes
    -----
    One scan of each worksheet, in DuckDB. Figures below 0 are corrections of earlier quarters, and are kept. A code
    that joins several ("1/4.1/4.10/4.2", homicide) has a row for each of them, all under the joined code and alike but
    for the figure: they are added up.
    """
    with files.opened(path, sheet=worksheet, headings=HEADINGS) as rows:
        groups = [group for file in rows.files for group in _scan(rows, file)]
    classification = offences.load(CLASSIFICATION)
    quarters = _checked(groups, classification)
    wanted = _forces_to_count(areas, groups)
    inside = [group for group in groups if group.force in wanted]
    given = {(group.force, quarters[group.year, group.quarter]) for group in inside}
    covered, gaps = tables.covered_by_area(wanted, given)
    there = {classification.code(group.code) for group in inside}
    missing = frozenset(row.row_id for row in classification.rows if row.codes.isdisjoint(there))
    origin = tables.Origin(
        source=SOURCE,
        publisher=PUBLISHER,
        files=(path.name,),
        as_at=as_at,
        next_release=next_release,
        ledger=tuple(_ledger(file, groups, inside) for file in rows.files),
        remarks=(*rows.remarks, *_remarks(inside)),
        to_look_at=(*rows.look_at, *gaps),
        notes=_without(classification, missing),
    )
    return tables.Counts(
        classification=classification.without(missing),
        areas=wanted,
        covered=covered,
        cells=_cells(inside, quarters, classification),
        origin=origin,
        rows_missing=missing,
    )


def _scan(rows: RowFiles, file: RowFile) -> list[_Group]:
    fetched = rows.fetch(_sql(rows.numbered(file)))
    if not fetched:
        raise damage.empty(file.path)
    names = _Group.__slots__[1:]
    return [_Group(file=file, **dict(zip(names, row, strict=True))) for row in fetched]


def _forces_to_count(areas: Sequence[str] | None, groups: Sequence[_Group]) -> tuple[str, ...]:
    """Return the forces to count, after those that were asked for are found in the table."""
    names = sorted({group.force for group in groups})
    for area in areas or ():
        if area not in names:
            raise tables.unknown_area(area, names, where=_Where(groups[0]).of_heading(_FORCE))
    return tuple(names) if areas is None else tuple(areas)


def _sql(numbered: str) -> str:
    """Return the one statement that counts the table; text that is not a number is handed on, not passed over."""
    keys = {"force": _FORCE, "year": _YEAR, "quarter": _QUARTER, "grp": _GROUP, "subgroup": _SUBGROUP, "code": _CODE}
    texts = ", ".join(f"coalesce(trim({identifier(name)}), '') AS {key}" for key, name in keys.items())
    return f"""
        WITH texts AS (
            SELECT {texts}, coalesce(trim({identifier(_NUMBER)}), '') AS written, cdrp_xl_row FROM {numbered}),
        counted AS (
            SELECT *, CASE WHEN regexp_full_match(written, '{_WHOLE_NUMBER}')
                THEN CAST(split_part(replace(written, ',', ''), '.', 1) AS BIGINT) END AS offences
            FROM texts WHERE concat({", ".join(keys)}, written) <> '')
        SELECT {", ".join(keys)}, count(*), coalesce(sum(offences), 0), count(*) FILTER (offences < 0),
            coalesce(sum(offences) FILTER (offences < 0), 0), arg_min(written, cdrp_xl_row) FILTER (offences IS NULL),
            min(cdrp_xl_row) FILTER (offences IS NULL), list_sort(list(cdrp_xl_row))
        FROM counted GROUP BY {", ".join(keys)} ORDER BY min(cdrp_xl_row)"""


def _checked(groups: Sequence[_Group], classification: Classification) -> dict[tuple[str, str], Period]:
    """Return the quarters by year and quarter as written, after every value of the table is checked."""
    quarters: dict[tuple[str, str], Period] = {}
    branches = _branches(classification)
    seen: dict[tuple[str, Period, str], _Group] = {}
    for group in groups:
        where = _Where(group)
        if not group.force:
            raise ValueFoundError(
                "A row names no police force.", where=where(_FORCE), remedy="Ask for the table again."
            )
        if (group.year, group.quarter) not in quarters:
            quarters[group.year, group.quarter] = _quarter(group, where)
        code = _code(group, classification, where)
        _check_group(group, branches[code], where)
        _check_number(group, where)
        first = seen.setdefault((group.force, quarters[group.year, group.quarter], code), group)
        _check_rows(first, group, code)
    return quarters


@dataclass(frozen=True, slots=True)
class _Where:
    """Gives the place of a group of rows under a heading."""

    group: _Group

    def __call__(self, heading: str, row: int | None = None) -> str:
        file = self.group.file
        return place(file.path, sheet=file.sheet, row=row or self.group.row_numbers[0], heading=heading)

    def of_heading(self, heading: str) -> str:
        """Return the place of the heading itself."""
        return place(self.group.file.path, sheet=self.group.file.sheet, heading=heading)


def _quarter(group: _Group, where: _Where) -> Period:
    try:
        year = periods.Period.parse(group.year)
    except ValueFoundError:
        year = None
    if year is None or not year.is_financial_year:
        raise ValueFoundError(
            f"{quoted(group.year)} is not a financial year.", where=where(_YEAR), remedy='Write it as "2017/18".'
        )
    number = _QUARTER_FORM.fullmatch(group.quarter)
    if number is None:
        raise ValueFoundError(
            f"{quoted(group.quarter)} is not a quarter of a financial year.",
            where=where(_QUARTER),
            remedy='Write "1" for April to June, to "4" for January to March.',
        )
    return periods.quarter(year.first.year, int(number[1]))


def _code(group: _Group, classification: Classification, where: _Where) -> str:
    code = classification.code(group.code)
    if code is None:
        raise ValueFoundError(
            f"{quoted(group.code)} is not an offence code of {classification.title}.",
            where=where(_CODE),
            remedy=classification.nearest(group.code),
        )
    return code


def _branches(classification: Classification) -> dict[str, tuple[Row, ...]]:
    """Return the rows that count each code, from the total down to the subgroup."""
    depth = {"": -1}
    for row in classification.rows:
        depth[row.row_id] = depth[row.parent] + 1
    return {
        code: tuple(
            sorted((row for row in classification.rows if code in row.codes), key=lambda row: depth[row.row_id])
        )
        for code in classification.descriptions
    }


def _check_group(group: _Group, branch: tuple[Row, ...], where: _Where) -> None:
    """Refuse a group or subgroup that is not the code's own: the table would be of another classification."""
    _, expected, *below = branch
    for heading, found, right in (
        (_GROUP, group.group, expected.name),
        (_SUBGROUP, group.subgroup, below[0].name if below else expected.name),
    ):
        if plain(found) != plain(right):
            raise ValueFoundError(
                f"The offence code {quoted(group.code)} is under {quoted(found)}, and belongs to {quoted(right)}.",
                where=where(heading),
                remedy="Use the table with the classification of 2013 onwards, or ask for it again.",
            )


def _check_number(group: _Group, where: _Where) -> None:
    if group.unread is None:
        return
    raise ValueFoundError(
        f"The number of offences is {quoted(group.unread)}, not a whole number."
        if group.unread
        else "The number of offences is blank.",
        where=where(_NUMBER, group.unread_row),
        remedy="Correct the row, or download the table again.",
    )


def _check_rows(first: _Group, group: _Group, code: str) -> None:
    """Refuse more rows of a force, quarter and code than the codes it joins, and rows of it on two worksheets."""
    is_apart = first.file.key != group.file.key
    rows = sorted({*first.row_numbers, *group.row_numbers})
    number = first.rows + group.rows if is_apart else len(rows)
    if not is_apart and number <= len(code.split("/")):
        return
    places = [(first.file, first.row_numbers), (group.file, group.row_numbers)] if is_apart else [(group.file, rows)]
    raise ValueFoundError(
        f"{number} rows are for {group.force}, {group.year} quarter {group.quarter}, offence code {quoted(code)}.",
        where="; ".join(_place_of_rows(*each) for each in places),
        remedy="Delete the copies, or download the table again.",
    )


def _place_of_rows(file: RowFile, numbers: Sequence[int]) -> str:
    """Return the place of some rows of a file or worksheet."""
    return f"{place(file.path, sheet=file.sheet)}, rows {name_some([f'{row:,}' for row in sorted(numbers)])}"


def _cells(
    inside: Sequence[_Group],
    quarters: Mapping[tuple[str, str], Period],
    classification: Classification,
) -> dict[tables.Cell, int]:
    branches = _branches(classification)
    cells: dict[tables.Cell, int] = {}
    for group in inside:
        period = quarters[group.year, group.quarter]
        for row in branches[classification.code(group.code) or ""]:
            cell = (group.force, row.row_id, period)
            cells[cell] = cells.get(cell, 0) + group.offences
    return cells


def _remarks(inside: Sequence[_Group]) -> list[str]:
    """Return what the analyst should know: corrections below 0, and joined codes."""
    remarks = []
    negative = sum(group.negative_rows for group in inside)
    fewer = -sum(group.negative_offences for group in inside)
    if negative:
        are = "figure is" if negative == 1 else "figures are"
        remarks.append(
            f"{negative:,} {are} below 0 ({fewer:,} offences in all): corrections of earlier quarters, "
            "kept as published."
        )
    joined = {group.code: group.rows for group in inside if group.rows > 1}
    remarks += [
        f"The offence code {quoted(code)} has {rows} rows for each force and quarter, which are added up."
        for code, rows in joined.items()
    ]
    return remarks


def _without(classification: Classification, missing: Collection[str]) -> tuple[str, ...]:
    """Return what a reader should know: of which rows the table has no figures, the outermost of them named.

    To have none is not to have 0: fraud, say, is recorded by other bodies than the forces.
    """
    outermost = [row.name for row in classification.rows if row.row_id in missing and row.parent not in missing]
    if not outermost:
        return ()
    named, total = name_some(outermost, named=len(outermost)), quoted(classification.all_crime.name)
    return (f"The table has no figures for {named}, which are not in {total}.",)


def _ledger(file: RowFile, groups: Sequence[_Group], inside: Sequence[_Group]) -> tables.FileLedger:
    """Return how many rows of a file or worksheet are counted, and how many are of other forces."""
    counted = sum(group.rows for group in inside if group.file.key == file.key)
    elsewhere = sum(group.rows for group in groups if group.file.key == file.key) - counted
    ledger = tables.FileLedger.of(file.path.name, counted=counted, left_out={"of other forces": elsewhere})
    return replace(ledger, worksheet=file.sheet)
