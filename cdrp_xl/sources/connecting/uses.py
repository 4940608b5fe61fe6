"""Which column of an extract is what: by the name of its heading, and by what it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cdrp_xl import geography
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.folding import fold, spaced_sql
from cdrp_xl.offences.reading import CONTRADICTION, Written, are_class_and_sub_class
from cdrp_xl.sources import outcomes
from cdrp_xl.sources.connecting import names
from cdrp_xl.sources.recorded_crime import areas
from cdrp_xl.sources.recorded_crime.date_forms import DateForms
from cdrp_xl.sources.sql import identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cdrp_xl.offences.reading import OffenceReader
    from cdrp_xl.sources.connecting.columns import Column
    from cdrp_xl.sources.files import RowFiles
    from cdrp_xl.sources.recorded_crime import FlagSettings

YES = frozenset({"y", "yes", "true", "t", "1", "da", "dv", "domestic", "domestic abuse", "domestic violence"})
NO = frozenset(
    {"n", "no", "false", "f", "0", "", "non-domestic", "non domestic", "not domestic", "none", "null", "n/a"}
)

_MOST_OFFENCES = 1_500
_LEAST_READ = 0.5
_NEARLY_ALL = 0.9
_OFFENCES_TRIED = 40
_BY_NAME_ALONE = ("locality", "locus_type", "locus_subtype")
_IN_WORDS = {
    "offence_reference": "the reference of each offence",
    "date_recorded": "the day on which each was recorded",
    "offence": "the offence, as a code or in words",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What has been decided already: by the settings as they are, or by whoever was asked.

    `headings` are those of uses that are settled, "" for a use that no column is for; `other_areas` are names that look
    like the area's, and are not.
    """

    headings: Mapping[str, str]
    area_spellings: tuple[str, ...] = ()
    other_areas: tuple[str, ...] = ()
    offence_codes: Mapping[str, str]
    not_counted: tuple[str, ...] = ()
    references_repeat: bool = False
    flags: Mapping[str, FlagSettings] = field(default_factory=dict)


