"""What an analyst asks in an ad hoc worksheet, as plain functions: each answers as the report would.

The figures are those that the last refresh kept (`figures.load`); no extract is read again. An argument may be one
value or a block of cells, and a block is answered cell by cell. How Excel and LibreOffice come to these functions is
not repeated here: a function's first line and the words beside its arguments are what their function wizards show.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - hints are read while running
import functools
import math
from collections.abc import Callable  # noqa: TC003 - hints are read while running
from typing import TYPE_CHECKING, Annotated

from cdrp_xl.errors import CannotBeComputedError, CdrpError, ValueFoundError
from cdrp_xl.functions.cells import (
    Answer,
    Block,
    Cell,
    Cells,
    count_in,
    each,
    each_row,
    is_empty,
    listed,
    number_in,
    one,
    period_in,
    sentence,
    shown,
    text_in,
)
from cdrp_xl.functions.figures import Figures, load
from cdrp_xl.periods import Month, Period, financial_year_of, quarter_of
from cdrp_xl.selected import RowKey  # noqa: TC001 - hints are read while running
from cdrp_xl.terms import NO_CALC, Direction

if TYPE_CHECKING:
    from cdrp_xl.measures.movement import Movement

__all__ = [
    "FUNCTIONS",
    "Answer",
    "Block",
    "Cell",
    "Cells",
    "Figures",
    "areas",
    "asat",
    "change",
    "compare",
    "count",
    "earlier",
    "farm",
    "load",
    "offences",
    "pctchange",
    "period",
    "position",
    "rag",
    "ragfrom",
    "rate",
    "rateinterval",
    "ratio",
    "series",
    "significant",
]

Offence = Annotated[Cells, "The offence row by its name or id, or the title of one of the partnership's priorities."]
Offences = Annotated[Cells, "The offence rows by name or id; left out, every row of the table."]
Area = Annotated[Cells, "The area; left out, the partnership's own."]
When = Annotated[
    Cells,
    "The period, such as 2011-12 Q1, 2011-12, Apr-11 or year ending June 2011; left out, the quarter last refreshed.",
]
Locus = Annotated[
    Cells, "A locus that partnership.toml names, such as Barn; left out, all offences wherever they were."
]
Before = Annotated[Cells, "The earlier period; left out, the same months a year before the later one."]
EarlierCount = Annotated[Cells, "The earlier count."]
LaterCount = Annotated[Cells, "The later count."]
Usual = Annotated[
    Cells,
    "The offence row that the counts are of, as for CDRP_COUNT; left out, only chance in the counts is allowed for.",
]
Counted = Annotated[Cells, "The count."]
Population = Annotated[Cells, "The people or households among whom it was counted."]
Per = Annotated[Cells, "For how many people or households; left out, 1,000."]

_BY_COUNTS = "by chance in the counts only"
_PER = 1_000
_MOST_REMEMBERED = 500_000
_SPANS: dict[str, Callable[[Month], Period]] = {
    "month": lambda month: Period(month, month),
    "quarter": quarter_of,
    "year": financial_year_of,
}


def count(
    figures: Figures,
    offence: Offence,
    area: Area = "",
    period: When = "",
    locus: Locus = "",
    flag: Annotated[Cells, "domestic, for offences with that flag alone; left out, all of them."] = "",
) -> Answer:
    """Count the recorded offences of a row in an area and a period: all, or those at a locus or with a flag."""
    asked = (offence, area, period, locus, flag) if locus or flag else (offence, area, period)
    try:
        return figures.answered[asked]
    except (KeyError, TypeError):  # not asked before, or a block of cells, which is not a key
        return each(functools.partial(_count, figures), *asked, known=figures.answered)


def _count(figures: Figures, *asked: Cell) -> int:
    """Return the offences of a row, an area and a period, with or without a locus and a flag."""
    if (known := figures.answered.get(asked)) is not None:
        return known
    if len(figures.answered) >= _MOST_REMEMBERED:
        figures.answered.clear()
    offence, area, period, locus, flag = [*asked, "", ""][:5]
    within, when = _area(figures, area), _period(figures, period)
    named = _not_empty(offence, what="an offence row")
    at, marked = text_in(locus, what="a locus"), text_in(flag, what="a flag")
    rows = figures.parts(named, locus=at, flag=marked) if at or marked else figures.rows(named)
    counted = figures.offences(area=within, rows=rows, period=when)
    figures.answered[asked] = counted
    return counted


def series(
    figures: Figures,
    offence: Offence,
    area: Area = "",
    first: Annotated[Cells, "The first period or month; left out, the first that the counts cover."] = "",
    last: Annotated[Cells, "The last period or month; left out, the last of the quarter last refreshed."] = "",
    by: Annotated[Cells, "month, quarter or year; left out, month."] = "",
) -> Answer:
    """Count a row month by month, by quarters or by financial years: one row each, the period and its offences."""
    row, within = one(offence, what="the offence row"), one(area, what="the area")
    begins = one(first, what="the first period")
    ends = _period(figures, one(last, what="the last period")).last
    wanted = Period(figures.first_month(_area(figures, within)) if is_empty(begins) else period_in(begins).first, ends)
    kind = one(by, what="month, quarter or year")
    whole = [each for each in dict.fromkeys(map(_span(kind), wanted.months)) if each in wanted]
    if not whole:
        raise CannotBeComputedError(
            f"{wanted.heading} has no whole {text_in(kind, what='quarter or year').casefold()} in it.",
            where="the formula",
            remedy="Write an earlier first or a later last period, or count by month.",
        )
    return [[each.name, _count(figures, row, within, each.name)] for each in whole]


def _span(by: Cell) -> Callable[[Month], Period]:
    span = _SPANS.get(text_in(by, what="month, quarter or year").casefold() or "month")
    if span is None:
        raise ValueFoundError(
            f"{shown(by)} is not month, quarter or year.", where="the formula", remedy="Write one of the three."
        )
    return span


def change(earlier: EarlierCount, later: LaterCount) -> Answer:
    """Return the later count less the earlier one."""
    return each(_change, earlier, later)


def pctchange(earlier: EarlierCount, later: LaterCount) -> Answer:
    """Return the apparent change as a share of the earlier count, or No Calc where that is 0 or nothing changed."""
    return each(_apparent_change, earlier, later)


def compare(
    figures: Figures, offence: Offences = "", area: Area = "", earlier: Before = "", later: When = ""
) -> Answer:
    """Compare rows in two periods as CADET does: a heading row, then name, both counts, change and apparent change."""
    from cdrp_xl.measures import comparison

    within = _area(figures, one(area, what="the area"))
    after = _period(figures, one(later, what="the later period"))
    first = one(earlier, what="the earlier period")
    before = after.earlier() if is_empty(first) else period_in(first)
    comparison.check_equal_length(before, after)
    compared = functools.partial(_compared, figures, area=within, before=before, after=after)
    asked = listed(offence)
    if len(asked) == 1:
        rows = [compared(*figures.row_named(text_in(asked[0], what="an offence row")))]
    elif asked:
        rows = [_compared_or_reason(figures, cell, compared) for cell in asked]
    else:
        rows = [compared(name, row) for name, row in figures.table_rows()]
    return [["Offence row", before.heading, after.heading, "Change", "Apparent change"], *rows]


def _compared(
    figures: Figures, name: str, rows: tuple[RowKey, ...], *, area: str, before: Period, after: Period
) -> list[Cell]:
    counts = [figures.offences(area=area, rows=rows, period=when) for when in (before, after)]
    return [name, *counts, _change(*counts), _apparent_change(*counts)]


def _compared_or_reason(
    figures: Figures, cell: Cell, compared: Callable[[str, tuple[RowKey, ...]], list[Cell]]
) -> list[Cell]:
    """Return a row's line of the comparison; one that is unknown says so, and the others are given."""
    try:
        name, rows = figures.row_named(text_in(cell, what="an offence row"))
    except CdrpError as refused:
        return [cell, sentence(refused), "", "", ""]
    return compared(name, rows)


