"""Farm crime: by offence group and year, by quarter beside the baseline, and against victims that were hit before."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cdrp_xl.measures.comparison import apparent_change
from cdrp_xl.periods import Period, quarter_of, quarters_of
from cdrp_xl.report import farm_words
from cdrp_xl.report.farm_counts import REPEATS, VICTIMS, FarmCounts
from cdrp_xl.report.farm_model import (
    CrossTable,
    FarmCrime,
    FarmOffence,
    FarmQuarter,
    GroupLine,
    PublishedRepeats,
    ShareOfAll,
)
from cdrp_xl.report.wording import say
from cdrp_xl.selected import FarmOffences
from cdrp_xl.terms import SUPPRESSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.report.suppressed import Suppressed
    from cdrp_xl.settings import Settings
    from cdrp_xl.tables import Counts

SECTION = "farm/offences"
"""The id of the section; no priority's id has a stroke."""

_Cell = tuple[str, tuple[str, ...]]


def counted(settings: Settings, *, counts: Counts | None, period: Period) -> FarmCounts | None:
    """Return the counts of farm crime up to a quarter, None where the settings do not ask for it or nothing counts it.

    Parameters
    ----------
    settings
        The partnership's settings.
    counts
        The counts of the row-level extract, with the selections of `selections`. Unit: offences.
    period
        The quarter reported; nothing later is shown.
    """
    if settings.farm is None or counts is None:
        return None
    return FarmCounts(settings, settings.farm, counts, quarter_of(period.last))


def groups_of(counted: FarmCounts) -> tuple[str, ...]:
    """Return the groups that any offence is of, which the worksheets have."""
    return tuple(sorted({offence.group for offence in _every_offence(counted)}))


def result(counted: FarmCounts, suppressed: Suppressed | None = None) -> FarmCrime:
    """Return farm crime up to a quarter.

    Parameters
    ----------
    counted
        Its counts, with what is published of them.
    suppressed
        What was done to small counts.

    Returns
    -------
    FarmCrime
        Units: offences, and fractions of all farm offences of a year.

    Notes
    -----
    docs/methods.md, "Farm crime". Shares of all crime are of the same extract and area; the difference of the quarter
    from the baseline's is judged by how much it usually moves. A single offence is shown with its group, quarter
    and locus only, so that the master's rows, which pivot tables count, hold nothing that its tables do not. Where
    small counts are hidden, shares, changes and sentences are made of what is published alone.
    """
    every = _every_offence(counted)
    groups = groups_of(counted)
    lines = tuple(_line(counted, group) for group in (*groups, ""))
    quarters = tuple(_quarter(counted, quarter, groups) for quarter in counted.quarters)
    years_shown = sorted({Period.parse(offence.financial_year) for offence in every})
    return FarmCrime(
        intro=farm_words.intro(counted),
        by_year_text=farm_words.by_year(counted, lines),
        by_quarter_text=farm_words.by_quarter(counted),
        pivots_intro=farm_words.pivots(counted, years_shown),
        data_intro=say("farm", "data"),
        baseline_year=counted.farm.baseline,
        years=counted.years,
        groups=groups,
        lines=lines,
        quarters=quarters,
        of_all=tuple(_shares_of_all(counted)),
        repeats_heading=say("farm", f"repeat_{counted.farm.repeats_by}"),
        chart_title=say("farm", "chart"),
        chart_alt_text=farm_words.alt_text(quarters, counted.farm.baseline),
        locus_heading="Locus subtype" if counted.farm.locus_subtypes else "Locus type",
        farm_offences=every,
        by_year=_crossed(every, by_quarter=False),
        by_quarter=_crossed(every, by_quarter=True),
        suppressed=suppressed,
    )


def _every_offence(counted: FarmCounts) -> tuple[FarmOffence, ...]:
    """Return one entry to an offence of every quarter shown, whether in the years' table or in the monitoring."""
    quarters = {*counted.quarters, *(quarter for year in counted.years for quarter in quarters_of(year))}
    return tuple(
        FarmOffence(group=group, financial_year=year, quarter=number, locus=locus)
        for group in counted.groups
        for quarter in sorted(quarters)
        for year, number in [quarter.name.split()]
        for locus in counted.farm.loci
        for _ in range(counted.of_group(group, quarter, locus=locus) or 0)
    )


def _line(counted: FarmCounts, group: str) -> GroupLine:
    """Return the line of a group, or of all."""
    whole = [counted.shown(year) for year in counted.years]
    parts = [counted.shown(year, FarmOffences(group)) for year in counted.years] if group else whole
    change, apparent = _changed(parts[0], parts[-1])
    return GroupLine(
        group=group or say("farm", "all"),
        offences=tuple(parts),
        shares=tuple(_share(part, of) for part, of in zip(parts, whole, strict=True)),
        change=change,
        apparent_change=apparent,
    )


def _shares_of_all(counted: FarmCounts) -> Iterator[ShareOfAll]:
    """Yield the share of all crime of each year and of the quarter, but where it is hidden or nothing was recorded."""
    for period in (*counted.years, counted.quarter):
        part, every = counted.shown(period), counted.all_crime(period)
        if isinstance(part, int) and every:
            yield ShareOfAll(period=period, every=every, share=part / every)


def _changed(first: int | str | None, last: int | str | None) -> tuple[int | str | None, float | str | None]:
    """Return the change and the apparent change; what either count is missing or hidden for, they are too."""
    if first is None or last is None:
        return None, None
    if isinstance(first, str) or isinstance(last, str):
        return SUPPRESSED, SUPPRESSED
    return last - first, apparent_change(first, last)


def _share(part: int | str | None, of: int | str | None) -> float | str | None:
    if isinstance(part, str) or isinstance(of, str):
        return SUPPRESSED
    return part / of if part is not None and of else None


def _quarter(counted: FarmCounts, quarter: Period, groups: Sequence[str]) -> FarmQuarter:
    baseline = counted.baseline(quarter)
    repeats = [counted.shown(quarter, what) for what in (REPEATS, VICTIMS)]
    return FarmQuarter(
        quarter=quarter,
        offences=counted.shown(quarter) or 0,
        by_group=tuple(counted.shown(quarter, FarmOffences(group)) or 0 for group in groups),
        baseline=counted.shown(baseline) if baseline else None,
        repeats=None if None in repeats else PublishedRepeats(*(each or 0 for each in repeats)),
    )


def _crossed(every: Sequence[FarmOffence], *, by_quarter: bool) -> CrossTable:
    """Return offences by group and year, or by group, year and quarter; a year's total follows its quarters."""
    years: dict[str, set[str]] = {}
    cells: Counter[_Cell] = Counter()
    for offence in every:
        year, quarter = offence.financial_year, offence.quarter
        years.setdefault(year, set()).add(quarter)
        cells.update((group, across) for group in (offence.group, "") for across in ((), (year,), (year, quarter)))
    across: list[tuple[str, ...]] = []
    for year in sorted(years):
        across += [*((year, quarter) for quarter in sorted(years[year]) if by_quarter), (year,)]
    across.append(())
    down = tuple(sorted({offence.group for offence in every}))
    counts = tuple(tuple(cells[group, column] for column in across) for group in (*down, ""))
    return CrossTable(down=down, across=tuple(across), counts=counts)
