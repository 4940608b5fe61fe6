"""The force's own extract of recorded crime, row by row, under the force's own headings.

Rows are scanned once and counted by what the report asks of them; no row-level value is handed on, but for the place
of a value that can't be used.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

import msgspec
from msgspec import Meta

from cdrp_xl import offences, tables
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.periods import Month, Period, quarter
from cdrp_xl.sources import files
from cdrp_xl.sources.publisher import Asked, ClassificationName, TableSource
from cdrp_xl.sources.sql import FILE_COLUMN, identifier, literal
from cdrp_xl.terms import Flag
from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.selected import RowKey, Selected
    from cdrp_xl.sources.files import RowFile, RowFiles
    from cdrp_xl.sources.selection import Locus, Selection

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
_INSIDE, _RECORDED = "cdrp_xl_inside", "cdrp_xl_recorded"  # no extract has such headings
_FIRST_DAY = dt.date(1900, 1, 1)
_EXCEL_DAY_0 = dt.date(1899, 12, 30)


class RecordedCrimeHeadings(Table, frozen=True, kw_only=True):
    """``[sources.recorded_crime.headings]``: the force's own headings for what is read."""

    offence_reference: Text
    date_recorded: Text
    offence: Text
    date_committed: str = ""
    area: str = ""
    locality: str = ""
    locus_type: str = ""
    locus_subtype: str = ""
    domestic: str = ""
    victim: str = ""
    premises: str = ""


class RecordedCrimeSettings(TableSource, frozen=True, kw_only=True):
    """``[sources.recorded_crime]``: the force's row-level extract."""

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    classification: ClassificationName = "cadet-2011"
    headings: RecordedCrimeHeadings
    worksheet: str = ""
    domestic_yes: tuple[str, ...] = ("Y", "Yes", "True", "1")
    domestic_no: tuple[str, ...] = ("N", "No", "False", "0", "")
    offence_codes: dict[str, str] = msgspec.field(default_factory=dict)
    references_repeat: bool = False

    progress: ClassVar[str] = "Counting the recorded-crime extract"
    how_counted: ClassVar[str] = (
        "Offences are counted from the force's extract by the date on which they were recorded, in the area where "
        "they took place."
    )

    def files_read(self, folder: Path) -> tuple[Path, ...]:
        """Return the files of the extract."""
        return files.found(folder, self.files)

    def count(self, asked: Asked) -> tables.Counts:
        """Return the counts of the area's rows, and of the selections among them."""
        return read(self, folder=asked.folder, area=asked.area, selections=asked.selections, today=asked.today)


class _Group(NamedTuple):
    """One group of rows as the scan counts them.

    `offence` is empty outside the area; `month` is None where the date recorded can't be used; `loci` are those of
    selections that are met; `odd_flags` counts domestic flags that are neither yes nor no.
    """

    file: str
    is_inside: bool
    offence: str
    month: Month | None
    loci: frozenset[Locus]
    rows: int
    odd_flags: int


def read(
    settings: RecordedCrimeSettings,
    *,
    folder: Path,
    area: str,
    selections: Sequence[Selection] = (),
    today: dt.date,
) -> tables.Counts:
    """Return the offences of an area by offence row and month recorded, with the selections under their own keys.

    Parameters
    ----------
    settings
        Which files, and under which headings.
    folder
        The partnership's folder, from which the settings' paths are taken.
    area
        The area to count; rows of other areas are left out. Without an area heading every row is of the area.
    selections
        What is counted by locus; one by a locus column that the extract does not have is left uncounted.
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
        If a heading is missing, no file has rows, or a date, offence, flag or reference can't be used: the first
        three places are named.

    Notes
    -----
    One scan, in DuckDB; offences are counted by the date recorded, as CADET counts them. METHODS.md, section 7: a
    repeat has another offence of its selection against the same victim on an earlier day, so many months back at most.
    """
    classification = offences.load(settings.classification)
    with files.opened(*files.found(folder, settings.files), sheet=settings.worksheet) as rows:
        countable = [each.resolved(classification) for each in selections if _has_locus(each, settings)]
        scan = _Scan(rows, settings, area, countable, latest=min(today, settings.as_at or today))
        groups = scan.groups()
        scan.check_rows(groups)
        scan.check_area(groups)
        scan.check_localities(groups)
        scan.check_dates(groups)
        scan.check_domestic(groups)
        codes = _codes(groups, settings, classification, scan)
        scan.check_references()
        remarks = scan.remarks(groups)
        repeats = scan.repeats()
    counts = _counts(groups, codes, rows, settings, classification, area, countable, remarks)
    return replace(counts, repeats=repeats)


