"""Emerging issues of the localities that the settings name: which offence rows rose there by more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError, name_some
from cdrp_xl.measures.chance import false_discovery_rates, p_value
from cdrp_xl.measures.comparison import ComparedRow
from cdrp_xl.report import suppressing
from cdrp_xl.report.wording import say
from cdrp_xl.sources.recorded_crime import Selection
from cdrp_xl.terms import SUPPRESSED, Polarity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.report.model import Highlights
    from cdrp_xl.settings import Settings
    from cdrp_xl.tables import Counts

SOURCE = "recorded_crime"
"""The source of the counts: no other knows of localities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRise:
    """One offence row that rose in a locality by more than chance, and its counts as they may be printed."""

    locality: str
    compared: ComparedRow
    earlier: int | str
    later: int | str

    @property
    def is_told(self) -> bool:
        """Whether both counts are printed as they are, so that a sentence may tell them."""
        return (self.earlier, self.later) == (self.compared.earlier, self.compared.later)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRises:
    """The rises of localities, lower-is-better rows first, and in words how they were looked for; empty if not."""

    rises: tuple[LocalRise, ...] = ()
    how: str = ""


def selections(settings: Settings) -> tuple[Selection, ...]:
    """Return what the row-level extract has to count: each locality, row by row.

    Parameters
    ----------
    settings
        The partnership's settings.
    """
    return tuple(map(_selection, settings.significance.localities))


def rises(settings: Settings, *, counts: Counts | None, table: Comparison, highlights: Highlights) -> LocalRises:
    """Return the offence rows that rose in the localities of the settings by more than chance.

    Parameters
    ----------
    settings
        By which test, at which rate of false discoveries, from how many offences on, and what hides small counts.
    counts
        The counts of the row-level extract, with the selections of `selections`. Unit: offences.
    table
        The two periods that the report compares.
    highlights
        The whole area's rows as they are printed: where a count is not, that of no locality is.

    Returns
    -------
    LocalRises
        A count that may point to a person is a symbol, and with it the same row's of every other locality.

    Notes
    -----
    METHODS.md, section 4. The false discovery rate is held among the localities' rows by themselves. Which of them are
    tested is told by the two counts together, of which the exact test's p-value is independent if nothing changed.
    """
    named = settings.significance.localities
    if counts is None or not named:
        return LocalRises()
    try:
        every = [(locality, each) for locality in named for each in _compared(counts, table, settings, locality)]
    except CannotBeComputedError as refused:
        return LocalRises(how=say("emerging", "localities_not_counted", why=refused.what))
    own = settings.significance
    tested = [(where, each) for where, each in every if each.earlier + each.later >= own.least_offences]
    rates = false_discovery_rates([p_value(each.earlier, each.later, test=own.test) for _, each in tested])
    found = [
        (rate, where, each)
        for rate, (where, each) in zip(rates, tested, strict=True)
        if rate * 100 <= own.false_discovery_per_cent and each.change > 0 and each.later >= own.least_offences
    ]
    found.sort(key=lambda rated: (rated[2].row.polarity is Polarity.ACTIVITY, rated[0]))
    how = say(
        "emerging",
        "how_localities",
        localities=name_some(named),
        least=f"{own.least_offences:,}",
        rate=f"{own.false_discovery_per_cent:g}",
        tested=f"{len(tested):,}",
    )
    return LocalRises(
        rises=_printed(settings, counts, highlights, [(where, each) for _, where, each in found]), how=how
    )


def _compared(counts: Counts, table: Comparison, settings: Settings, locality: str) -> Iterable[ComparedRow]:
    for row in counts.classification.leaves:
        (row_id,) = _selection(locality).ids([row.row_id])
        earlier, later = (
            counts.offences(area=settings.partnership.area, row_id=row_id, period=period)
            for period in (table.earlier, table.later)
        )
        yield ComparedRow(row=row, earlier=earlier, later=later)


def _printed(
    settings: Settings, counts: Counts, highlights: Highlights, found: Sequence[tuple[str, ComparedRow]]
) -> tuple[LocalRise, ...]:
    """Return the rises with the counts that may be told; a row that is not told somewhere is told nowhere."""
    policy = suppressing.policy(settings, settings.suppression.localities, counts.classification)
    whole = {row.row.row_id for row in highlights.rows if isinstance(row.earlier, int) and isinstance(row.later, int)}
    untold = {
        each.row.row_id
        for where, each in found
        if settings.suppression.highlights == "round"
        or each.row.row_id not in whole
        or (policy and policy.is_rounded)
        or any(
            policy and policy.is_unsafe((where, each.row.row_id, period), count)
            for period, count in ((highlights.earlier, each.earlier), (highlights.later, each.later))
        )
    }
    return tuple(
        LocalRise(
            locality=where,
            compared=each,
            earlier=SUPPRESSED if each.row.row_id in untold else each.earlier,
            later=SUPPRESSED if each.row.row_id in untold else each.later,
        )
        for where, each in found
    )


def _selection(locality: str) -> Selection:
    return Selection(
        selection_id=f"locality/{locality}",
        localities=(locality,),
        is_by_row=True,
        asked_at="partnership.toml, significance.localities",
    )
