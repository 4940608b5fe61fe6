"""The one scan of an extract's rows: what each row is, and the counts of rows that are alike in what is asked."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from cdrp_xl import tables
from cdrp_xl.errors import OFFENDERS_NAMED
from cdrp_xl.folding import fold, fold_sql, spaced_sql
from cdrp_xl.geography import codes_of, names_of
from cdrp_xl.periods import Month, Period, quarter
from cdrp_xl.sources.recorded_crime import areas, flag_use
from cdrp_xl.sources.recorded_crime.date_forms import DateForms, day_sql
from cdrp_xl.sources.sql import FILE_COLUMN, identifier, literal
from cdrp_xl.terms import Flag

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from cdrp_xl.selected import Selected
    from cdrp_xl.sources.files import RowFile, RowFiles
    from cdrp_xl.sources.recorded_crime import RecordedCrimeSettings
    from cdrp_xl.sources.selection import Locus, Selection

KIND, RECORDED = "cdrp_xl_kind", "cdrp_xl_recorded"
"""What a row is, and the day on which it was recorded, beside a prepared row; no extract has such headings."""

_FIRST_DAY = "1971-01-01"
"""Systems write 1 January 1900 or 1970 where they have no date."""

_BETWEEN_WORDS = r"\s*[;,|/]\s*"
_TOTAL = (
    r"^((grand|sub|overall)[ -]?)?totals?\b|\btotal$|^(sum|count) of\b|"
    r"^[0-9,]+ rows?\b|^rows?:|\brows? (affected|returned)"
)


class Kind(IntEnum):
    """What a row of an extract is."""

    INSIDE = 0
    BLANK = 1
    HEADINGS = 2
    TOTAL = 3
    WORDS = 4
    NO_AREA = 5
    ELSEWHERE = 6


class Wanted(NamedTuple):
    """A word of the settings that rows should have: the column that it is looked for in, and the word."""

    use: str
    word: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are alike in all that is asked of them.

    `area` is that of rows that are not inside, and of those that are, the one of several joined whose name they have;
    `offence` and `beside` are empty outside the area; `month` is None where the date recorded can't be used; `loci` are
    those of selections that are met; `odd_flags` counts domestic flags that are neither yes nor no; `words` are those
    of the settings that some row of the group has.
    """

    file: str
    kind: Kind
    area: str
    offence: str
    beside: str
    month: Month | None
    rows: int
    odd_flags: int
    loci: frozenset[Locus]
    words: frozenset[Wanted]

    @property
    def is_inside(self) -> bool:
        """Whether its rows are of the area."""
        return self.kind is Kind.INSIDE


class Columns:
    """The SQL of what is under the headings that the settings name, over rows that `prepared` has put into form."""

    def __init__(self, headings: Mapping[str, str]) -> None:
        self.headings = headings

    def raw(self, use: str) -> str:
        """Return a column as it is, an empty text where the settings name none."""
        return identifier(self.headings[use]) if use in self.headings else "''"

    def text(self, use: str) -> str:
        """Return a column's text with single spaces; empty where it is blank."""
        return f"cdrp_xl_text_{use}" if use in self.headings else "''"

    def folded(self, use: str) -> str:
        """Return a column's text as words are compared; empty where it is blank."""
        return f"cdrp_xl_folded_{use}" if use in self.headings else "''"

    def prepared(self, relation: str) -> str:
        """Return the SQL of rows with their texts in form, each put into it once for all that is asked of it."""
        forms = [
            f"coalesce({sql(self.raw(use))}, '') AS {name(use)}"
            for use in self.headings
            for sql, name in ((spaced_sql, self.text), (fold_sql, self.folded))
        ]
        return f"(SELECT *, {', '.join(forms)} FROM {relation})"

    def among(self, use: str, words: Sequence[str]) -> str:
        """Return the condition that a column holds one of some words; true where none is asked for."""
        listed = ", ".join(literal(fold(word)) for word in words)
        return f"{self.folded(use)} IN ({listed})" if words else "true"