class _Scan:
    """The one scan of the extract's rows, and the closer looks that find an offender's row.

    Only rows of the area are looked into: what other areas' rows hold is no fault of this report.
    """

    def __init__(
        self,
        rows: RowFiles,
        settings: RecordedCrimeSettings,
        area: str,
        selections: Sequence[Selection],
        *,
        latest: dt.date,
    ) -> None:
        headings = {use: heading for use, heading in msgspec.structs.asdict(settings.headings).items() if heading}
        for file in rows.files:
            file.check_headings(headings)
        self._rows = rows
        self._settings = settings
        self._headings = headings
        self._area = area
        self._selections = selections
        self._loci = tuple(dict.fromkeys(part for selection in selections for part in selection.locus.parts))
        self._latest = latest
        self._inside = f"{self._plain('area')} = {literal(_plain(area))}" if "area" in headings else "true"
        self._usable = f"{self._date('date_recorded')} BETWEEN {_day(_FIRST_DAY)} AND {_day(latest)}"
        flags = ", ".join(literal(_plain(flag)) for flag in (*settings.domestic_yes, *settings.domestic_no))
        self._odd_flag = f"lower({self._text('domestic')}) NOT IN ({flags})" if "domestic" in headings else "false"

    def groups(self) -> list[_Group]:
        """Return the counts of all rows by file, offence, month recorded and selection."""
        chosen = "".join(f", {_INSIDE} AND {self._within(locus)}" for locus in self._loci)
        usable = f"{_RECORDED} BETWEEN {_day(_FIRST_DAY)} AND {_day(self._latest)}"
        sql = f"""
            SELECT {FILE_COLUMN}, {_INSIDE}, CASE WHEN {_INSIDE} THEN {self._text("offence")} ELSE '' END,
                CASE WHEN {usable} THEN year({_RECORDED}) END, CASE WHEN {usable} THEN month({_RECORDED}) END,
                count(*), count(*) FILTER ({_INSIDE} AND {self._odd_flag}){chosen}
            FROM (SELECT *, {self._inside} AS {_INSIDE}, {self._date("date_recorded")} AS {_RECORDED}
                FROM ({self._rows.relation()}))
            GROUP BY ALL"""
        return [self._group(*row) for row in self._rows.fetch(sql)]

    def repeats(self) -> dict[tuple[Selected, Period], tables.Repeats]:
        """Return the repeat offences of every selection that asks for them and can have them, by quarter."""
        return {
            (selection.counted_as, quarter(year, number)): tables.Repeats(
                offences=again, victims=victims, unnamed=unnamed
            )
            for selection in self._selections
            if selection.repeats_by in self._headings
            for year, number, again, victims, unnamed in self._repeats_of(selection)
        }

    def _repeats_of(self, selection: Selection) -> list[tuple[Any, ...]]:
        """Return financial year, quarter, repeat offences, their victims, and offences without a victim."""
        sql = f"""
            SELECT year(day - INTERVAL 3 MONTH), quarter(day - INTERVAL 3 MONTH),
                count(*) FILTER (is_repeat), count(DISTINCT who) FILTER (is_repeat), count(*) FILTER (who = '')
            FROM (SELECT who, day, who != '' AND max(day) OVER (PARTITION BY who ORDER BY day RANGE BETWEEN
                    INTERVAL {selection.repeat_months} MONTH PRECEDING AND INTERVAL 1 DAY PRECEDING) IS NOT NULL
                    AS is_repeat
                FROM (SELECT {self._text(selection.repeats_by)} AS who,
                        CAST({self._date("date_recorded")} AS TIMESTAMP) AS day
                    FROM ({self._rows.relation()}) WHERE {self._inside} AND {self._within(selection.locus)}))
            GROUP BY ALL"""
        return self._rows.fetch(sql)

    def _within(self, locus: Locus) -> str:
        """Return the condition that a row bears what a locus asks for."""
        asked = ("locus_type", locus.types), ("locus_subtype", locus.subtypes), ("locality", locus.localities)
        flagged = [("domestic", self._settings.domestic_yes)] if locus.flag is Flag.DOMESTIC else []
        return " AND ".join(self._among(use, wanted) for use, wanted in (*asked, *flagged))

    def check_rows(self, groups: Sequence[_Group]) -> None:
        """Refuse an extract of which no file has rows."""
        if not groups:
            raise files.without_rows(self._rows.files[0].path, sheet=self._rows.files[0].sheet)

    def remarks(self, groups: Sequence[_Group]) -> tuple[str, ...]:
        """Return a sentence on every file that has no rows."""
        with_rows = {self._rows.original(name) for name in {group.file for group in groups}}
        return tuple(
            f"{file.path.name} has a heading row and no rows."
            for file in self._rows.files
            if file.path not in with_rows
        )

    def check_area(self, groups: Sequence[_Group]) -> None:
        """Refuse an area that no row is of, and offer the nearest names."""
        if not any(group.is_inside for group in groups):
            area = self._text("area")
            names = self._rows.fetch(f"SELECT DISTINCT {area} FROM ({self._rows.relation()}) WHERE {area} != ''")
            where = place(self._rows.files[0].path, heading=self._headings.get("area", ""))
            raise tables.unknown_area(self._area, [name for (name,) in names], where=where)

    def check_localities(self, groups: Sequence[_Group]) -> None:
        """Refuse a locality that no row of the area is in, and offer the nearest names."""
        found = frozenset(locus for group in groups for locus in group.loci)
        for selection in self._selections:
            if selection.localities and not selection.flag and selection.locus not in found:
                text, rows = self._text("locality"), self._rows.relation()
                sql = f"SELECT DISTINCT {text} FROM ({rows}) WHERE {self._inside} AND {text} != ''"
                names = [name for (name,) in self._rows.fetch(sql)]
                raise tables.unknown_area(selection.localities[0], names, where=selection.asked_at)

    def check_dates(self, groups: Sequence[_Group]) -> None:
        """Refuse dates that can't be read, or lie outside what can be."""
        wrong = [group for group in groups if group.is_inside and group.month is None]
        if not wrong:
            return
        file = self.first_file(wrong)
        found = self.named("date_recorded", f"({self._usable}) IS NOT TRUE", file)
        future = self.named("date_recorded", f"{self._date('date_recorded')} > {_day(self._latest)}", file)
        remedy = "Write dates as dd/mm/yyyy, as 2011-04-30 or as Excel dates."
        if found[0] in future:
            remedy = f"Mend the date, or `as_at` in partnership.toml: nothing is known after {_in_words(self._latest)}."
        rows = sum(group.rows for group in wrong)
        what = f"{found[0][1]} is not a date that can be used"
        raise self._error(what, rows, found, "date_recorded", file, remedy)

    def check_domestic(self, groups: Sequence[_Group]) -> None:
        """Refuse a domestic flag that is neither yes nor no."""
        wrong = [group for group in groups if group.odd_flags]
        if wrong:
            file = self.first_file(wrong)
            found = self.named("domestic", self._odd_flag, file)
            remedy = "Say in partnership.toml what it means, under domestic_yes or domestic_no."
            rows = sum(group.odd_flags for group in wrong)
            raise self._error(f"{found[0][1]} is neither yes nor no", rows, found, "domestic", file, remedy)

    def check_references(self) -> None:
        """Refuse an extract in which an offence reference is missing, or stands twice in the area."""
        if self._settings.references_repeat:
            return
        reference = self._text("offence_reference")
        sql = f"""
            SELECT {reference}, count(*) FROM ({self._rows.relation()}) WHERE {self._inside}
            GROUP BY 1 HAVING count(*) > 1 OR {reference} = '' ORDER BY 2 DESC, 1 LIMIT 1"""
        for repeated, count in self._rows.fetch(sql):
            self._raise_repeated(repeated, count, f"{reference} = {literal(repeated)}")

    def named(self, use: str, condition: str, file: RowFile) -> list[tuple[int, str]]:
        """Return the area's first rows of a file that meet a condition: their spreadsheet row and their value."""
        sql = f"""
            SELECT cdrp_xl_row, coalesce({self._raw(use)}, '') FROM {self._rows.numbered(file)}
            WHERE {self._inside} AND {condition} ORDER BY 1 LIMIT 4"""
        return [(row, quoted(value)) for row, value in self._rows.fetch(sql)]

    def first_file(self, groups: Sequence[_Group]) -> RowFile:
        """Return the first of the files that groups of rows stand in."""
        paths = {self._rows.original(name) for name in {group.file for group in groups}}
        return next(file for file in self._rows.files if file.path in paths)

    def offence_is(self, text: str) -> str:
        """Return the condition that a row's offence is a text."""
        return f"{self._text('offence')} = {literal(text)}"

    def error_for_offence(self, what: str, remedy: str, alike: Sequence[_Group]) -> ValueFoundError:
        """Return the error for an offence that can't be used, from all groups of rows that bear it."""
        file = self.first_file(alike)
        found = self.named("offence", self.offence_is(alike[0].offence), file)
        return self._error(what, sum(group.rows for group in alike), found, "offence", file, remedy)

    def _raise_repeated(self, repeated: str, count: int, condition: str) -> None:
        found = [(file, self.named("offence_reference", condition, file)) for file in self._rows.files]
        what = f"The offence reference {quoted(repeated)} stands {count:,} times"
        remedy = "Take the copies out; if one reference covers several offences, set references_repeat = true."
        if not repeated:
            what = "A row has no offence reference" if count == 1 else f"{count:,} rows have no offence reference"
            remedy = "Ask for the extract with its references."
        where = "; ".join(_rows_in(file, rows) for file, rows in found if rows)
        raise ValueFoundError(
            f"{what}.", where=f"{where}, heading {quoted(self._headings['offence_reference'])}", remedy=remedy
        )

    def _error(
        self, what: str, rows: int, found: list[tuple[int, str]], use: str, file: RowFile, remedy: str
    ) -> ValueFoundError:
        count = f" ({rows:,} rows are like this)" if rows > 1 else ""
        where = f"{_rows_in(file, found)}, heading {quoted(self._headings[use])}"
        return ValueFoundError(f"{what}{count}.", where=where, remedy=remedy)

    def _group(self, *fetched: Any) -> _Group:
        name, is_inside, offence, year, month, rows, odd_flags, *chosen = fetched
        return _Group(
            file=name,
            is_inside=is_inside,
            offence=offence,
            month=None if year is None else Month(year, month),
            loci=frozenset(itertools.compress(self._loci, chosen)),
            rows=rows,
            odd_flags=odd_flags,
        )

    def _among(self, use: str, wanted: Sequence[str]) -> str:
        return f"{self._plain(use)} IN ({', '.join(literal(_plain(name)) for name in wanted)})" if wanted else "true"

    def _plain(self, use: str) -> str:
        """Return the SQL of a text as `_plain` gives it; only texts that need it pay for the regular expression."""
        text = f"lower({self._text(use)})"
        uneven = f"contains({text}, '  ') OR regexp_matches({text}, '[\\t\\n\\r\\x0b\\x0c]')"
        return f"CASE WHEN {uneven} THEN regexp_replace({text}, '\\s+', ' ', 'g') ELSE {text} END"

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
        iso = f"CASE WHEN {text}[5] = '-' THEN CAST(try_cast({text} AS TIMESTAMP) AS DATE) END"  # the quickest to read
        return f"coalesce({iso}, CAST(try_strptime({text}, [{forms}]) AS DATE), {number})"


