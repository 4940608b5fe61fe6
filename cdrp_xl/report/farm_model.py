"""What a report holds of farm crime, as it is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cdrp_xl.periods import Period
    from cdrp_xl.report.suppressed import Suppressed


class FarmOffence(NamedTuple):
    """One farm offence as far as it may be shown: what it is counted by, and nothing else of its row."""

    group: str
    financial_year: str
    quarter: str
    locus: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """One offence group in each year of the table. Units: offences; fraction. None where a year can't be counted.

    `change` and `apparent_change` are those of the last year from the first. A symbol replaces what is hidden.
    """

    group: str
    offences: tuple[int | str | None, ...]
    shares: tuple[float | str | None, ...]
    change: int | str | None
    apparent_change: float | str | None


class PublishedRepeats(NamedTuple):
    """A quarter's repeat offences, and whom they were against. Units: offences; victims or premises."""

    offences: int | str
    victims: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOfAll:
    """What share of a period's recorded crime was on farms. Units: offences, and a fraction."""

    period: Period
    every: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FarmQuarter:
    """One quarter of the monitoring. Units: offences; None where the baseline or the repeats can't be counted.

    A symbol replaces what is hidden.
    """

    quarter: Period
    offences: int | str
    by_group: tuple[int | str, ...]
    baseline: int | str | None
    repeats: PublishedRepeats | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossTable:
    """Offences by group and period, with totals, as a pivot table shows them.

    Attributes
    ----------
    down
        The groups; the row of totals is under them.
    across
        What each column counts: ``("2009-10", "Q1")`` a quarter, ``("2009-10",)`` a year, ``()`` everything.
    counts
        Unit: offences. By row and column, the row of totals last.
    """

    down: tuple[str, ...]
    across: tuple[tuple[str, ...], ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FarmCrime:
    """All that the report shows of farm crime.

    Attributes
    ----------
    locus_heading
        What farms are divided by, as a heading: "Locus subtype", or "Locus type" where no subtype is named.
    groups
        The groups that any offence is of, in the order of their names, as a pivot table has them.
    lines
        A line for every group, and the total last.
    farm_offences
        One entry to an offence, in the order of groups and quarters; for the analyst alone, as the cross tables are,
        whatever is hidden.
    suppressed
        What was done to small counts, None where every count is published.
    of_all
        The share of all crime of each year, and of the quarter, that the texts name.
    """

    intro: str
    by_year_text: str
    by_quarter_text: str
    pivots_intro: str
    data_intro: str
    baseline_year: Period
    years: tuple[Period, ...]
    groups: tuple[str, ...]
    lines: tuple[GroupLine, ...]
    quarters: tuple[FarmQuarter, ...]
    of_all: tuple[ShareOfAll, ...]
    repeats_heading: str
    chart_title: str
    chart_alt_text: str
    locus_heading: str
    farm_offences: tuple[FarmOffence, ...]
    by_year: CrossTable
    by_quarter: CrossTable
    suppressed: Suppressed | None

    @property
    def has_whole_baseline(self) -> bool:
        """Whether every quarter has its baseline, so that a line can be drawn without a gap."""
        return all(isinstance(each.baseline, int) for each in self.quarters)