class Scan:
    """The rows of an extract as one report asks for them.

    Only rows of the area are looked into: this report is not at fault for what other areas' rows hold. They are
    separated by which of several joined areas they name, or by the column that `apart_by` names.
    """

    def __init__(
        self,
        rows: RowFiles,
        settings: RecordedCrimeSettings,
        area: str,
        selections: Sequence[Selection],
        *,
        latest: dt.date,
        parts: Sequence[str] = (),
        apart_by: str = "",
        forms: DateForms | None = None,
    ) -> None:
        self.rows = rows
        self.settings = settings
        self.area = area
        self.parts = tuple(parts)
        self.selections = selections
        self.latest = latest
        self.forms = forms or DateForms(days_from_1904=tuple(file.key for file in rows.files if file.is_from_1904))
        self.columns = Columns(settings.columns)
        self.uses_of_flags = {name: flag_use(number) for number, name in enumerate(settings.flags)}
        self.uses_of_flags |= {Flag.DOMESTIC.value: "domestic"} if settings.headings.domestic else {}
        self.loci = tuple(dict.fromkeys(part for selection in selections for part in selection.locus.parts))
        self.usable = f"{RECORDED} BETWEEN DATE {literal(_FIRST_DAY)} AND {day_sql(latest)}"
        spelt = self._spelt = {name: (name, *names_of(name), *codes_of(name)) for name in (area, *parts)}
        for word in settings.area_spellings:
            if near := next((part for part in parts if areas.nearly(part, word)), ""):
                spelt[near] += (word,)
        self.areas = tuple(dict.fromkeys((area, *settings.area_spellings, *itertools.chain(*spelt.values()))))
        self.wanted = _words_to_find(settings, self.areas, selections)
        self.apart_by = apart_by
        self._part = (
            self.columns.text(apart_by) if apart_by else _part_sql(self.columns, {part: spelt[part] for part in parts})
        )
        own = self.columns.among("area", self.areas)
        self.inside = own if "area" in self.columns.headings else f"{KIND} = {Kind.INSIDE.value}"
        self.odd_flag = " OR ".join(map(self.is_odd, self.uses_of_flags)) or "false"

    def reading_dates(self, forms: DateForms) -> Scan:
        """Return the same scan, with dates read in other forms."""
        return Scan(
            self.rows,
            self.settings,
            self.area,
            self.selections,
            latest=self.latest,
            parts=self.parts,
            apart_by=self.apart_by,
            forms=forms,
        )

    def prepared(self, relation: str) -> str:
        """Return the SQL of rows with all that is asked about each: its texts in form, its date, and what it is."""
        date = self.forms.sql(self.columns.text("date_recorded"))
        dated = f"(SELECT *, {date} AS {RECORDED} FROM {self.columns.prepared(relation)})"
        return f"(SELECT *, {_kind_sql(self.columns, self.areas, self.usable)} AS {KIND} FROM {dated})"

    @property
    def all_rows(self) -> str:
        """The SQL of the rows of all files, prepared."""
        return self.prepared(f"({self.rows.relation()})")

    def groups(self) -> list[Group]:
        """Return the counts of all rows that are alike in what is asked."""
        columns, usable = self.columns, self.usable
        is_inside = f"{KIND} = {Kind.INSIDE.value}"
        chosen = [f"{is_inside} AND {self.within(locus)}" for locus in self.loci]
        found = [f"bool_or({columns.folded(each.use)} = {literal(fold(each.word))})" for each in self.wanted]
        select = (
            *(FILE_COLUMN, KIND, f"CASE WHEN {is_inside} THEN {self._part} ELSE {columns.text('area')} END"),
            *(f"CASE WHEN {is_inside} THEN {columns.text(use)} ELSE '' END" for use in ("offence", "offence_words")),
            *(f"CASE WHEN {usable} THEN {part}({RECORDED}) END" for part in ("year", "month")),
            *("count(*)", f"count(*) FILTER ({is_inside} AND {self.odd_flag})", *chosen, *found),
        )
        sql = f"SELECT {', '.join(select)} FROM {self.all_rows} GROUP BY ALL"
        loci, words = functools.cache(self._loci_of), functools.cache(self._words_of)
        ends = len(select) - len(found) - len(chosen), len(select) - len(found)
        rows = ((row[: ends[0]], row[slice(*ends)], row[ends[1] :]) for row in self.rows.fetch(sql))
        return [_group(row, loci(of_loci), words(of_words)) for row, of_loci, of_words in rows]

    def repeats(self, *, without: str) -> dict[tuple[Selected, Period], tables.Repeats]:
        """Return the repeat offences of every selection that asks for them and can have them, by quarter.

        `without` is the condition of rows that are not crime.
        """
        return {
            (selection.counted_as, quarter(year, number)): tables.Repeats(
                offences=again, victims=victims, unnamed=unnamed
            )
            for selection in self.selections
            if selection.repeats_by in self.columns.headings
            for year, number, again, victims, unnamed in self._repeats_of(selection, without)
        }

    def _repeats_of(self, selection: Selection, without: str) -> list[tuple[Any, ...]]:
        """Return financial year, quarter, repeat offences, their victims, and offences without a victim."""
        sql = f"""
            SELECT year(day - INTERVAL 3 MONTH), quarter(day - INTERVAL 3 MONTH),
                count(*) FILTER (is_repeat), count(DISTINCT who) FILTER (is_repeat), count(*) FILTER (who = '')
            FROM (SELECT who, day, who != '' AND max(day) OVER (PARTITION BY who ORDER BY day RANGE BETWEEN
                    INTERVAL {selection.repeat_months} MONTH PRECEDING AND INTERVAL 1 DAY PRECEDING) IS NOT NULL
                    AS is_repeat
                FROM (SELECT {self.columns.text(selection.repeats_by)} AS who, CAST({RECORDED} AS TIMESTAMP) AS day
                    FROM {self.all_rows} WHERE {self.inside} AND {self.within(selection.locus)} AND NOT ({without})))
            GROUP BY ALL"""
        return self.rows.fetch(sql)

    def within(self, locus: Locus) -> str:
        """Return the condition that a row has what a locus asks for; a locality may be one of the areas joined."""
        parts = [part for part in self.parts if locus.localities and fold(part) in map(fold, locus.localities)]
        places = ("area", self._spelt[parts[0]]) if parts else ("locality", locus.localities)
        asked = ("locus_type", locus.types), ("locus_subtype", locus.subtypes), places
        flagged = [self.has_flag(locus.flag)] if locus.flag else []
        return " AND ".join([*(self.columns.among(use, words) for use, words in asked), *flagged])

    def has_flag(self, flag: str) -> str:
        """Return the condition that a row has a flag."""
        own, use = self.settings.every_flag[flag], self.uses_of_flags[flag]
        if not own.is_list:
            return self.columns.among(use, own.yes)
        words = ", ".join(literal(fold(word)) for word in own.yes)
        return f"list_has_any(string_split_regex({self.columns.folded(use)}, {literal(_BETWEEN_WORDS)}), [{words}])"

    def is_odd(self, flag: str) -> str:
        """Return the condition that what is under a flag's heading means neither yes nor no; of a list nothing does."""
        own = self.settings.every_flag[flag]
        words = [*own.yes, *own.no]
        return "false" if own.is_list else f"NOT ({self.columns.among(self.uses_of_flags[flag], words)})"

    def first_rows(self, condition: str, file: RowFile, *, count: int = OFFENDERS_NAMED) -> list[int]:
        """Return the numbers of the first rows of a file that meet a condition, as a spreadsheet numbers them."""
        sql = f"SELECT cdrp_xl_row FROM {self.prepared(self.rows.numbered(file))} WHERE {condition} LIMIT {count}"
        return sorted(row for (row,) in self.rows.fetch(sql))

    def recorded_in(self, file: RowFile, period: Period) -> list[tuple[Any, ...]]:
        """Return the rows of the area in a file that were recorded in a period, in their order.

        Each has its number, reference, offence, what a second column says about it, and whether it meets each of
        `loci`.
        """
        columns = self.columns
        days = f"{RECORDED} BETWEEN {day_sql(period.first.first_day)} AND {day_sql(period.last_day)}"
        select = ("cdrp_xl_row", *map(columns.text, ("offence_reference", "offence", "offence_words")))
        loci = [self.within(locus) for locus in self.loci]
        sql = f"""SELECT {", ".join([*select, *loci])} FROM {self.prepared(self.rows.numbered(file))}
            WHERE {KIND} = {Kind.INSIDE.value} AND {days} ORDER BY cdrp_xl_row"""
        return self.rows.fetch(sql)

    def file_of(self, group: Group) -> RowFile:
        """Return the file, or worksheet, that a group's rows are in."""
        return self.rows.file_of(group.file)

    def _loci_of(self, are_met: tuple[bool, ...]) -> frozenset[Locus]:
        return frozenset(itertools.compress(self.loci, are_met))

    def _words_of(self, are_met: tuple[bool, ...]) -> frozenset[Wanted]:
        return frozenset(itertools.compress(self.wanted, are_met))