def _codes(
    groups: Sequence[_Group], settings: RecordedCrimeSettings, classification: Classification, scan: _Scan
) -> dict[str, str]:
    """Return the offence code of every offence text in the area's rows."""
    own = {_plain(text): code for text, code in settings.offence_codes.items()}
    inside = [group for group in groups if group.is_inside]
    codes: dict[str, str] = {}
    for offence in sorted({group.offence for group in inside}):
        code = classification.code(own.get(_plain(offence), offence))
        if code is None:
            alike = [group for group in inside if group.offence == offence]
            raise scan.error_for_offence(*_unknown(offence, own, classification), alike)
        codes[offence] = code
    return codes


def _unknown(offence: str, own: Mapping[str, str], classification: Classification) -> tuple[str, str]:
    """Return what is wrong with an offence that can't be used, and what to do."""
    table = "[sources.recorded_crime.offence_codes]"
    if (code := own.get(_plain(offence))) is not None:
        what = f"{quoted(offence)} stands for {quoted(code)}, which is not an offence code that is known"
        return what, f"{classification.nearest(code)} Mend it in partnership.toml, under {table}."
    what = f"{quoted(offence)} is not an offence that is known"
    return what, f"{classification.nearest(offence)} Or write what it means in partnership.toml, under {table}."


