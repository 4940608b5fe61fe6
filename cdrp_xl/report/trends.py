"""All recorded crime and its main groups month by month, with the season divided out: what needs no setting."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.season import without_season
from cdrp_xl.periods import Period
from cdrp_xl.report.series import MONTHS_SHOWN
from cdrp_xl.report.wording import in_offences, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdrp_xl.offences import Row
    from cdrp_xl.tables import Cell, Counts

MOST_COLUMNS = 15
"""How many rows fit beside one another across a page. If there are more, those shown by their parts are left out."""

LEAST_MONTHS = 13
"""With fewer months not even the same month of two years can be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One offence row month by month. Units: offences, and offences with the season divided out; None without one."""

    row: Row
    offences: tuple[int, ...]
    without_season: tuple[float, ...] | None
    chart_alt_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """The months up to the report's last, and its main rows in each, all recorded crime first."""

    months: tuple[Period, ...]
    rows: tuple[Trend, ...]
    finding: str
    intro: str

    @property
    def have_season(self) -> bool:
        """Whether there are months enough for a season."""
        return all(trend.without_season is not None for trend in self.rows)


def counted(counts: Counts, rows: Sequence[Row], *, area: str, last: Period) -> dict[Cell, int]:
    """Return the offences of rows in every month up to a period's last that the source wholly covers.

    Parameters
    ----------
    counts
        The source of the highlights table. Unit: offences.
    rows
        The main rows.
    area
        The partnership's area.
    last
        The report's period.

    Returns
    -------
    dict of Cell to int
        By area, row and month, the oldest month first; empty where there are fewer than 13 months without a gap, and
        without the rows that the source gives no figures for. Unit: offences.
    """
    every = (Period(last.last + -back, last.last + -back) for back in range(MONTHS_SHOWN))
    months = list(itertools.takewhile(lambda month: counts.covers(month, area=area), every))[::-1]
    if len(months) < LEAST_MONTHS:
        return {}
    known = [row for row in rows if row.row_id not in counts.rows_missing]
    if len(known) > MOST_COLUMNS:
        divided = {row.parent for row in known}
        known = [row for row in known if row == known[0] or row.row_id not in divided]
    return {
        (area, row.row_id, month): counts.offences(area=area, row_id=row.row_id, period=month)
        for row in known
        for month in months
    }


def build(cells: Mapping[Cell, int], rows: Sequence[Row]) -> Trends | None:
    """Return the months of the main rows, None where there are none.

    Parameters
    ----------
    cells
        What `counted` returned. Unit: offences.
    rows
        The main rows, all recorded crime first.

    Notes
    -----
    docs/methods.md, "Months": the season is that of up to three years shown, found on two years at least.
    """
    months = tuple(dict.fromkeys(month for _, _, month in cells))
    by_row: dict[str, list[int]] = {}
    for (_, row_id, _), offences in cells.items():
        by_row.setdefault(str(row_id), []).append(offences)
    trends = tuple(_trend(row, by_row[row.row_id], months) for row in rows if row.row_id in by_row)
    if not trends:
        return None
    first = trends[0]
    highest = max(range(len(months)), key=lambda place: first.offences[place])
    lowest = min(range(len(months)), key=lambda place: first.offences[place])
    has_season = first.without_season is not None
    return Trends(
        months=months,
        rows=trends,
        finding=say(
            "trends",
            "finding",
            row=first.row.name,
            highest=in_offences(first.offences[highest]),
            highest_month=months[highest].words,
            lowest=f"{first.offences[lowest]:,}",
            lowest_month=months[lowest].words,
        ),
        intro=say(
            "trends",
            "intro" if has_season else "intro_without_season",
            first=months[0].words,
            last=months[-1].words,
        ),
    )


def _trend(row: Row, offences: Sequence[int], months: Sequence[Period]) -> Trend:
    return Trend(
        row=row,
        offences=tuple(offences),
        without_season=without_season(offences),
        chart_alt_text=say(
            "trends",
            "chart_alt",
            row=row.name,
            first=months[0].words,
            first_offences=in_offences(offences[0]),
            last=months[-1].words,
            last_offences=f"{offences[-1]:,}",
        ),
    )