def _group(fetched: Sequence[Any], loci: frozenset[Locus], words: frozenset[Wanted]) -> Group:
    file, kind, area, offence, beside, year, month, rows, odd_flags = fetched
    return Group(
        file=file,
        kind=Kind(kind),
        area=area,
        offence=offence,
        beside=beside,
        month=None if year is None else Month(year, month),
        rows=rows,
        odd_flags=odd_flags,
        loci=loci,
        words=words,
    )


def _words_to_find(
    settings: RecordedCrimeSettings, areas_named: Sequence[str], selections: Sequence[Selection]
) -> tuple[Wanted, ...]:
    """Return the words of the settings that some row should have."""
    by_use = [
        *(("locus_type", word) for each in selections for word in each.locus_types),
        *(("locus_subtype", word) for each in selections for word in each.locus_subtypes),
        *(("domestic", word) for word in settings.domestic_yes if settings.headings.domestic),
        *(
            (flag_use(number), word)
            for number, flag in enumerate(settings.flags.values())
            for word in flag.yes
            if not flag.is_list
        ),
        *(("area", word) for word in areas_named if settings.headings.area),
    ]
    alike = {(use, fold(word)): Wanted(use, word) for use, word in reversed(by_use)}
    return tuple(reversed(alike.values()))


def _part_sql(columns: Columns, spelt: Mapping[str, Sequence[str]]) -> str:
    """Return the SQL of which of several areas joined a row has a name of; empty for rows of the whole by its own."""
    if not spelt or "area" not in columns.headings:
        return "''"
    whens = (f"WHEN {columns.among('area', names)} THEN {literal(part)}" for part, names in spelt.items())
    return f"CASE {' '.join(whens)} ELSE '' END"