def _has_locus(selection: Selection, settings: RecordedCrimeSettings) -> bool:
    """Return whether the extract has the columns that a selection looks at."""
    own = settings.headings
    columns = own.locus_type, own.locus_subtype, own.locality, own.domestic
    return all(heading for asks, heading in zip(selection.locus, columns, strict=True) if asks)


def _counts(
    groups: Sequence[_Group],
    codes: Mapping[str, str],
    read: RowFiles,
    settings: RecordedCrimeSettings,
    classification: Classification,
    area: str,
    selections: Sequence[Selection],
    remarks: tuple[str, ...],
) -> tables.Counts:
    counted_as = functools.cache(functools.partial(_counted_as, classification, selections))
    months: dict[Month, dict[RowKey, int]] = {group.month: {} for group in groups if group.month}
    for group in groups:
        if group.is_inside and group.month:
            month = months[group.month]
            for row_id in counted_as(codes[group.offence], group.loci):
                month[row_id] = month.get(row_id, 0) + group.rows
    periods = {month: Period(month, month) for month in months}
    cells = {
        (area, row_id, periods[month]): rows for month, counted in months.items() for row_id, rows in counted.items()
    }
    return tables.Counts(
        classification=classification,
        areas=(area,),
        covered={area: frozenset(periods.values())},
        cells=cells,
        selections=tuple(
            each for selection in selections for each in selection.keys(row.row_id for row in classification.rows)
        ),
        origin=tables.Origin(
            source=SOURCE,
            publisher=settings.publisher,
            files=tuple(file.path.name for file in read.files),
            as_at=settings.as_at,
            next_release=settings.next_release,
            ledger=tuple(
                _ledger(file, [group for group in groups if read.original(group.file) == file.path])
                for file in read.files
            ),
            remarks=remarks,
        ),
    )


