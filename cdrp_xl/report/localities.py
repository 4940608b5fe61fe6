"""Emerging issues of the localities that the settings name: which offence rows rose there by more than usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError, name_some
from cdrp_xl.measures.chance import false_discovery_rates
from cdrp_xl.measures.comparison import ComparedRow
from cdrp_xl.measures.verdict import by_test
from cdrp_xl.report import suppressing, usual
from cdrp_xl.report.wording import say
from cdrp_xl.selected import OfRow
from cdrp_xl.sources.selection import Selection
from cdrp_xl.terms import Polarity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.measures.verdict import Verdict
    from cdrp_xl.report.model import Highlights
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Settings
    from cdrp_xl.tables import Counts
    from cdrp_xl.terms import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRise:
    """One offence row that rose in a locality by more than it usually moves, with its counts. Unit: offences."""

    locality: str
    compared: ComparedRow
    judged: Verdict

    @property
    def name(self) -> str:
        """The row and the locality, in words."""
        return say("emerging", "in_locality", row=self.compared.row.name, locality=self.locality)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRises:
    """The rises of localities, lower-is-better rows first, and in words how they were looked for; empty if not.

    `withheld` are those that no reader is told of, since being listed would tell of a hidden count.
    """

    rises: tuple[LocalRise, ...] = ()
    withheld: tuple[LocalRise, ...] = ()
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
    """Return the offence rows that rose in the localities of the settings by more than they usually move.

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
        A rise with a count that may point to a person is withheld, and with it the same row's in every other locality.

    Notes
    -----
    METHODS.md, sections 4 and 13. The false discovery rate is held among the localities' rows by themselves. Which of
    them are tested depends on the two counts together, which say nothing of a change from one to the other.
    """
    named = settings.significance.localities
    if counts is None or not named:
        return LocalRises()
    try:
        every = [each for locality in named for each in _compared(counts, table, settings, locality)]
    except CannotBeComputedError as refused:
        return LocalRises(how=say("emerging", "localities_not_counted", why=refused.what))
    own = settings.significance
    pairs = [(where, each) for where, each in every if each.earlier + each.later >= own.least_offences]
    tested = _judged(counts, table, settings, pairs)
    rates = false_discovery_rates([each.judged.p for each in tested])
    found = [
        (rate, each)
        for rate, each in zip(rates, tested, strict=True)
        if rate * 100 <= own.false_discovery_per_cent
        and each.compared.change > 0
        and each.compared.later >= own.least_offences
    ]
    found.sort(key=lambda rated: (rated[1].compared.row.polarity is Polarity.ACTIVITY, rated[0]))
    every_rise = [rise for _, rise in found]
    untold = _untold(settings, counts, highlights, every_rise)
    how = say(
        "emerging",
        "how_localities",
        localities=name_some(named),
        least=f"{own.least_offences:,}",
        rate=f"{own.false_discovery_per_cent:g}",
        tested=f"{len(tested):,}",
    )
    return LocalRises(
        rises=tuple(rise for rise in every_rise if rise.compared.row.row_id not in untold),
        withheld=tuple(rise for rise in every_rise if rise.compared.row.row_id in untold),
        how=how,
    )


def _judged(
    counts: Counts, table: Comparison, settings: Settings, pairs: Sequence[tuple[str, ComparedRow]]
) -> list[LocalRise]:
    """Return each row in a locality with the verdict on its change, a place's own history known where it has one."""
    kinds: dict[RowKey, Kind] = {OfRow(row_id=each.row.row_id, locality=where): each.row.kind for where, each in pairs}
    known = usual.movement_of(
        table.later.first,
        offences=usual.in_source(counts, area=table.area),
        classification=counts.classification,
        kinds=kinds,
    )
    return [
        LocalRise(
            locality=where,
            compared=each,
            judged=by_test(each.earlier, each.later, test=settings.significance.test, movement=known.get(key)),
        )
        for key, (where, each) in zip(kinds, pairs, strict=True)
    ]


def _compared(
    counts: Counts, table: Comparison, settings: Settings, locality: str
) -> Iterable[tuple[str, ComparedRow]]:
    for row in counts.classification.leaves:
        row_id = OfRow(row_id=row.row_id, locality=locality)
        earlier, later = (
            counts.offences(area=settings.partnership.area, row_id=row_id, period=period)
            for period in (table.earlier, table.later)
        )
        yield locality, ComparedRow(row=row, earlier=earlier, later=later)


def _untold(settings: Settings, counts: Counts, highlights: Highlights, found: Sequence[LocalRise]) -> set[str]:
    """Return the ids of the rows of which no count may be told as it is in some locality, or in the whole area."""
    policy = suppressing.policy(settings, settings.suppression.localities, counts.classification)
    is_rounded = settings.suppression.highlights == "round" or bool(policy and policy.is_rounded)
    whole = {row.row.row_id for row in highlights.rows if isinstance(row.earlier, int) and isinstance(row.later, int)}
    return {
        each.row.row_id
        for where, each in ((rise.locality, rise.compared) for rise in found)
        if is_rounded
        or each.row.row_id not in whole
        or any(
            policy and policy.is_unsafe((where, each.row.row_id, period), count)
            for period, count in ((highlights.earlier, each.earlier), (highlights.later, each.later))
        )
    }


def _selection(locality: str) -> Selection:
    return Selection(
        counted_as=OfRow(locality=locality),
        localities=(locality,),
        asked_at="partnership.toml, significance.localities",
    )
