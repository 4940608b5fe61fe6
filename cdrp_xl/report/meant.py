"""Which count of a report a cell of its worksheets shows, found by the cell's table, row and heading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.periods import Period
from cdrp_xl.selected import FarmOffences, FarmRepeats, PriorityOffences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdrp_xl.report.model import Issue, PriorityResult, Report
    from cdrp_xl.selected import RowKey

COUNT, CHANGE, APPARENT_CHANGE, SHARE, POSITION = "count", "change", "apparent change", "share", "position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A figure: what it counts, and when.

    Attributes
    ----------
    name
        What is counted, as the report calls it.
    what
        Which kind of figure it is.
    row
        The row that is counted, or what is selected beside the rows.
    periods
        The period; for what compares two, the later and then the earlier.
    """

    name: str
    what: str
    row: RowKey
    periods: tuple[Period, ...]

    @property
    def words(self) -> str:
        """The figure in words: ``Burglary Dwelling, change, April to June 2011 against April to June 2010``."""
        return f"{self.name}, {self.what}, {' against '.join(each.words for each in self.periods)}"


Line = tuple[str, dict[str, Meant]]
"""One row of a table: what its first cell says, and by heading the figure in each of its cells."""


def lines(report: Report, table: str) -> list[Line]:
    """Return the figures of a table of a report's worksheets, in the order of its rows.

    Parameters
    ----------
    report
        The report.
    table
        The table's name in the workbook.

    Returns
    -------
    list
        Nothing for a table whose cells are not counts of offences.
    """
    if table in _TABLES:
        return list(_TABLES[table](report))
    numbered = re.fullmatch(r"(\D+)(\d+)", table)
    if numbered and numbered[1] in _OF_PRIORITIES:
        of_priority = report.priorities[int(numbered[2]) - 1 : int(numbered[2])]
        return [line for result in of_priority for line in _OF_PRIORITIES[numbered[1]](result)]
    return []


def _of(name: str, row: RowKey) -> Callable[..., Meant]:
    def meant(what: str, *periods: Period) -> Meant:
        return Meant(name=name, what=what, row=row, periods=periods)

    return meant


def _highlights(report: Report) -> Iterator[Line]:
    later, earlier = report.comparison.later, report.comparison.earlier
    for each in report.comparison.rows:
        if each.row.is_remainder and each.earlier == each.later == 0:
            continue  # which the worksheet leaves out
        of = _of(each.row.name, each.row.row_id)
        yield (
            each.row.name,
            {
                earlier.heading: of(COUNT, earlier),
                later.heading: of(COUNT, later),
                "Numeric change": of(CHANGE, later, earlier),
                "Apparent change": of(APPARENT_CHANGE, later, earlier),
            },
        )


def _headlines(report: Report) -> Iterator[Line]:
    later, earlier = report.comparison.later, report.comparison.earlier
    year, before = (Period(each.last + -11, each.last) for each in (later, earlier))
    for each in report.headlines.lines:
        of = _of(each.name, each.key)
        yield (
            each.name,
            {
                later.heading: of(COUNT, later),
                earlier.heading: of(COUNT, earlier),
                "Change": of(APPARENT_CHANGE, later, earlier),
                f"12 months to {later.last}": of(COUNT, year),
                f"12 months to {earlier.last}": of(COUNT, before),
                "Change over 12 months": of(APPARENT_CHANGE, year, before),
                "Verdict": of(CHANGE, later, earlier),
            },
        )


def _rises(report: Report) -> Iterator[Line]:
    for each in report.emerging.rises:
        is_of_area = each.name.startswith(f"{each.row.name}, ")  # and not of a locality in it
        yield each.name, _issue(report, each) if is_of_area else {}


def _falls(report: Report) -> Iterator[Line]:
    for each in report.emerging.falls:
        yield each.row.name, _issue(report, each)