def _ledger(file: RowFile, groups: Sequence[_Group]) -> tables.FileLedger:
    counted = sum(group.rows for group in groups if group.is_inside)
    elsewhere = sum(group.rows for group in groups) - counted
    return tables.FileLedger.of(file.path.name, counted=counted, left_out={"in other areas": elsewhere})


def _counted_as(
    classification: Classification, selections: Sequence[Selection], code: str, loci: frozenset[Locus]
) -> tuple[RowKey, ...]:
    """Return what offences of a code at some loci are counted under: their offence rows, and selections."""
    row_ids = [row.row_id for row in classification.rows if code in row.codes]
    chosen = [
        each
        for selection in selections
        if loci.issuperset(selection.locus.parts) and selection.is_of(code, row_ids)
        for each in selection.keys(row_ids)
    ]
    return (*row_ids, *chosen)


def _rows_in(file: RowFile, found: Sequence[tuple[int, str]]) -> str:
    """Return the rows of a file, the first three by number: ``extract.csv, row 2, 3, 7``."""
    return f"{place(file.path, sheet=file.sheet)}, row {name_some([f'{row:,}' for row, _ in found[:3]])}"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _day(day: dt.date) -> str:
    return f"DATE {literal(day.isoformat())}"


def _in_words(day: dt.date) -> str:
    return f"{day.day} {Month.of(day).name}"
