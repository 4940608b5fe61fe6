"""How often the report's rules would have been wrong on the past counts of the data, as the report shows it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.backtest import BINS, KNOWN, LENGTHS, History, back_test
from cdrp_xl.periods import Period
from cdrp_xl.report import usual
from cdrp_xl.report.wording import say
from cdrp_xl.terms import NOT_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdrp_xl.measures.backtest import BackTest, Coverage, PlaceboRate
    from cdrp_xl.tables import Counts

Cells = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What past counts say about the rules, row by row; a symbol where there was nothing to try them on.

    `note` is for readers, empty where there is nothing to say.
    """

    intro: str
    placebo: tuple[Cells, ...]
    projection: tuple[Cells, ...]
    target: tuple[Cells, ...]
    flagged: tuple[Cells, ...]
    chart_title: str
    chart_alt_text: str
    note: str


def histories(counts: Counts, *, areas: Iterable[str]) -> list[History]:
    """Return the monthly counts of areas, of rows of which no offence is in two.

    Parameters
    ----------
    counts
        A source. Unit: offences.
    areas
        Those to return; one without months is left out.
    """
    rows = [row for row in counts.classification.leaves if row.row_id not in counts.rows_missing]
    found = []
    for area in areas:
        covered = counts.months(area)
        if not covered:
            continue
        offences = usual.in_source(counts, area=area)
        months = list(Period(min(covered), max(covered)).months)
        found.append(
            History(
                area=area,
                first=months[0],
                counts={row.row_id: [offences(row.row_id, Period(each, each)) for each in months] for row in rows},
                kinds={row.row_id: row.kind for row in rows},
            )
        )
    return found


def build(counts: Counts, *, area: str) -> Calibration:
    """Return how often the rules would have been wrong on an area's own past counts.

    Parameters
    ----------
    counts
        The source of the report's table. Unit: offences.
    area
        The area.
    """
    found = back_test(histories(counts, areas=[area]))
    quarters = next((each for each in found.placebo if each.months == LENGTHS[0]), None)
    return Calibration(
        intro=say("calibration", "intro" if quarters else "nothing", area=area),
        placebo=placebo(found),
        projection=projection(found),
        target=target(found),
        flagged=flagged(found),
        chart_title=say("calibration", "chart"),
        chart_alt_text=say("calibration", "chart_alt"),
        note=_note(quarters, found.projection, area) if quarters else "",
    )


def _note(quarters: PlaceboRate, ends: Sequence[Coverage], area: str) -> str:
    """Return for readers, in one sentence, how often the rules were wrong."""
    years = sum(each.n for each in ends)
    return say(
        "calibration",
        "note" if years else "note_compared",
        area=area,
        different=f"{100 * quarters.different / quarters.n:.1f}%",
        compared=f"{quarters.n:,}",
        covered=f"{100 * sum(each.covered for each in ends) / years:.1f}%" if years else "",
        years=f"{years:,}",
    )


def placebo(found: BackTest) -> tuple[Cells, ...]:
    """Return, by the months compared, the shares called different and by chance in the counts only, and of how many."""
    by_months = {each.months: each for each in found.placebo}
    return tuple(
        (f"{months} months", each.different / each.n, each.exact / each.n, each.n)
        if (each := by_months.get(months))
        else (f"{months} months", NOT_AVAILABLE, NOT_AVAILABLE, 0)
        for months in LENGTHS
    )


def projection(found: BackTest) -> tuple[Cells, ...]:
    """Return, by the months known, the share of years within their range, how wide that was, and of how many years."""
    by_known = {each.known: each for each in found.projection}
    return tuple(
        (f"{known} months", each.covered / each.n, each.width, each.n)
        if (each := by_known.get(known))
        else (f"{known} months", NOT_AVAILABLE, NOT_AVAILABLE, 0)
        for known in KNOWN
    )


def target(found: BackTest) -> tuple[Cells, ...]:
    """Return the share of targets that were met, and of how many, by the chance that was stated and its average."""
    rows: list[Cells] = []
    for lower, upper in itertools.pairwise(BINS):
        name = f"{100 * lower:.0f}% to {100 * upper:.0f}%"
        each = next((each for each in found.target if lower <= each.stated < upper), None)
        rows.append((name, each.stated, each.met, each.n) if each else (name, NOT_AVAILABLE, NOT_AVAILABLE, 0))
    return tuple(rows)


def flagged(found: BackTest) -> tuple[Cells, ...]:
    """Return the shares of months that stood out and of quarters that would have listed a rise, and of how many."""
    months = found.flagged / found.months if found.months else NOT_AVAILABLE
    reports = found.with_a_rise / found.reports if found.reports else NOT_AVAILABLE
    return (
        (say("calibration", "months"), months, found.months),
        (say("calibration", "reports"), reports, found.reports),
    )
