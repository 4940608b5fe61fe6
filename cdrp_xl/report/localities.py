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
from cdrp_xl.selected import RemainingOffences, RowOffences
from cdrp_xl.sources.selection import Selection
from cdrp_xl.terms import Polarity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.measures.suppression import Policy
    from cdrp_xl.measures.verdict import Verdict
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Settings
    from cdrp_xl.tables import Cell, Counts
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

    `withheld` are those that are not published, since being listed would disclose a hidden count.
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


def rises(
    settings: Settings,
    *,
    counts: Counts | None,
    table: Comparison,
    protect: Callable[[Mapping[Cell, int]], Collection[Cell]],
    worked_out: Collection[Cell] = (),
) -> LocalRises:
    """Return the offence rows that rose in the localities of the settings by more than they usually move.

    Parameters
    ----------
    settings
        By which test, at which rate of false discoveries, from how many offences on, and what hides small counts.
    counts
        The counts of the row-level extract, with the selections of `selections`. Unit: offences.
    table
        The two periods that the report compares.
    protect
        Gives the cells that are hidden on any worksheet where the copy publishes some counts of localities too.
    worked_out
        The unpublished cells that readers can work out. Such a row is not tested, whatever its count: if it were listed
        for some counts, its absence would disclose the others.

    Returns
    -------
    LocalRises
        A rise with a count that may point to a person is withheld, and with it the same row's in every other locality;
        and so is one with a count that is hidden to protect another.

    Notes
    -----
    docs/methods.md, "Emerging issues". The false discovery rate is held among the localities' rows by themselves. Which
    of them are tested depends on the two counts together, which say nothing of a change from one to the other.
    """
    named = settings.significance.localities
    if counts is None or not named:
        return LocalRises()
    try:
        pairs = [each for locality in named for each in _compared(counts, table, settings, locality)]
    except CannotBeComputedError as refused:
        return LocalRises(how=say("emerging", "localities_not_counted", why=refused.what))
    least = settings.significance.least_offences
    every = _judged(counts, table, settings, [pair for pair in pairs if pair[1].earlier + pair[1].later >= least])
    open_to_all = _larger_than_usual(every, settings)
    policy = suppressing.policy(settings, settings.suppression.localities, counts.classification)
    unlisted = _unsafe_rows(settings, open_to_all, policy)
    known = _rows(worked_out)
    eligible = [each for each in every if (each.locality.casefold(), each.compared.row.row_id) not in known]
    while True:
        tested = [
            each for each in eligible if _is_safe(each.compared, policy) and each.compared.row.row_id not in unlisted
        ]
        found = _larger_than_usual(tested, settings)
        hidden = {row for _, row, period in protect(counts_of(found, table)) if period in {table.earlier, table.later}}
        if unlisted.issuperset(
            more := {each.compared.row.row_id for each in every if each.compared.row.row_id in hidden}
        ):
            break
        unlisted |= more
    how = say(
        "emerging",
        "how_localities",
        localities=name_some(named),
        least=f"{least:,}",
        rate=f"{settings.significance.false_discovery_per_cent:g}",
        tested=f"{len(tested):,}",
    )
    listed = tuple(found)
    return LocalRises(rises=listed, withheld=tuple(rise for rise in open_to_all if rise not in listed), how=how)


def counts_of(found: Iterable[LocalRise], table: Comparison) -> dict[Cell, int]:
    """Return the counts that are published where some rises are listed, by locality, row and period. Unit: offences."""
    return {
        (rise.locality, rise.compared.row.row_id, period): count
        for rise in found
        for period, count in ((table.earlier, rise.compared.earlier), (table.later, rise.compared.later))
    }


def _larger_than_usual(tested: Sequence[LocalRise], settings: Settings) -> list[LocalRise]:
    """Return what rose by more than usual among what was tested, lower-is-better rows first."""
    own = settings.significance
    rates = false_discovery_rates([each.judged.p for each in tested])
    found = [
        (rate, each)
        for rate, each in zip(rates, tested, strict=True)
        if rate * 100 <= own.false_discovery_per_cent
        and each.compared.change > 0
        and each.compared.later >= own.least_offences
    ]
    found.sort(key=lambda rated: (rated[1].compared.row.polarity is Polarity.ACTIVITY, rated[0]))
    return [rise for _, rise in found]


def _judged(
    counts: Counts, table: Comparison, settings: Settings, pairs: Sequence[tuple[str, ComparedRow]]
) -> list[LocalRise]:
    """Return each row in a locality with the verdict on its change, a place's own history known where it has one."""
    kinds: dict[RowKey, Kind] = {
        RowOffences(row_id=each.row.row_id, locality=where): each.row.kind for where, each in pairs
    }
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
        row_id = RowOffences(row_id=row.row_id, locality=locality)
        earlier, later = (
            counts.offences(area=settings.partnership.area, row_id=row_id, period=period)
            for period in (table.earlier, table.later)
        )
        yield locality, ComparedRow(row=row, earlier=earlier, later=later)


def _unsafe_rows(settings: Settings, found: Sequence[LocalRise], policy: Policy | None) -> set[str]:
    """Return the ids of the rows that rose in some locality to or from a count that may point to a person.

    Where any counts are published rounded, all that rose are: a listed row publishes both of its counts as they are.
    """
    is_rounded = settings.suppression.highlights == "round" or bool(policy and policy.is_rounded)
    return {rise.compared.row.row_id for rise in found if is_rounded or not _is_safe(rise.compared, policy)}


def _is_safe(each: ComparedRow, policy: Policy | None) -> bool:
    """Return whether neither count may point to a person."""
    largest = policy.largest_unsafe(each.row.row_id) if policy else 0
    return all(not 0 < count <= largest for count in (each.earlier, each.later))


def _rows(cells: Collection[Cell]) -> set[tuple[str, str]]:
    """Return the places and rows of cells, each row of several that are counted together."""
    return {
        (area, row_id)
        for area, row, _ in cells
        if isinstance(row, str | RemainingOffences)
        for row_id in ((row,) if isinstance(row, str) else row.row_ids)
    }


def _selection(locality: str) -> Selection:
    return Selection(
        counted_as=RowOffences(locality=locality),
        localities=(locality,),
        asked_at="partnership.toml, significance.localities",
    )
