"""The force's own extract of recorded crime, row by row, under the force's own headings.

Rows are scanned once and counted by what the report asks of them; no row-level value is handed on, but for the place
of a value that can't be used.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import offences, tables
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.periods import Month, Period
from cdrp_xl.sources import files
from cdrp_xl.sources.files import FILE_COLUMN, identifier, literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.settings import RecordedCrimeSettings
    from cdrp_xl.sources.files import RowFiles

SOURCE = "Police recorded crime extract"

_DATE_FORMS = (
    "%d/%m/%Y",
    "%Y-%m-%d",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
)
_FIRST_DAY = dt.date(1900, 1, 1)
_EXCEL_DAY_0 = dt.date(1899, 12, 30)
_DIMENSIONS = ("area", "locality", "offence", "locus_type", "locus_subtype", "domestic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Offences counted by where they happened, under an id of their own: a priority that no offence row carries.

    Types and subtypes are those of the extract's own locus columns, never words in an address; rows must bear one of
    the types and one of the subtypes (where any are named). Capitals and spaces around do not matter.
    """

    selection_id: str
    locus_types: tuple[str, ...] = ()
    locus_subtypes: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """One group of rows as the scan counts them. `month` is None where the date recorded can't be read."""

    file: Path
    area: str
    locality: str
    offence: str
    locus_type: str
    locus_subtype: str
    domestic: str
    month: Month | None
    last_day: dt.date | None
    first_day: dt.date | None
    rows: int


def read(
    settings: RecordedCrimeSettings,
    *,
    folder: Path,
    area: str,
    selections: Sequence[Selection] = (),
    today: dt.date,
) -> tables.Counts:
    """Return the offences of an area by offence row and month recorded, with the selections under their own ids.

    Parameters
    ----------
    settings
        Which files, and under which headings.
    folder
        The partnership's folder, from which the settings' paths are taken.
    area
        The area to count; rows of other areas are left out. Without an area heading every row is of the area.
    selections
        What is counted by locus.
    today
        No offence can be recorded after this day, nor after the extract's own date.

    Returns
    -------
    Counts
        Unit: offences. Covered are the months from the first to the last that any row of the files was recorded in,
        but for those between in which no row was.

    Raises
    ------
    FileError
        If a file is missing, empty, locked or not what its name says.
    ValueFoundError
        If a heading is missing, or a date, offence, flag or reference can't be used: the first three places are named.

    Notes
    -----
    One scan, in DuckDB; offences are counted by the date recorded, as CADET counts them.
    """
    classification = offences.load(settings.classification)
    with files.opened(*files.found(folder, settings.files), sheet=settings.worksheet) as rows:
        scan = _Scan(rows, settings)
        groups = scan.groups()
        codes = _codes(groups, settings, classification, scan)
        scan.check_dates(groups, latest=min(today, settings.as_at or today))
        scan.check_domestic(groups)
        inside = _inside(groups, area, settings)
        scan.check_references(sorted({group.area for group in inside}))
    return _counts(groups, inside, codes, settings, classification, area, selections)