def _kind_sql(columns: Columns, areas_named: Sequence[str], usable: str) -> str:
    """Return the SQL of what a row is: a row of the area first, so that what is wrong in it is never passed over."""
    named = [columns.text(use) for use in columns.headings]
    reference, date, offence = (columns.text(use) for use in ("offence_reference", "date_recorded", "offence"))
    filled = " + ".join(f"CAST({text} != '' AS INTEGER)" for text in named)
    totals = [f"regexp_matches({columns.folded(use)}, {literal(_TOTAL)})" for use in ("offence_reference", "area")]
    is_total = f"({' OR '.join(totals)})"
    repeats = " AND ".join(
        f"{text} = {literal(' '.join(columns.headings[use].split()))}"
        for use, text in (("offence_reference", reference), ("offence", offence))
    )
    is_empty = f"{date} = '' AND {offence} = ''"
    others = f"""WHEN {repeats} THEN {Kind.HEADINGS.value}
        WHEN {is_empty} AND {filled} = 0 THEN {Kind.BLANK.value}
        WHEN ({usable}) IS NOT TRUE AND {is_total} THEN {Kind.TOTAL.value}
        WHEN {is_empty} AND {filled} = 1 THEN {Kind.WORDS.value}"""
    if "area" not in columns.headings:
        return f"CASE {others} ELSE {Kind.INSIDE.value} END"
    is_error = f"regexp_matches({columns.folded('area')}, {literal(areas.ERROR_OR_FORMULA)})"
    unknown = f"{columns.among('area', areas.UNKNOWN)} OR {is_error}"
    return f"""CASE WHEN {columns.among("area", areas_named)} THEN {Kind.INSIDE.value} {others}
        WHEN {unknown} THEN {Kind.NO_AREA.value} ELSE {Kind.ELSEWHERE.value} END"""
