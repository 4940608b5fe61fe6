"""Farm crime in any period: its offences by group, its repeats, and why either can't be counted."""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING

from cdrp_xl import offences
from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.periods import Period, financial_year_of
from cdrp_xl.report import usual
from cdrp_xl.report.wording import say
from cdrp_xl.selected import FarmOffences, FarmRepeats
from cdrp_xl.sources.publisher import IF_UNNAMED
from cdrp_xl.sources.selection import Selection
from cdrp_xl.tables import Repeats
from cdrp_xl.terms import SUPPRESSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Farm, Settings
    from cdrp_xl.tables import Cell, Counts

QUARTERS_SHOWN = 13
"""Three years and the quarter itself, so that the same quarter of each year can be seen."""

ALL = FarmOffences()
"""All farm offences."""

REPEATS, VICTIMS, UNNAMED = FarmRepeats("offences"), FarmRepeats("victims"), FarmRepeats("unnamed")
"""The repeats of a quarter, whom they were against, and the offences without a victim recorded."""

_ASKED_AT = "partnership.toml, [farm]"


def selections(settings: Settings) -> tuple[Selection, ...]:
    """Return what the farm section counts: all of it with its repeats, and each offence group at each locus.

    Parameters
    ----------
    settings
        The partnership's settings.

    Raises
    ------
    ValueFoundError
        If the settings put a group together from a code that is not known, or a code into two groups.
    """
    farm, source = settings.farm, settings.sources.recorded_crime
    if farm is None or source is None:
        return ()
    whole = Selection(
        counted_as=ALL,
        locus_types=farm.locus_types,
        locus_subtypes=farm.locus_subtypes,
        repeats_by=farm.repeats_by,
        repeat_months=farm.repeat_months,
        asked_at=_ASKED_AT,
    )
    parts = (
        Selection(
            counted_as=FarmOffences(group.name, locus),
            locus_types=farm.locus_types if farm.locus_subtypes else (locus,),
            locus_subtypes=(locus,) if farm.locus_subtypes else (),
            codes=group.codes,
            asked_at=_ASKED_AT,
        )
        for group in _groups(farm, source.classification or settings.report.classification or IF_UNNAMED)
        for locus in farm.loci
    )
    return (whole, *parts)