class _Scan:
    """The one scan of the extract's rows, and the closer looks that find an offender's row."""

    def __init__(self, rows: RowFiles, settings: RecordedCrimeSettings) -> None:
        headings = {use: heading for use, heading in settings.headings.model_dump().items() if heading}
        for file in rows.files:
            file.check_headings(headings)
        self._rows = rows
        self._settings = settings
        self._headings = headings

    def groups(self) -> list[_Group]:
        """Return the counts of all rows by file, month recorded and every dimension of the report."""
        dimensions = ", ".join(f"{self._text(use)} AS {use}" for use in _DIMENSIONS)
        sql = f"""
            SELECT {FILE_COLUMN}, {", ".join(_DIMENSIONS)}, year(recorded), month(recorded),
                max(recorded), min(recorded), count(*)
            FROM (SELECT {FILE_COLUMN}, {dimensions}, {self._date("date_recorded")} AS recorded
                FROM ({self._rows.relation()}))
            GROUP BY ALL ORDER BY ALL"""
        return [self._group(*row) for row in self._rows.fetch(sql)]

    def check_dates(self, groups: Sequence[_Group], *, latest: dt.date) -> None:
        """Refuse dates that can't be read, or lie outside what can be."""
        wrong = [group for group in groups if group.month is None or not self._possible(group, latest)]
        if not wrong:
            return
        recorded = self._date("date_recorded")
        condition = f"{recorded} IS NULL OR {recorded} NOT BETWEEN {_day(_FIRST_DAY)} AND {_day(latest)}"
        found = self.named("date_recorded", condition, wrong[0].file)
        remedy = "Write dates as dd/mm/yyyy, as 2011-04-30 or as Excel dates."
        if wrong[0].last_day is not None and wrong[0].last_day > latest:
            remedy = (
                f"Mend the date, or `as_at` in partnership.toml: nothing can be recorded after {_in_words(latest)}."
            )
        rows = sum(group.rows for group in wrong)
        raise self._error(
            f"{found[0][1]} is not a date that can be used", rows, found, "date_recorded", wrong[0].file, remedy
        )

    def check_domestic(self, groups: Sequence[_Group]) -> None:
        """Refuse a domestic flag that is neither yes nor no."""
        known = {_plain(text) for text in (*self._settings.domestic_yes, *self._settings.domestic_no)}
        wrong = [group for group in groups if _plain(group.domestic) not in known]
        if wrong:
            flag = wrong[0].domestic
            found = self.named("domestic", f"{self._text('domestic')} = {literal(flag)}", wrong[0].file)
            remedy = "Say in partnership.toml what it means, under domestic_yes or domestic_no."
            rows = sum(group.rows for group in wrong)
            raise self._error(f"{quoted(flag)} is neither yes nor no", rows, found, "domestic", wrong[0].file, remedy)

    def check_references(self, areas: Sequence[str]) -> None:
        """Refuse an extract in which an offence reference is missing, or stands twice in the report's area."""
        if self._settings.references_repeat:
            return
        reference = self._text("offence_reference")
        within = f"{self._text('area')} IN ({', '.join(literal(name) for name in areas)})" if areas else "false"
        sql = f"""
            SELECT {reference}, count(*) FROM ({self._rows.relation()}) WHERE {within}
            GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 1 LIMIT 1"""
        for repeated, count in self._rows.fetch(sql):
            self._raise_repeated(repeated, count, f"{reference} = {literal(repeated)}")

    def named(self, use: str, condition: str, file: Path) -> list[tuple[int, str]]:
        """Return the first rows of a file that meet a condition, as a spreadsheet numbers them, with the value."""
        for opened in self._rows.files:
            if opened.path == file:
                sql = f"""
                    SELECT cdrp_xl_row, coalesce({self._raw(use)}, '') FROM {self._rows.numbered(opened)}
                    WHERE {condition} ORDER BY 1 LIMIT 4"""
                return [(row, quoted(value)) for row, value in self._rows.fetch(sql)]
        return []

    def offence_is(self, text: str) -> str:
        """Return the condition that a row's offence is a text."""
        return f"{self._text('offence')} = {literal(text)}"

    def error_for_offence(self, what: str, rows: int, group: _Group, remedy: str) -> ValueFoundError:
        """Return the error for an offence that can't be used."""
        found = self.named("offence", self.offence_is(group.offence), group.file)
        return self._error(what, rows, found, "offence", group.file, remedy)

    def _raise_repeated(self, repeated: str, count: int, condition: str) -> None:
        for file in self._rows.files:
            if found := self.named("offence_reference", condition, file.path):
                what = f"The offence reference {quoted(repeated)} stands {count} times"
                remedy = "Take the copies out; if one reference covers several offences, set references_repeat = true."
                if not repeated:
                    what, remedy = (
                        f"{count:,} rows have no offence reference",
                        "Ask for the extract with its references.",
                    )
                raise self._error(what, 0, found, "offence_reference", file.path, remedy)

    def _error(
        self, what: str, rows: int, found: list[tuple[int, str]], use: str, file: Path, remedy: str
    ) -> ValueFoundError:
        places = name_some([f"{row:,}" for row, _ in found[:3]])
        sheet = next((opened.sheet for opened in self._rows.files if opened.path == file), "")
        count = f" ({rows:,} rows are like this)" if rows > 1 else ""
        where = place(file, sheet=sheet) + f", row {places}, heading {quoted(self._headings[use])}"
        return ValueFoundError(f"{what}{count}.", where=where, remedy=remedy)

    def _group(self, name: str, *values: object) -> _Group:
        *dimensions, year, month, last_day, first_day, rows = values
        return _Group(
            file=self._rows.original(name),
            **{use: str(value) for use, value in zip(_DIMENSIONS, dimensions, strict=True)},
            month=Month(int(str(year)), int(str(month))) if year is not None else None,
            last_day=last_day if isinstance(last_day, dt.date) else None,
            first_day=first_day if isinstance(first_day, dt.date) else None,
            rows=int(str(rows)),
        )

    @staticmethod
    def _possible(group: _Group, latest: dt.date) -> bool:
        return (group.first_day or _FIRST_DAY) >= _FIRST_DAY and (group.last_day or latest) <= latest

    def _raw(self, use: str) -> str:
        return identifier(self._headings[use]) if use in self._headings else "''"

    def _text(self, use: str) -> str:
        return f"coalesce(trim({self._raw(use)}), '')"

    def _date(self, use: str) -> str:
        """Return the SQL of a date in any of the forms in use, or as Excel's day number, NULL where it is none."""
        text = self._text(use)
        forms = ", ".join(literal(form) for form in _DATE_FORMS)
        days = f"CAST(floor(CAST({text} AS DOUBLE)) AS INTEGER)"
        is_number = f"regexp_full_match({text}, '[0-9]{{5}}([.][0-9]+)?')"
        number = f"CASE WHEN {is_number} THEN {_day(_EXCEL_DAY_0)} + {days} END"
        return f"coalesce(CAST(try_strptime({text}, [{forms}]) AS DATE), {number})"