def _issue(report: Report, issue: Issue) -> dict[str, Meant]:
    later, earlier = report.emerging.later, report.emerging.earlier
    of = _of(issue.row.name, issue.row.row_id)
    return {earlier.heading: of(COUNT, earlier), later.heading: of(COUNT, later), "Change": of(CHANGE, later, earlier)}


def _summary(report: Report) -> Iterator[Line]:
    for each in report.priorities:
        of = _of(each.title, PriorityOffences(each.priority_id))
        both = each.period, each.baseline_period
        found = {
            "Offences": of(COUNT, each.period),
            "Baseline offences": of(COUNT, each.baseline_period),
            "Numeric change": of(CHANGE, *both),
            "Apparent change": of(APPARENT_CHANGE, *both),
            "Position": of(POSITION, *both),
            "Reason": of(POSITION, *both),
        }
        yield each.title, found


def _trend(result: PriorityResult) -> Iterator[Line]:
    of = _of(result.title, PriorityOffences(result.priority_id))
    for point in result.trend:
        baseline = point.quarter.same_months_of(result.baseline_year)
        heading = f"Same quarter of {result.baseline_year.name}"
        yield point.quarter.name, {"Offences": of(COUNT, point.quarter), heading: of(COUNT, baseline)}


def _months(result: PriorityResult) -> Iterator[Line]:
    of = _of(result.title, PriorityOffences(result.priority_id))
    for point in result.series.points if result.series else ():
        yield point.month.heading, {"Offences": of(COUNT, point.month)}


def _farm(report: Report) -> Iterator[Line]:
    farm = report.farm
    for line in farm.lines if farm else ():
        assert farm is not None  # noqa: S101 - it has lines
        of = _of(line.group, FarmOffences() if line is farm.lines[-1] else FarmOffences(line.group))
        found = {year.name: of(COUNT, year) for year in farm.years}
        found |= {f"{year.name} share": of(SHARE, year) for year in farm.years}
        found["Numeric change"] = of(CHANGE, farm.years[-1], farm.years[0])
        found["Apparent change"] = of(APPARENT_CHANGE, farm.years[-1], farm.years[0])
        yield line.group, found


def _farm_quarters(report: Report) -> Iterator[Line]:
    farm = report.farm
    for each in farm.quarters if farm else ():
        assert farm is not None  # noqa: S101 - it has quarters
        of, quarter = _of(farm.lines[-1].group, FarmOffences()), each.quarter
        baseline = quarter.same_months_of(farm.baseline_year)
        yield (
            quarter.name,
            {
                "Offences": of(COUNT, quarter),
                f"Same quarter of {farm.baseline_year.name}": of(COUNT, baseline),
                "Repeat offences": _of("Repeat offences", FarmRepeats("offences"))(COUNT, quarter),
                farm.repeats_heading: _of(farm.repeats_heading, FarmRepeats("victims"))(COUNT, quarter),
            },
        )


def _farm_groups(report: Report) -> Iterator[Line]:
    farm = report.farm
    for each in farm.quarters if farm else ():
        assert farm is not None  # noqa: S101 - it has quarters
        found = {group: _of(group, FarmOffences(group))(COUNT, each.quarter) for group in farm.groups}
        whole = farm.lines[-1].group
        yield each.quarter.name, {**found, whole: _of(whole, FarmOffences())(COUNT, each.quarter)}


_TABLES: dict[str, Callable[[Report], Iterator[Line]]] = {
    "tblCadet": _highlights,
    "tblHeadlines": _headlines,
    "tblEmergingIssues": _rises,
    "tblFalls": _falls,
    "tblSummary": _summary,
    "tblFarm": _farm,
    "tblFarmQuarters": _farm_quarters,
    "tblFarmGroups": _farm_groups,
}
_OF_PRIORITIES: dict[str, Callable[[PriorityResult], Iterator[Line]]] = {"tblTrend": _trend, "tblMonths": _months}
