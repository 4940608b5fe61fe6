"""Every figure of a report by a name that stays, with what it counts, for which area and which period.

Nothing is worked out here: a figure is one that the report already prints, so its name leads back to a cell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl import geography
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Month, Period, financial_year_of, year_ending
from cdrp_xl.report.returned import ReturnedTable, Unit
from cdrp_xl.selected import PriorityOffences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cdrp_xl.report import PriorityResult, Report
    from cdrp_xl.report.farm_model import FarmCrime, FarmQuarter
    from cdrp_xl.report.group import GroupPeriod, GroupResult
    from cdrp_xl.report.local import Answer
    from cdrp_xl.report.of_rows import OutcomesTable, PlacesTable
    from cdrp_xl.report.returned import ReturnSection


class Measure(StrEnum):
    """What kind of figure it is, by which a number in a sentence can be meant."""

    LEVEL = "count"
    CHANGE = "change"
    APPARENT_CHANGE = "apparent change"
    POINTS = "change in percentage points"
    SHARE = "share"
    RATIO = "ratio"
    RATE = "rate per 1,000"
    POSITION = "position in the most similar group"
    SIZE = "areas in the most similar group"
    LIMIT = "limit"
    CHANCE = "chance"
    TESTED = "rows tested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of the report. Units by its measure: offences, fractions (0.1 is 10%), offences per 1,000.

    `against` is the earlier period of a change, None for what compares nothing.
    """

    name: str
    subject: str
    measure: Measure
    value: float
    area: str
    period: Period | None
    against: Period | None = None
    words: str = ""

    @property
    def shown(self) -> str:
        """The figure as the report prints it."""
        return as_printed(self.value, self.measure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What figures are about. `names` are what the report calls it; `within` is the section that it is a part of.

    `nicknames` mean it only where farm crime is spoken of.
    """

    names: tuple[str, ...]
    within: str = ""
    nicknames: tuple[str, ...] = ()
    counts_people: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every figure of a report, what they are about, its periods and areas, and the sentences that it prints."""

    figures: tuple[Figure, ...]
    subjects: Mapping[str, Subject]
    area: str
    quarter: Period
    later: Period
    earlier: Period
    sentences: tuple[str, ...] = field(repr=False)
    by_subject: Mapping[str, tuple[Figure, ...]] = field(repr=False)
    by_name: Mapping[str, Figure] = field(repr=False)

    @property
    def areas(self) -> tuple[str, ...]:
        """Every area that has a figure, the partnership's own first."""
        return tuple(dict.fromkeys((self.area, *(each.area for each in self.figures))))

    def of(self, subjects: Iterable[str], *measures: Measure) -> tuple[Figure, ...]:
        """Return the figures of some subjects, of some measures."""
        return tuple(
            each for subject in subjects for each in self.by_subject.get(subject, ()) if each.measure in measures
        )


_SURE = 0.99
_BEYOND = 0.005
"""By how much a chance that is "over 99%" is kept beyond it."""

FARM = "farm"
FARM_REPEATS = f"{FARM}/repeats"
ISSUES = "emerging-issues"
_OF_FARMS = ("Farm crime", "Crime on farms", "Offences at farms", "Offences on farms", "Farm offences")


def catalogue(report: Report) -> Catalogue:
    """Return every figure of a report by its name.

    Parameters
    ----------
    report
        The report; figures that it hides are not in the catalogue.

    Returns
    -------
    Catalogue
        Where two figures would have one name, the second is numbered.
    """
    made = _Made(area=report.area)
    _highlights(made, report)
    _years(made, report)
    _months(made, report)
    for result in report.priorities:
        _priority(made, result)
    if report.farm:
        _farm(made, report.farm, report.period)
    _emerging(made, report)
    if report.places:
        _places(made, report.places)
    if report.outcomes:
        _outcomes(made, report.outcomes)
    for answer in report.answers:
        _answer(made, answer)
    for section in report.returned.sections if report.returned else ():
        _return(made, section)
    by_subject: dict[str, list[Figure]] = defaultdict(list)
    for figure in made.figures.values():
        by_subject[figure.subject].append(figure)
    return Catalogue(
        figures=tuple(made.figures.values()),
        subjects=made.subjects,
        area=report.area,
        quarter=report.period,
        later=report.comparison.later,
        earlier=report.comparison.earlier,
        sentences=tuple(_own_sentences(report)),
        by_subject={subject: tuple(figures) for subject, figures in by_subject.items()},
        by_name=dict(made.figures),
    )


def _own_sentences(report: Report) -> Iterator[str]:
    """Yield what the report says about its figures in words, where some are that no table has."""
    yield from report.headlines.sentences
    yield from (report.emerging.how, report.emerging.found)
    for result in report.priorities:
        yield from (result.sentence, *result.findings)
        yield from result.series.about if result.series else ()
        yield from (result.year_end.sentence,) if result.year_end else ()
        yield from (*result.group.findings, result.group.about) if result.group else ()
    if report.farm:
        yield from (report.farm.by_year_text, report.farm.by_quarter_text)


def as_printed(value: float, measure: Measure) -> str:
    """Return a figure as the report prints it: whole, in per cent with one decimal, or with two decimals."""
    if measure is Measure.CHANCE:
        return "over 99%" if value > _SURE else "under 1%" if value < 1 - _SURE else f"{rounded(value * 100, 0):.0f}%"
    return _printed(value, measure)


def _printed(value: float, measure: Measure) -> str:
    if measure is Measure.APPARENT_CHANGE:
        return f"{'-' if value < 0 else '+'} {rounded(abs(value) * 100, 1):,.1f}%"
    if measure is Measure.SHARE:
        return f"{rounded(value * 100, 1):,.1f}%"
    if measure is Measure.POSITION:
        return ordinal(round(value))
    if measure in {Measure.RATE, Measure.RATIO}:
        return f"{rounded(value, 2):,.2f}"
    if measure is Measure.POINTS or (measure is Measure.LIMIT and value % 1):
        return f"{rounded(value, 1):,.1f}"
    return f"{round(value):,}"


def rounded(value: float, decimals: int) -> float:
    """Return a number rounded half away from zero, as the report rounds; a float's own error moves no half."""
    scale: float = 10.0**decimals
    whole = int(abs(value) * scale + 0.5 + 1e-9)
    return (whole if value >= 0 else -whole) / scale


def ordinal(number: int) -> str:
    """Return a position: ``9th``."""
    teen = number % 100 in {11, 12, 13}
    return f"{number:,}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def slug(text: str) -> str:
    """Return words as a part of a figure's name: lower-case letters and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


class _Made:
    """What has been listed so far, and the one way to list more."""

    def __init__(self, *, area: str) -> None:
        self.area = area
        self.figures: dict[str, Figure] = {}
        self.subjects: dict[str, Subject] = {}

    def about(
        self, key: str, *names: str, within: str = "", counts_people: bool = False, nicknames: tuple[str, ...] = ()
    ) -> str:
        """Name what the next figures are about."""
        subject = Subject(names=names, within=within, counts_people=counts_people, nicknames=nicknames)
        self.subjects.setdefault(key, subject)
        return key

    def add(
        self,
        subject: str,
        which: str,
        measure: Measure,
        value: object,
        period: Period | None,
        against: Period | None = None,
        area: str = "",
    ) -> None:
        """List a figure, unless it is missing or hidden."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return
        whole = f"{subject}.{which}"
        name, number = whole, 2
        while name in self.figures:
            name, number = f"{whole}-{number}", number + 1
        called = self.subjects[subject].names[0]
        when = f", {period.words}" if period else ""
        when += f" against {against.words}" if against else ""
        elsewhere = f", {area}" if area and area != self.area else ""
        self.figures[name] = Figure(
            name=name,
            subject=subject,
            measure=measure,
            value=value,
            area=area or self.area,
            period=period,
            against=against,
            words=f"{called}: {measure}{when}{elsewhere}",
        )


def _highlights(made: _Made, report: Report) -> None:
    table = report.comparison
    for row in table.rows:
        key = made.about(row.row.row_id, row.row.name, *row.row.also)
        periods = table.later, table.earlier
        made.add(key, "later", Measure.LEVEL, row.later, table.later)
        made.add(key, "earlier", Measure.LEVEL, row.earlier, table.earlier)
        made.add(key, "change", Measure.CHANGE, row.change, *periods)
        changed = row.apparent_change
        made.add(key, "apparent-change", Measure.APPARENT_CHANGE, changed, *periods)
    for row, chance in zip(table.rows, report.chances, strict=False):
        key = row.row.row_id
        made.add(key, "ratio", Measure.RATIO, chance.ratio, *periods)
        made.add(key, "ratio-lower", Measure.LIMIT, chance.lower, *periods)
        made.add(key, "ratio-upper", Measure.LIMIT, chance.upper, *periods)


def _years(made: _Made, report: Report) -> None:
    """List the twelve months to the end of either period, and their rates, which the headlines give."""
    compared = report.comparison
    year = year_ending(compared.later.last)
    periods = year, year.earlier()
    for line in report.headlines.lines:
        key = line.key.priority_id if isinstance(line.key, PriorityOffences) else str(line.key)
        if key not in made.subjects:
            made.about(key, line.name)
        if isinstance(line.key, PriorityOffences):
            quarters = compared.later, compared.earlier
            made.add(key, "quarter-apparent-change", Measure.APPARENT_CHANGE, line.apparent_change, *quarters)
        for whose, rate in {"": line.rates.own, "force-": line.rates.force, "group-": line.rates.group}.items():
            made.add(key, f"{whose}rate-year", Measure.RATE, rate, year)
        made.add(key, "year", Measure.LEVEL, line.year, year)
        made.add(key, "year-before", Measure.LEVEL, line.year_before, year.earlier())
        made.add(key, "year-apparent-change", Measure.APPARENT_CHANGE, line.year_change, *periods)


def _months(made: _Made, report: Report) -> None:
    """List the main rows month by month."""
    trends = report.headlines.trends
    for trend in trends.rows if trends else ():
        for month, offences in zip(trends.months if trends else (), trend.offences, strict=True):
            made.add(trend.row.row_id, slug(month.name), Measure.LEVEL, offences, month)


def _priority(made: _Made, result: PriorityResult) -> None:
    key = made.about(result.priority_id, result.title)
    periods = result.period, result.baseline_period
    made.add(key, "later", Measure.LEVEL, result.later, result.period)
    made.add(key, "baseline", Measure.LEVEL, result.baseline, result.baseline_period)
    made.add(key, "change", Measure.CHANGE, result.change, *periods)
    made.add(key, "apparent-change", Measure.APPARENT_CHANGE, result.apparent_change, *periods)
    for point in result.trend:
        made.add(key, slug(point.quarter.name), Measure.LEVEL, point.offences, point.quarter)
    for month in result.series.points if result.series else ():
        made.add(key, slug(month.month.name), Measure.LEVEL, month.offences, month.month)
        limits = {"usual": month.usual, "lower": month.lower, "upper": month.upper}
        for which, limit in limits.items() if month.month in result.period else ():
            made.add(key, f"{slug(month.month.name)}-{which}", Measure.LIMIT, limit, month.month)
    if result.year_end:
        year = financial_year_of(result.period.first)
        end = result.year_end
        for which, limit in {"lower": end.lower, "middle": end.middle, "upper": end.upper}.items():
            made.add(key, f"year-end-{which}", Measure.LIMIT, limit, year)
        if said := re.search(r"(over |under )?(\d+)%", end.chance):
            beyond = {"over ": _BEYOND, "under ": -_BEYOND}.get(said[1], 0)
            made.add(key, "year-end-chance", Measure.CHANCE, int(said[2]) / 100 + beyond, year)
    if result.group:
        _group(made, key, result.group)


def _group(made: _Made, key: str, group: GroupResult) -> None:
    for each in group.periods:
        which = slug(each.period.name)
        made.add(key, f"rate-{which}", Measure.RATE, each.rate, each.period)
        made.add(key, f"group-average-{which}", Measure.RATE, each.average, each.period)
        for limit, value in {"lower": each.lower, "upper": each.upper}.items():
            made.add(key, f"group-{limit}-{which}", Measure.RATE, value, each.period)
        for position, size in _positions(each):
            made.add(key, f"position-{which}", Measure.POSITION, position, each.period)
            made.add(key, f"group-size-{which}", Measure.SIZE, size, each.period)
    for member in group.members:
        if not member.is_own:
            which = slug(member.area)
            made.add(key, f"{which}-offences", Measure.LEVEL, member.offences, group.shown, area=member.area)
            made.add(key, f"{which}-rate", Measure.RATE, member.rate, group.shown, area=member.area)
            made.add(key, f"{which}-position", Measure.POSITION, member.position, group.shown, area=member.area)


def _positions(each: GroupPeriod) -> Iterator[tuple[int, int]]:
    """Yield our position, and the imported one where it differs, each with the size of the group."""
    for said in dict.fromkeys((each.position, each.imported)):
        if found := re.fullmatch(r"(\d+)\w\w of (\d+)", said):
            yield int(found[1]), int(found[2])


def _farm(made: _Made, farm: FarmCrime, quarter: Period) -> None:
    key = made.about(FARM, *_OF_FARMS)
    for line in farm.lines:
        is_whole = line is farm.lines[-1]
        subject = key if is_whole else made.about(f"{FARM}/{slug(line.group)}", line.group, within=FARM)
        for year, offences, share in zip(farm.years, line.offences, line.shares, strict=True):
            made.add(subject, slug(year.name), Measure.LEVEL, offences, year)
            made.add(subject, f"share-{slug(year.name)}", Measure.SHARE, None if is_whole else share, year)
        made.add(subject, "change", Measure.CHANGE, line.change, farm.years[-1], farm.years[0])
        changed = line.apparent_change
        made.add(subject, "apparent-change", Measure.APPARENT_CHANGE, changed, farm.years[-1], farm.years[0])
    for each in farm.quarters:
        _farm_quarter(made, farm.groups, each)
    _shares_of_all(made, farm, quarter)


def _farm_quarter(made: _Made, groups: Iterable[str], counted: FarmQuarter) -> None:
    which, quarter = slug(counted.quarter.name), counted.quarter
    made.add(FARM, which, Measure.LEVEL, counted.offences, quarter)
    for group, offences in zip(groups, counted.by_group, strict=True):
        made.add(f"{FARM}/{slug(group)}", which, Measure.LEVEL, offences, quarter)
    if counted.repeats:
        repeats = made.about(FARM_REPEATS, "Repeat offences", "Repeat victims", nicknames=("Repeats",))
        made.add(repeats, f"offences-{which}", Measure.LEVEL, counted.repeats.offences, quarter)
        made.add(repeats, f"victims-{which}", Measure.LEVEL, counted.repeats.victims, quarter)


def _shares_of_all(made: _Made, farm: FarmCrime, quarter: Period) -> None:
    """List farm crime's share of all crime, under the priority's name too where farm crime is a priority."""
    everything = made.about("all-recorded", "All recorded crime", "All crime", "Total crime")
    for each in farm.of_all:
        which = "share" if each.period == quarter else f"share-{slug(each.period.name)}"
        for key in (FARM, *(["farm-crime"] if "farm-crime" in made.subjects else [])):
            made.add(key, which, Measure.SHARE, each.share, each.period)
        made.add(everything, slug(each.period.name), Measure.LEVEL, each.every, each.period)


def _emerging(made: _Made, report: Report) -> None:
    found = report.emerging
    key = made.about(ISSUES, "Emerging issues", "Emerging issue", "New issues")
    made.add(key, "reported", Measure.LEVEL, len(found.reported), found.later)
    made.add(key, "rows-tested", Measure.TESTED, found.tested, found.later)


def _places(made: _Made, places: PlacesTable) -> None:
    periods = places.later, places.earlier
    for line in places.lines:
        key, which, area = made.about(line.row.row_id, line.row.name), slug(line.place), line.place
        made.add(key, which, Measure.LEVEL, line.later, places.later, area=area)
        made.add(key, f"{which}-earlier", Measure.LEVEL, line.earlier, places.earlier, area=area)
        made.add(key, f"{which}-change", Measure.CHANGE, line.change, *periods, area)
        made.add(key, f"{which}-apparent-change", Measure.APPARENT_CHANGE, line.apparent_change, *periods, area)
        made.add(key, f"{which}-rate", Measure.RATE, line.rate, places.later, area=area)


def _outcomes(made: _Made, outcomes: OutcomesTable) -> None:
    for line in outcomes.lines:
        key = made.about(line.row.row_id, line.row.name)
        for which, of, period in (("later", line.later, outcomes.later), ("earlier", line.earlier, outcomes.earlier)):
            made.add(key, f"positive-outcome-{which}", Measure.SHARE, of.positive, period)
            made.add(key, f"still-open-{which}", Measure.SHARE, of.still_open, period)


def _answer(made: _Made, answer: Answer) -> None:
    key = made.about(answer.row_id, answer.offences_of)
    which, area = slug(f"{answer.area} {answer.period.name}"), answer.area
    periods = answer.period, answer.earlier_period
    made.add(key, which, Measure.LEVEL, answer.offences, answer.period, area=area)
    made.add(key, f"{which}-earlier", Measure.LEVEL, answer.earlier, answer.earlier_period, area=area)
    made.add(key, f"{which}-change", Measure.CHANGE, answer.change, *periods, area)
    made.add(key, f"{which}-apparent-change", Measure.APPARENT_CHANGE, answer.apparent_change, *periods, area)
    flagged = made.about(f"{answer.row_id}/{answer.flag}", f"{answer.flag} {answer.offences_of}", str(answer.flag))
    made.add(flagged, which, Measure.LEVEL, answer.flagged, answer.period, area=area)
    made.add(flagged, f"{which}-share", Measure.SHARE, answer.share, answer.period, area=area)


_AREA_HEADINGS = frozenset({"area", "district", "locality", "parish"})
_MEASURES = {Unit.COUNT: Measure.LEVEL, Unit.SHARE: Measure.SHARE, Unit.POINTS: Measure.POINTS}


def _return(made: _Made, section: ReturnSection) -> None:
    for part in section.parts:
        if isinstance(part, ReturnedTable):
            for row in part.rows:
                _returned_row(made, part, row)


def _returned_row(made: _Made, table: ReturnedTable, row: tuple[object, ...]) -> None:
    """List a row of a return: its label is an area, or what its figures are about."""
    label, day = str(row[0]), next((cell for cell in row if isinstance(cell, dt.date)), None)
    is_area = table.columns[0].heading.casefold() in _AREA_HEADINGS or geography.find(label) is not None
    key = slug(table.title) if is_area else slug(f"{table.title} {label}")
    names = (table.title,) if is_area else (label, *re.findall(r"\((\w+)\)", label), re.sub(r" \(\w+\)", "", label))
    made.about(key, *dict.fromkeys(names), counts_people=True)
    as_at = Period(Month.of(day), Month.of(day)) if day else None
    year, year_before = None, None
    for column, value in zip(table.columns[1:], row[1:], strict=True):
        if column.unit is Unit.YEAR:
            year, year_before = _calendar_year(value), year
        if measure := _MEASURES.get(column.unit):
            which = slug(f"{label} {column.heading}") if is_area else slug(column.heading)
            period = _month(column.heading) or year or as_at
            against = year_before if measure is Measure.POINTS else None
            made.add(key, which, measure, value, period, against, area=label if is_area else "")


def _calendar_year(value: object) -> Period | None:
    """Return the year of a survey, which its shares after it are of."""
    said = str(value)
    return Period(Month(int(said), 1), Month(int(said), 12)) if said.isdecimal() and len(said) == len("2011") else None


def _month(heading: str) -> Period | None:
    """Return the period that a heading names, None where it names none."""
    try:
        return Period.parse(heading)
    except ValueFoundError:
        return None