def rate(count: Counted, population: Population, per: Per = "") -> Answer:
    """Return the rate of a count per 1,000 people or households, or per another number of them."""
    return each(_rate, count, population, per)


def rateinterval(count: Counted, population: Population, per: Per = "") -> Answer:
    """Return the lower and the upper limit of a rate's 95% interval, side by side: Byar's, the exact one under 10."""
    return each_row(_rate_interval, count, population, per)


def ratio(later: LaterCount, earlier: EarlierCount) -> Answer:
    """Return how many times as many there were later as earlier, with its exact 95% interval, side by side."""
    return each_row(_ratio, later, earlier)


def significant(
    earlier: EarlierCount,
    later: LaterCount,
    offence: Usual = "",
    *,
    figures_of: Callable[[], Figures] | None = None,
) -> Answer:
    """Say in words whether two counts over equal periods differ by more than a row usually moves in a year."""
    return each(functools.partial(_significant, figures_of), earlier, later, offence)


def position(figures: Figures, offence: Offence, area: Area = "", period: When = "") -> Answer:
    """Return an area's position in the most similar group by a row's rate, such as 9th of 15: 1st is the lowest."""
    return each(functools.partial(_position, figures), offence, area, period)


def farm(
    figures: Figures,
    group: Annotated[Cells, "The offence group, such as Burglary; left out, all farm crime."] = "",
    period: When = "",
    locus: Annotated[Cells, "The locus subtype, such as Barn; left out, all that count as farms."] = "",
) -> Answer:
    """Count the farm offences of a group in a period, as the report's section on farm crime does."""
    return each(functools.partial(_farm, figures), group, period, locus)