def _codes(
    groups: Sequence[_Group], settings: RecordedCrimeSettings, classification: Classification, scan: _Scan
) -> dict[str, str]:
    """Return the offence code of every offence text in the extract."""
    own = {_plain(text): code for text, code in settings.offence_codes.items()}
    codes: dict[str, str] = {}
    for group in groups:
        if group.offence in codes:
            continue
        code = classification.code(own.get(_plain(group.offence), group.offence))
        if code is None:
            rows = sum(other.rows for other in groups if other.offence == group.offence)
            remedy = (
                f"{classification.nearest(group.offence)} Or write what it means in partnership.toml, "
                "under [sources.recorded_crime.offence_codes]."
            )
            raise scan.error_for_offence(
                f"{quoted(group.offence)} is not an offence that is known", rows, group, remedy
            )
        codes[group.offence] = code
    return codes


def _inside(groups: Sequence[_Group], area: str, settings: RecordedCrimeSettings) -> list[_Group]:
    """Return the groups of an area, or refuse an area that no row is of."""
    if not settings.headings.area:
        return list(groups)
    inside = [group for group in groups if _plain(group.area) == _plain(area)]
    if not inside:
        where = f"{groups[0].file.name}, heading {quoted(settings.headings.area)}" if groups else SOURCE
        raise tables.unknown_area(area, {group.area for group in groups if group.area}, where=where)
    return inside


def _counts(
    groups: Sequence[_Group],
    inside: Sequence[_Group],
    codes: Mapping[str, str],
    settings: RecordedCrimeSettings,
    classification: Classification,
    area: str,
    selections: Sequence[Selection],
) -> tables.Counts:
    rows_of_code = {
        code: [row.row_id for row in classification.rows if code in row.codes] for code in set(codes.values())
    }
    cells: dict[tables.Cell, int] = {}
    for group in inside:
        if group.month is None:
            continue
        chosen = [
            selection.selection_id
            for selection in selections
            if _selected(group, selection, rows_of_code[codes[group.offence]])
        ]
        for row_id in (*rows_of_code[codes[group.offence]], *chosen):
            cell = (area, row_id, Period(group.month, group.month))
            cells[cell] = cells.get(cell, 0) + group.rows
    elsewhere = sum(group.rows for group in groups) - sum(group.rows for group in inside)
    return tables.Counts(
        classification=classification,
        areas=(area,),
        covered=frozenset(Period(group.month, group.month) for group in groups if group.month),
        cells=cells,
        selections=tuple(selection.selection_id for selection in selections),
        origin=tables.Origin(
            source=SOURCE,
            publisher=settings.publisher,
            files=tuple(sorted({group.file.name for group in groups})),
            as_at=settings.as_at,
            next_release=settings.next_release,
            rows_read=sum(group.rows for group in groups),
            left_out={"in other areas": elsewhere} if elsewhere else {},
        ),
    )


def _selected(group: _Group, selection: Selection, row_ids: Sequence[str]) -> bool:
    return (
        _among(group.locus_type, selection.locus_types)
        and _among(group.locus_subtype, selection.locus_subtypes)
        and (not selection.rows or any(row_id in selection.rows for row_id in row_ids))
    )


def _among(text: str, wanted: Sequence[str]) -> bool:
    return not wanted or _plain(text) in {_plain(name) for name in wanted}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _day(day: dt.date) -> str:
    return f"DATE {literal(day.isoformat())}"


def _in_words(day: dt.date) -> str:
    return f"{day.day} {Month.of(day).name}"
