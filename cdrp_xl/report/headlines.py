"""The headlines: what matters most, the quarter in five sentences, and a line of each priority and main offence row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypedDict

from cdrp_xl.measures.comparison import apparent_change
from cdrp_xl.periods import year_ending
from cdrp_xl.report.chance import larger_than_usual
from cdrp_xl.report.model import Headline, Headlines
from cdrp_xl.report.wording import in_brackets, in_offences, say, within
from cdrp_xl.selected import PriorityOffences
from cdrp_xl.terms import NO_CALC, NOT_APPLICABLE, NOT_AVAILABLE, Decision, Polarity, Status, as_shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.offences import Classification, Row
    from cdrp_xl.periods import Period
    from cdrp_xl.report.chance import Judge
    from cdrp_xl.report.model import Emerging, Highlights, HighlightsRow, PriorityResult
    from cdrp_xl.report.rates_beside import Rates
    from cdrp_xl.settings import SignificanceSettings
    from cdrp_xl.tables import Cell, Counts

SECTION = "headlines"

MOST_ROWS = 16
"""As many lines as leave room for the sentences on one page."""

_MOST_NAMED = 3
_POSITIONS_NAMED = 2
_ORDER = (Status.WORSE, Status.CONCERN, Status.BETTER, Status.NOT_ASSESSED)
_WORDING_KEYS = {Polarity.LOWER_IS_BETTER: "offences", Polarity.ACTIVITY: "activity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the headlines are made of.

    Attributes
    ----------
    table, highlights
        Every offence row in both periods, as counted and as published. Unit: offences.
    of_year
        Gives the offences of a row in a year, None where they can't be counted or may not be given. Unit: offences.
    judged
        Gives the verdict on a row's change; None where counts are rounded, since verdicts would say more than they do.
    settings
        At which rate of false discoveries, and from how many offences on, a change is said to be larger than usual.
    priorities, measures, emerging
        The results of the priorities, the ids of the rows that each adds up, by the priority's (none where it is of
        some of their offences alone), and the rows that changed by more than usual.
    rates
        Gives the rates of a year's offences, of rows of these ids.
    """

    table: Comparison
    highlights: Highlights
    of_year: Callable[[Row, Period], int | None]
    judged: Judge | None
    settings: SignificanceSettings
    priorities: Sequence[PriorityResult]
    measures: Mapping[str, Sequence[str]]
    emerging: Emerging
    rates: Callable[[int | None, Sequence[str]], Rates]
    force: str = ""

    @property
    def years(self) -> tuple[Period, Period]:
        """The twelve months to the end of the later period, and those before."""
        year = year_ending(self.highlights.later.last)
        return year, year.earlier()


def build(found: Found) -> Headlines:
    """Return the headlines.

    Parameters
    ----------
    found
        What it is made of.

    Returns
    -------
    Headlines
        Its title names what matters most: a rise, a priority in a worse position, a change of the total, a fall.
    """
    return _Page(found).headlines()


def main_rows(classification: Classification) -> tuple[Row, ...]:
    """Return the rows at the top of a table, level by level as far as they fit on a page, in the order of the table."""
    chosen: list[Row] = []
    level = [row for row in classification.rows if not row.parent]
    while level and len(chosen) + len(level) <= MOST_ROWS:
        chosen += level
        ids = {row.row_id for row in level}
        below = (row for row in classification.rows if row.parent in ids and not row.is_remainder)
        level = [row for row in below if row.row_id not in classification.incidents]
    return tuple(sorted(chosen, key=lambda row: row.number))