class Recogniser:
    """Recognises the columns of one extract, of which no column is for two uses.

    Parameters
    ----------
    rows
        The opened files.
    columns
        What they hold.
    own
        The partnership's area, and those that are joined in it.
    reader
        What reads offences under the partnership's definitions.
    """

    def __init__(
        self, rows: RowFiles, columns: Mapping[str, Column], *, own: Sequence[str], reader: OffenceReader
    ) -> None:
        self._rows = rows
        self._columns = columns
        self._own = own
        self._reader = reader
        self._found: dict[str, str] = {}

    def headings(self, chosen: Chosen) -> dict[str, str]:
        """Return the heading of every use that a column is for.

        Raises
        ------
        ValueFoundError
            If no column can be the reference, the date recorded or the offence: all that are missing are named.
        """
        by_fold = {fold(heading): heading for heading in self._columns}
        settled = {
            use: by_fold[fold(name)] if name else ""
            for use, name in chosen.headings.items()
            if not name or fold(name) in by_fold
        }
        self._found = {use: heading for use, heading in settled.items() if heading}
        looks: dict[str, Callable[[], str]] = {
            "area": self._area_column,
            "date_recorded": self._date_recorded_column,
            "offence_reference": self._reference_column,
            "offence": self._offence_column,
            "date_committed": lambda: self._best_named("date_committed", lambda column: column.are_dates),
            "offence_words": self._offence_words_column,
            "domestic": lambda: self._best_named("domestic", is_yes_or_no),
            "victim": lambda: self._best_named("victim", _has_many),
            "outcome": lambda: self._best_named("outcome", _are_outcomes),
            "lsoa": lambda: self._best_named("lsoa", _are_lsoas),
            "premises": lambda: self._best_named("premises", _has_many),
            **{use: lambda use=use: self._best_named(use, _has_some) for use in _BY_NAME_ALONE},  # type: ignore[misc]
        }
        for use, look in looks.items():
            if use not in settled and (heading := look()):
                self._found[use] = heading
        missing = [said for use, said in _IN_WORDS.items() if use not in self._found]
        if missing:
            file = self._rows.files[0].path.name
            raise ValueFoundError(
                f"No column of {file} is recognised as {name_some(missing)}.",
                where=f"{file}, headings {name_some(list(map(quoted, self._columns)), named=12)}",
                remedy="Name it in partnership.toml under sources.recorded_crime.headings, or ask for the column.",
            )
        return {use: heading for use, heading in self._found.items() if heading}

    def _free(self) -> list[Column]:
        used = set(self._found.values())
        return [column for heading, column in self._columns.items() if heading not in used]

    def _best_named(self, use: str, fits: Callable[[Column], bool]) -> str:
        """Return the heading whose name fits best, of those whose column fits; "" where none does."""
        scored = [(names.likeness(use, column.heading), column) for column in self._free()]
        fitting = [(likeness, column) for likeness, column in scored if likeness > 0 and fits(column)]
        return max(fitting, key=lambda each: each[0])[1].heading if fitting else ""

    def _area_column(self) -> str:
        """Return the column that has the area's own name; otherwise one that has a name like it, or is called an area.

        Otherwise it is one that holds areas and nothing else, whatever it is called: without it every row would be
        ours.
        """
        asked = frozenset(map(fold, _all_names(self._own)))
        able = [column for column in self._free() if not names.is_of_another("area", column.heading)]
        ours = [column for column in able if column.holding(asked)]
        if ours:
            return max(ours, key=lambda each: (names.likeness("area", each.heading), each.holding(asked))).heading
        near = [each for each in able if any(_is_near(self._own, value) for value in each.values)]
        named = [column for column in near if names.likeness("area", column.heading) > 0]
        if named:
            return named[0].heading
        return self._best_named("area", _has_any) or next(
            (each.heading for each in able if self._holds_areas(each)), ""
        )

    def _holds_areas(self, column: Column) -> bool:
        """Return whether nearly every row that has a value names an area that is known, or is nearly ours."""
        named = ((value, rows) for value, rows in column.values.items() if areas.is_known(value))
        found = [(rows, areas.is_an_area(value) or _is_near(self._own, value)) for value, rows in named]
        return 0 < _NEARLY_ALL * sum(rows for rows, _ in found) <= sum(rows for rows, is_area in found if is_area)

    def _date_recorded_column(self) -> str:
        """Return the dates called so; otherwise the only ones, or of several those that are never before the others."""
        if heading := self._best_named("date_recorded", lambda column: column.are_dates):
            return heading
        dates = [column for column in self._free() if column.are_dates and "birth" not in fold(column.heading)]
        others = [column for column in dates if names.likeness("date_committed", column.heading) == 0]
        left = [column for column in others or dates if column.filled >= _NEARLY_ALL * column.rows]
        last = [column for column in left if all(self._is_after(column, other) for other in left if other != column)]
        return last[0].heading if len(last) == 1 else ""

    def _is_after(self, one: Column, other: Column) -> bool:
        """Return whether the days of a column are those of another or later, in nearly every row."""
        first, second = (DateForms().sql(spaced_sql(identifier(column.heading))) for column in (one, other))
        sql = f"SELECT count(*), count(*) FILTER (({first}) >= ({second})) FROM ({self._rows.relation()})"
        ((rows, after),) = self._rows.fetch(sql)
        return bool(after >= _NEARLY_ALL * rows)

    def _reference_column(self) -> str:
        """Return the references called so; otherwise the first column of which every row has a value of its own."""
        if heading := self._best_named("offence_reference", lambda column: column.are_references):
            return heading
        own = [each for each in self._free() if each.are_references and each.different == each.rows]
        return own[0].heading if own else ""

    def _offence_column(self) -> str:
        """Return the column of which most is read as offences, of those called so; otherwise of any."""
        called = [column for column in self._free() if names.likeness("offence", column.heading) > 0]
        for candidates in (called, [column for column in self._free() if column not in called]):
            fitting = [column for column in candidates if column.different <= _MOST_OFFENCES and not column.are_dates]
            scored = [(self._read(column), names.likeness("offence", column.heading), column) for column in fitting]
            scored = [each for each in scored if each[0] >= _LEAST_READ]
            if scored:
                return max(scored, key=lambda each: each[:2])[2].heading
        return ""

    def _read(self, column: Column) -> float:
        """Return the share of rows whose offence is read; words that could be several count less, codes may be.

        A row without a value has no offence that is read.
        """
        tried = list(column.values.items())[:_OFFENCES_TRIED]
        read = sum(
            rows * bool(good) if text[0].isdigit() else good
            for text, rows in tried
            for good in [worth(self._reader, Written(text, "", rows))]
        )
        filled = column.filled / max(1, column.rows)
        return round(filled * read / max(1, sum(rows for _, rows in tried)), 3)

    def _offence_words_column(self) -> str:
        """Return a second column of offences that decides where the first could be several, if any does."""
        first = self._found.get("offence", "")
        if not first:
            return ""
        best, heading = self._worth_together(first, ""), ""
        for column in self._free():
            is_one = names.likeness("offence", column.heading) > 0 and column.different <= _MOST_OFFENCES
            if is_one and _are_sub_classes(self._columns[first], column):
                return column.heading
            if is_one and (both := self._worth_together(first, column.heading)) > best:
                best, heading = both, column.heading
        return heading

    def contradictions(self) -> Iterator[str]:
        """Yield a sentence on each column of offences that is not read and means others than the one that is."""
        first = self._found["offence"]
        for column in self._free() if "offence_words" not in self._found else ():
            is_one = names.likeness("offence", column.heading) > 0 and column.different <= _MOST_OFFENCES
            if is_one and self._read(column) >= _LEAST_READ:
                read = (self._reader.read(each) for each in self._together(first, column.heading))
                rows = sum(each.written.rows for each in read if each.remark == CONTRADICTION)
                if rows:
                    yield (
                        f"{quoted(column.heading)} means a different offence from {quoted(first)} in {rows:,} rows, "
                        "and is "
                        "not read: see which of the two is right."
                    )

    def _worth_together(self, first: str, second: str) -> float:
        """Return how many rows are read by two columns together, those that could be several counted less."""
        return sum(worth(self._reader, each) for each in self._together(first, second))

    def _together(self, first: str, second: str) -> Iterator[Written]:
        """Yield every offence as two columns together write it."""
        beside = identifier(second) if second else "''"
        sql = f"SELECT {identifier(first)}, {beside}, count(*) FROM ({self._rows.relation()}) GROUP BY ALL ORDER BY ALL"
        for text, more, rows in self._rows.fetch(sql):
            if said := " ".join((text or "").split()):
                yield Written(said, " ".join((more or "").split()), rows)