class FarmCounts:
    """The farm offences of one area up to the quarter reported; nothing later is counted."""

    def __init__(self, settings: Settings, farm: Farm, counts: Counts, quarter: Period) -> None:
        self.farm = farm
        self.quarter = quarter
        self.coverage = counts.coverage
        self._area = settings.partnership.area
        self._source = settings.sources.recorded_crime
        self._counts = counts
        self.codes = {group.name: group.codes for group in _groups(farm, counts.classification.classification_id)}
        self.groups = sorted(self.codes)
        self.years = _years(farm, quarter)
        self.quarters = self._quarters()
        self.test = settings.significance.test
        self.is_rounded = False
        self.published: Mapping[Cell, int | None] = {}

    def publishing(self, published: Mapping[Cell, int | None], *, is_rounded: bool) -> FarmCounts:
        """Return the same counts, of which `shown` gives only what is in `published`: None where a count is hidden."""
        other = copy.copy(self)
        other.is_rounded, other.published = is_rounded, published
        return other

    def shown(self, period: Period, what: FarmOffences | FarmRepeats = ALL) -> int | str | None:
        """Return what is published of a count: a symbol where it is hidden, None where it can't be counted."""
        cell = self.cell(period, what)
        if cell not in self.published:
            return self.count(period, what)
        count = self.published[cell]
        return SUPPRESSED if count is None else count

    def count(self, period: Period, what: FarmOffences | FarmRepeats = ALL) -> int | None:
        """Return all farm offences, those of a group, or a quarter's repeats; None where they can't be counted."""
        if isinstance(what, FarmRepeats):
            repeats = self.repeats(period)
            return repeats.counted(what) if repeats else None
        return self.of_group(what.group, period) if what.group else self.offences(period)

    def cell(self, period: Period, what: FarmOffences | FarmRepeats = ALL) -> Cell:
        """Return the cell of a count."""
        return self._area, what, period

    def cells(self, groups: Sequence[str]) -> dict[Cell, int]:
        """Return every count that the worksheets publish of some groups, as it is."""
        baselines = [then for then in map(self.baseline, self.quarters) if then]
        shown = (*self.years, *self.quarters)
        wanted: list[tuple[Period, FarmOffences | FarmRepeats]] = [(period, ALL) for period in (*shown, *baselines)]
        wanted += [(period, FarmOffences(group)) for period in shown for group in groups]
        wanted += [(quarter, what) for quarter in self.quarters for what in (REPEATS, VICTIMS)]
        wanted += [(self.quarter, UNNAMED)]
        counts = {self.cell(period, what): self.count(period, what) for period, what in wanted}
        return {cell: count for cell, count in counts.items() if count is not None}

    def offences(self, period: Period) -> int | None:
        """Return all farm offences, None where the extract does not cover the period or it is yet to come."""
        return self._count(period, ALL)

    def all_crime(self, period: Period) -> int | None:
        """Return all recorded offences of the area, None as for farm offences."""
        return self._count(period, self._counts.classification.all_crime.row_id)

    def of_group(self, group: str, period: Period, *, locus: str = "") -> int | None:
        """Return the farm offences of one group, at one locus or at all."""
        parts = [self._count(period, FarmOffences(group, each)) for each in ([locus] if locus else self.farm.loci)]
        return None if None in parts else sum(part or 0 for part in parts)

    def movement(self) -> Movement | None:
        """Return how much a quarter's farm offences usually move from one year to the next."""
        classification = self._counts.classification
        return usual.movement_of(
            self.quarter.first,
            offences=lambda key, period: self._count(period, key),
            classification=classification,
            kinds={ALL: usual.any_kind(classification)},
        ).get(ALL)

    def baseline(self, quarter: Period) -> Period | None:
        """Return the same quarter of the baseline year, None where that is not over before the reported year."""
        is_before = self.farm.baseline.last < financial_year_of(self.quarter.first).first
        return quarter.same_months_of(self.farm.baseline) if is_before else None

    def repeats(self, quarter: Period) -> Repeats | None:
        """Return a quarter's repeats, None where they can't be counted."""
        if self.why_no_repeats(quarter):
            return None
        return self._counts.repeats.get((ALL, quarter), Repeats())

    def why_no_repeats(self, quarter: Period) -> str:
        """Return why a quarter's repeats can't be counted, in words; empty where they can."""
        if self._source is None or not getattr(self._source.headings, self.farm.repeats_by):
            return say("farm", f"no_{self.farm.repeats_by}")
        return self.why_not(Period(quarter.first + -self.farm.repeat_months, quarter.last))

    def why_not(self, period: Period) -> str:
        """Return why a period can't be counted, in words; empty where it can."""
        if period.last > self.quarter.last:
            return say("farm", "not_over", name=period.name, words=self.quarter.words)
        try:
            self._counts.check_covers(period, area=self._area)
        except CannotBeComputedError as refused:
            return refused.what
        return ""

    def _count(self, period: Period, row_id: RowKey) -> int | None:
        if period.last > self.quarter.last or not self._counts.covers(period, area=self._area):
            return None
        return self._counts.offences(area=self._area, row_id=row_id, period=period)

    def _quarters(self) -> tuple[Period, ...]:
        """Return the quarters up to the one reported, as far back as they can be counted without a gap."""
        first, last = self.quarter.first, self.quarter.last
        before = (Period(first + -3 * back, last + -3 * back) for back in range(QUARTERS_SHOWN))
        counted = itertools.takewhile(lambda quarter: self.offences(quarter) is not None, before)
        return tuple(reversed(list(counted)))


def _groups(farm: Farm, classification: str) -> tuple[offences.Group, ...]:
    return offences.load(classification).grouped(farm.groups, where="partnership.toml, farm.groups")


def _years(farm: Farm, quarter: Period) -> tuple[Period, ...]:
    """Return the years of the table: those of the settings, otherwise the baseline and the last complete year."""
    this = financial_year_of(quarter.last)
    over = this if this.last == quarter.last else this.earlier()
    return tuple(sorted({*farm.years} or {farm.baseline, over}))