def rag(
    figures: Figures,
    priority: Annotated[Cells, "The priority, by its title or id."],
    period: When = "",
) -> Answer:
    """Return the position of a priority in the financial year to a period's end, by the partnership's own rule."""
    return each(functools.partial(_rag, figures), priority, period)


def ragfrom(
    later: LaterCount,
    baseline: Annotated[Cells, "The count in the same months of the baseline year."],
    direction: Annotated[Cells, "reduce or increase: which way the count is to move; left out, reduce."] = "",
    offence: Usual = "",
    *,
    figures_of: Callable[[], Figures] | None = None,
) -> Answer:
    """Return the position that two counts give, by how much the offence row usually moves from one year to the next."""
    return each(functools.partial(_ragfrom, figures_of), later, baseline, direction, offence)


def period(
    text: Annotated[Cells, "A period in words, such as 2011-12 Q1, 2011-12, Apr-11 or year to date June 2011."],
) -> Answer:
    """Return the first and the last day of a period, side by side."""
    return each_row(_days, text)


def earlier(period: Annotated[Cells, "The period, such as 2011-12 Q1, 2011-12 or Apr-11."]) -> Answer:
    """Return the same months a year before, by name."""
    return each(lambda cell: period_in(cell).earlier().name, period)


def offences(figures: Figures) -> Answer:
    """List the offence rows that can be asked for, one under the other, as for the list of a data validation."""
    return [[name] for name in dict.fromkeys(row.name for row in figures.table.classification.rows)]


def areas(figures: Figures) -> Answer:
    """List the areas that can be asked for, one under the other, as for the list of a data validation."""
    return [[name] for name in figures.table.areas]


def asat(
    figures: Figures,
    source: Annotated[Cells, "The source by its name in partnership.toml; left out, the table's."] = "",
) -> Answer:
    """Return the day on which a source was taken, or that it is not known."""
    return each(lambda cell: figures.source(text_in(cell, what="a source")).as_at or "not known", source)


def _change(before: Cell, after: Cell) -> int:
    return count_in(after, what="the later count") - count_in(before, what="the earlier count")


def _apparent_change(before: Cell, after: Cell) -> float | str:
    from cdrp_xl.measures import comparison

    share = comparison.apparent_change(
        count_in(before, what="the earlier count"), count_in(after, what="the later count")
    )
    return NO_CALC if share is None else share


def _rag(figures: Figures, name: Cell, when: Cell) -> str:
    from cdrp_xl.report import priorities

    priority = figures.priority(_not_empty(name, what="a priority"))
    area = figures.settings.partnership.area
    counts = tuple(figures.counts(area).values())
    result = priorities.result(priority, sources=counts, area=area, period=_period(figures, when))
    return result.assessment.status.value


def _ragfrom(
    figures_of: Callable[[], Figures] | None, later: Cell, baseline: Cell, direction: Cell, offence: Cell
) -> str:
    from cdrp_xl.measures import rag
    from cdrp_xl.settings.priorities import RagRule

    try:
        wanted = Direction(text_in(direction, what="reduce or increase").casefold() or Direction.REDUCE)
    except ValueError as wrong:
        raise ValueFoundError(
            f"{shown(direction)} is not reduce or increase.", where="the formula", remedy="Write one of the two."
        ) from wrong
    after, before = count_in(later, what="the later count"), count_in(baseline, what="the baseline's count")
    movement = _movement(figures_of, offence)
    status = rag.position(
        later=after, baseline=before, direction=wanted, rule=RagRule(), movement=movement
    ).status.value
    return status if movement else f"{status} ({_BY_COUNTS})"