def _are_sub_classes(classes: Column, column: Column) -> bool:
    """Return whether two columns have a Home Office code between them: the class in one, the sub class in the other."""
    are_classes = all(are_class_and_sub_class(one, "00") for one in classes.values)
    return bool(column.values) and are_classes and all(are_class_and_sub_class("001", each) for each in column.values)


def is_yes_or_no(column: Column) -> bool:
    """Return whether a column holds nothing but a yes or a no, in whichever words, or a blank."""
    return bool(column.values) and all(fold(value) in YES | NO for value in column.values)


def values_among(column: Column, words: frozenset[str]) -> tuple[str, ...]:
    """Return the values of a column that are among some words, as they are written."""
    return tuple(sorted(value for value in column.values if fold(value) in words))


def worth(reader: OffenceReader, written: Written) -> float:
    """Return the rows of an offence or incident that is read, fewer the more it could be, and 0 for one that is not."""
    reading = reader.read(written)
    if reading.is_unknown and not reading.is_incident:
        return 0.0
    return written.rows * (1 + 1 / max(1, len(reading.could_be))) / 2


def _has_any(column: Column) -> bool:
    return column.different > 0 and not column.are_dates and not is_yes_or_no(column)


def _are_outcomes(column: Column) -> bool:
    """Return whether most values that are not blank are outcomes that are known."""
    written = {value: rows for value, rows in column.values.items() if value.strip()}
    good = sum(rows for value, rows in written.items() if outcomes.read(value))
    return 0 < _LEAST_READ * sum(written.values()) <= good


def _are_lsoas(column: Column) -> bool:
    """Return whether nearly every value is the code of an LSOA of England or Wales."""
    good = sum(rows for value, rows in column.values.items() if re.fullmatch(r"[EW]01\d{6}", value.strip().upper()))
    return 0 < _NEARLY_ALL * sum(column.values.values()) <= good


def _has_some(column: Column) -> bool:
    return column.different > 1 and not column.are_dates and not is_yes_or_no(column)


def _has_many(column: Column) -> bool:
    return column.different > len(YES) and not column.are_dates


def spelt_nearly(own: Sequence[str], values: Iterable[str]) -> tuple[str, ...]:
    """Return the names among some values that look as if they were meant for one of the partnership's areas."""
    known = {fold(name) for name in _all_names(own)}
    return tuple(value for value in values if fold(value) not in known and _is_near(own, value))


def _all_names(own: Sequence[str]) -> list[str]:
    return [name for area in own for name in (area, *geography.names_of(area), *geography.codes_of(area))]


def _is_near(own: Sequence[str], value: str) -> bool:
    return any(areas.nearly(area, value) for area in own)