def years(counts: Counts, rows: Sequence[Row], *, area: str, later: Period) -> dict[Cell, int]:
    """Return the offences of rows in the twelve months to the end of a period and in those before, where covered.

    Parameters
    ----------
    counts
        The source of the report's table. Unit: offences.
    rows
        The main rows.
    area
        The partnership's area.
    later
        The later period of the table.
    """
    year = year_ending(later.last)
    return {
        (area, row.row_id, each): counts.offences(area=area, row_id=row.row_id, period=each)
        for row in rows
        if row.row_id not in counts.rows_missing
        for each in (year, year.earlier())
        if counts.covers(each, area=area)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """What changed by more than usual, by its name: a row, or a row in a locality. Unit: offences, as published."""

    name: str
    row: Row
    earlier: int | str
    later: int | str


class _Page:
    """The page while it is made: its rows are chosen and judged once, and sentences and title are of these."""

    def __init__(self, found: Found) -> None:
        self._found = found
        rows = found.highlights.classification.rows
        self._total = found.highlights[rows[0].row_id]
        main = main_rows(found.highlights.classification)
        self._listed = [
            issue for issue in (*found.emerging.rises, *found.emerging.falls) if _is_of_area(issue.name, issue.row)
        ]
        self._dismissed = {each.row.row_id for each in self._listed if each.decision is Decision.DISMISSED}
        self._larger = {each.row.row_id for each in self._listed} | self._larger_groups(main)
        moved = [each.row for each in self._listed if each.row not in main]
        self._rows = (*main, *moved)

    def headlines(self) -> Headlines:
        """Return the page: the total, the priorities, and the other rows, of which none is one that is a priority."""
        alone = {rows[0] for rows in self._found.measures.values() if len(rows) == 1}
        total, *others = self._rows
        rows = [self._found.highlights[row.row_id] for row in others if row.row_id not in alone]
        first = 1 + len(self._found.priorities)
        ranked = sorted(rows, key=lambda each: (not self._has_moved(each), -_size(each)))
        lines = (
            self._line(self._found.highlights[total.row_id], rank=0),
            *(self._priority_line(each, rank=rank) for rank, each in enumerate(self._found.priorities, 1)),
            *(self._line(each, rank=first + ranked.index(each)) for each in rows),
        )
        return Headlines(
            title=self._title(),
            sentences=tuple(self._sentences()),
            lines=lines,
            note=" ".join(self._note()),
            of_rates={whose: say("headlines", f"note_{whose}", force=self._found.force) for whose in _rates_in(lines)},
            part=say("headlines", "part", worksheet=self._found.highlights.classification.table),
        )

    def _has_moved(self, published: HighlightsRow) -> bool:
        return published.row.row_id in self._larger - self._dismissed

    def _note(self) -> Iterator[str]:
        """Yield what the lines are compared with."""
        if self._found.judged:
            yield say("headlines", "note_usual")
        if self._found.priorities:
            yield say("headlines", "note_priorities")

    def _larger_groups(self, rows: Sequence[Row]) -> set[str]:
        """Return which of the rows that are sums of others changed by more than usual, the total apart."""
        if self._found.judged is None:
            return set()
        sums = [row for row in rows if not row.is_leaf and row != self._total.row]
        counted = [self._found.table[row.row_id] for row in sums if self._is_published(row)]
        return {each.row.row_id for each in larger_than_usual(counted, self._found.settings, self._found.judged)}

    def _is_published(self, row: Row) -> bool:
        return isinstance(self._found.highlights[row.row_id].change, int)

    def _is_larger(self, row: Row) -> bool | None:
        """Return whether a row's change is larger than usual, None where that can't be said."""
        if row == self._total.row and self._found.judged and self._is_published(row):
            return self._found.judged(self._found.table[row.row_id]).is_larger_than_usual
        if row.row_id in self._larger:
            return True
        return None if self._found.judged is None or not self._is_published(row) else False

    def _line(self, published: HighlightsRow, *, rank: int) -> Headline:
        year, before = self._found.years
        of_year = self._found.of_year(published.row, year)
        return Headline(
            name=published.row.name,
            key=published.row.row_id,
            rank=rank,
            is_extra=rank > 0 and not self._has_moved(published),
            earlier=published.earlier,
            later=published.later,
            apparent_change=published.apparent_change,
            verdict=self._verdict(published),
            rates=self._found.rates(of_year, (published.row.row_id,)),
            **_years(of_year, self._found.of_year(published.row, before)),
        )

    def _priority_line(self, result: PriorityResult, *, rank: int) -> Headline:
        """Return a priority's line, made of what its own worksheet publishes, so that it discloses nothing more."""
        periods = self._found.highlights
        earlier, later = (_published_there(result, each) for each in (periods.earlier, periods.later))
        year, before = (_published_there(result, each) for each in self._found.years)
        rows = self._found.measures.get(result.priority_id, ())
        return Headline(
            name=result.title,
            key=PriorityOffences(result.priority_id),
            rank=rank,
            is_extra=False,
            earlier=NOT_AVAILABLE if earlier is None else earlier,
            later=NOT_AVAILABLE if later is None else later,
            apparent_change=_change(earlier, later),
            verdict=self._position(result, rows),
            rates=self._found.rates(year, rows),
            **_years(year, before),
        )

    def _position(self, result: PriorityResult, rows: Sequence[str]) -> str:
        """Return a priority's position, and that its one row moved by more than usual where it did."""
        shown = as_shown(result.assessment.status)
        if len(rows) == 1 and rows[0] in self._larger - self._dismissed:
            moved = "rise_too" if self._found.table[rows[0]].change > 0 else "fall_too"
            return say("against_usual", moved, position=shown)
        return shown

    def _verdict(self, published: HighlightsRow) -> str:
        is_larger = self._is_larger(published.row)
        if is_larger is None or isinstance(published.change, str):
            return NOT_APPLICABLE
        if published.row.row_id in self._dismissed:
            return say("against_usual", "dismissed")
        meant = f"{'rise' if published.change > 0 else 'fall'}_{_WORDING_KEYS[published.row.polarity]}"
        return say("against_usual", meant if is_larger else "within")

    def _moved(self, *, up: bool) -> list[_Moved]:
        """Return what rose, or fell, by more than usual and was not dismissed: issues first, then sums of rows."""
        issues = self._found.emerging.reported if up else self._found.emerging.falls
        named = [_Moved(name=_name(each.name), row=each.row, earlier=each.earlier, later=each.later) for each in issues]
        known = {each.row.row_id for each in self._listed}
        for row in self._rows:
            published = self._found.highlights[row.row_id]
            if row.row_id in self._larger - known and (self._found.table[row.row_id].change > 0) == up:
                named.append(_Moved(name=row.name, row=row, earlier=published.earlier, later=published.later))
        return named

    def _title(self) -> str:
        rises, falls = self._moved(up=True), self._moved(up=False)
        worse = [each for each in self._found.priorities if each.assessment.status is Status.WORSE]
        if rises:
            return _headline_of_moves("rise", rises)
        if worse:
            return say("headlines", "worse", priority=worse[0].title, baseline=worse[0].baseline_year.name)
        is_larger = self._is_larger(self._total.row)
        if is_larger and isinstance(self._total.change, int):
            return say("headlines", "up" if self._total.change > 0 else "down")
        if falls:
            return _headline_of_moves("fall", falls)
        return (
            say("headlines", "counted", later=_count(self._total.later))
            if is_larger is None
            else say("headlines", "usual")
        )

    def _sentences(self) -> Iterator[str]:
        """Yield what is said about the total, of its twelve months, of the priorities, of rises and of falls."""
        if isinstance(self._total.earlier, int) and isinstance(self._total.later, int):
            yield self._total_sentence(self._total.earlier, self._total.later)
        yield from self._year_sentences()
        if self._found.priorities:
            yield _positions(self._found.priorities)
        rises, falls = self._moved(up=True), self._moved(up=False)
        dismissed = say("headlines", "dismissed") if self._dismissed else ""
        if rises:
            yield say("headlines", "rose", names=_names_with_counts(rises))
        else:
            yield say("headlines", "none_rose" if falls else "neither", dismissed=dismissed)
        if falls:
            yield say("headlines", "fell", names=_names_with_counts(falls))

    def _total_sentence(self, earlier: int, later: int) -> str:
        periods = self._found.highlights
        words = {"words": periods.later.words, "earlier_words": periods.earlier.words}
        if earlier == later:
            return say("headlines", "total_same", later=in_offences(later), **words)
        is_larger = self._is_larger(self._total.row)
        return say(
            "headlines",
            "total_one" if later == 1 else "total",
            later=in_offences(later),
            difference=say("headlines", "more" if later > earlier else "fewer", count=f"{abs(later - earlier):,}"),
            printed=in_brackets(earlier, later),
            verdict="" if is_larger is None else say("headlines", "larger" if is_larger else "within"),
            **words,
        )

    def _year_sentences(self) -> Iterator[str]:
        line = self._line(self._total, rank=0)
        if line.year is not None and line.year_before is not None:
            yield say(
                "headlines",
                "year_same" if line.year == line.year_before else "year_one" if line.year == 1 else "year",
                month=self._found.highlights.later.last.name,
                later=in_offences(line.year),
                earlier=f"{line.year_before:,}",
                printed=in_brackets(line.year_before, line.year),
            )


class _Years(TypedDict):
    """The two years of a line, and the change between them. Units: offences, and a fraction."""

    year: int | None
    year_before: int | None
    year_change: float | str


def _years(year: int | None, before: int | None) -> _Years:
    return {"year": year, "year_before": before, "year_change": _change(before, year)}


def _change(earlier: int | None, later: int | None) -> float | str:
    if earlier is None or later is None:
        return NOT_AVAILABLE
    share = apparent_change(earlier, later)
    return NO_CALC if share is None else share


def _published_there(result: PriorityResult, period: Period) -> int | None:
    """Return the offences of a priority in a period as its worksheet publishes them, or as they add up by quarters."""
    if period == result.period:
        return result.later
    counts = [point.offences for point in result.trend if point.quarter in period]
    months = sum(point.quarter.months_count for point in result.trend if point.quarter in period)
    return sum(filter(None, counts)) if months == period.months_count and None not in counts else None


def _rates_in(lines: Sequence[Headline]) -> tuple[str, ...]:
    """Return whose rates any line has: own, force, group."""
    every = [asdict(line.rates) for line in lines]
    return tuple(whose for whose in every[0] if any(isinstance(rates[whose], float) for rates in every))


def _size(published: HighlightsRow) -> int:
    return published.later if isinstance(published.later, int) else 0


def _is_of_area(name: str, row: Row) -> bool:
    """Return whether an issue is of the whole area: that of a locality names it, too."""
    return _name(name) == row.name


def _name(of_issue: str) -> str:
    """Return an issue's name without its quarter."""
    return of_issue.rpartition(", ")[0]


def _headline_of_moves(key: str, moved: Sequence[_Moved]) -> str:
    one = len(moved) == 1
    return say("headlines", key, row=moved[0].name) if one else say("headlines", f"{key}s", count=len(moved))


def _positions(results: Sequence[PriorityResult]) -> str:
    """Return the position of each priority, or how many are in which where there are many."""
    if len(results) <= _POSITIONS_NAMED:
        return " ".join(map(_position, results))
    by_status = {status: sum(each.assessment.status is status for each in results) for status in _ORDER}
    counted = (
        say("headlines", "positions", count=count, status=within(status))
        for status, count in by_status.items()
        if count
    )
    return say("headlines", "priorities", positions="; ".join(counted))


def _position(result: PriorityResult) -> str:
    can_compare = result.later is not None and result.baseline is not None
    compared = "position_same" if result.later == result.baseline else "position"
    return say(
        "headlines",
        compared if can_compare else "position_alone",
        priority=result.title,
        status=within(result.assessment.status),
        later=_count(result.later or 0),
        baseline=_count(result.baseline or 0),
        baseline_words=result.baseline_period.words,
    )


def _names_with_counts(moved: Sequence[_Moved]) -> str:
    """Return the first rows that moved, with their counts, and how many more did."""
    names = [
        say(
            "headlines",
            "moved" if each.row.polarity is Polarity.LOWER_IS_BETTER else "moved_activity",
            row=each.name,
            earlier=_count(each.earlier),
            later=_count(each.later),
        )
        for each in moved[:_MOST_NAMED]
    ]
    more = len(moved) - len(names)
    return "; ".join([*names, *([f"{more:,} more"] if more else [])])


def _count(count: int | str) -> str:
    return count if isinstance(count, str) else f"{count:,}"