def _movement(figures_of: Callable[[], Figures] | None, offence: Cell) -> Movement | None:
    """Return how much an offence row usually moves, None where none is named."""
    if is_empty(offence) or figures_of is None:
        return None
    return figures_of().movement(text_in(offence, what="an offence row"))


def _area(figures: Figures, cell: Cell) -> str:
    return figures.area(text_in(cell, what="an area"))


def _period(figures: Figures, cell: Cell) -> Period:
    return figures.quarter if is_empty(cell) else period_in(cell)


def _not_empty(cell: Cell, *, what: str) -> str:
    """Return the text of an argument that may not be empty."""
    if is_empty(cell):
        raise ValueFoundError(
            f"The cell that should name {what} is empty.", where="the formula", remedy=f"Name {what} in it."
        )
    return text_in(cell, what=what)


def _ratio(later: Cell, earlier: Cell) -> tuple[float | str, float | str, float | str]:
    from cdrp_xl.measures import chance

    after, before = count_in(later, what="the later count"), count_in(earlier, what="the earlier count")
    if not (after or before):
        raise CannotBeComputedError(
            "There is no ratio where both counts are 0.", where="the formula", remedy="Give counts of other periods."
        )
    found = chance.rate_ratio(before, after)
    ratio, lower, upper = (
        value if math.isfinite(value) else NO_CALC
        for value in (found.ratio, found.interval.lower, found.interval.upper)
    )
    return ratio, lower, upper


def _significant(figures_of: Callable[[], Figures] | None, earlier: Cell, later: Cell, offence: Cell) -> str:
    from cdrp_xl.measures.verdict import verdict
    from cdrp_xl.report import chance

    before, after = count_in(earlier, what="the earlier count"), count_in(later, what="the later count")
    return chance.in_words(before, after, judged=verdict(before, after, movement=_movement(figures_of, offence)))


def _position(figures: Figures, offence: Cell, area: Cell, when: Cell) -> str:
    rows = figures.rows(_not_empty(offence, what="an offence row"))
    within = text_in(area, what="an area") or figures.settings.partnership.area
    return figures.position(rows, area=within, period=_period(figures, when))


def _farm(figures: Figures, group: Cell, when: Cell, locus: Cell) -> int:
    asked, at = text_in(group, what="an offence group"), text_in(locus, what="a locus subtype")
    return figures.farm_offences(asked, _period(figures, when), locus=at)


def _days(text: Cell) -> tuple[dt.date, dt.date]:
    found = period_in(text)
    return found.first_day, found.last_day


def _rate(count: Cell, population: Cell, per: Cell) -> float:
    counted = count_in(count, what="the count")
    return counted * _factor(population, per)


def _rate_interval(count: Cell, population: Cell, per: Cell) -> tuple[float, float]:
    from cdrp_xl.measures import rates

    interval = rates.count_interval(count_in(count, what="the count"))
    factor = _factor(population, per)
    return interval.lower * factor, interval.upper * factor


def _factor(population: Cell, per: Cell) -> float:
    """Return what a count is multiplied with to be a rate."""
    people = number_in(population, what="the population")
    if people <= 0:
        raise CannotBeComputedError(
            f"There is no rate for a population of {people:g}.", where="the formula", remedy="Give who lives there."
        )
    many = _PER if is_empty(per) else number_in(per, what="the number of people")
    if many <= 0:
        raise CannotBeComputedError(
            f"There is no rate for every {many:g} people.", where="the formula", remedy="Give a number above 0."
        )
    return many / people


FUNCTIONS: tuple[Callable[..., Answer], ...] = (
    count,
    series,
    change,
    pctchange,
    compare,
    rate,
    rateinterval,
    ratio,
    significant,
    position,
    farm,
    rag,
    ragfrom,
    period,
    earlier,
    offences,
    areas,
    asat,
)
"""Every worksheet function, in the order in which the reference page has them."""
