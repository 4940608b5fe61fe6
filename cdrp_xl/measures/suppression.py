"""Small counts: which are hidden or rounded, and which others with them, so that no printed figure gives them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.attack import Sum, groups_of
from cdrp_xl.measures.pattern import HALF, Programme, Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.tables import Cell

SENSITIVE = 4
"""The largest unsafe count of small areas and sensitive offences."""

_BASE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which counts are unsafe, and whether they are hidden or all counts rounded. Unit of `threshold`: offences.

    Counts from 1 to `threshold` are unsafe; in the `sensitive` offence rows (by their keys), from 1 to 4.
    """

    threshold: int = 2
    sensitive: frozenset[RowKey] = frozenset()
    is_rounded: bool = False

    def is_unsafe(self, cell: Cell, count: int) -> bool:
        """Return whether a count may point to a person; 0 never does."""
        return 0 < count <= self._largest_unsafe(cell)

    def width(self, cell: Cell) -> int:
        """Return how far apart the least and the most must lie that a reader can work out. Unit: offences."""
        return HALF if self.is_rounded else self._largest_unsafe(cell)

    def _largest_unsafe(self, cell: Cell) -> int:
        _, row, _ = cell
        return SENSITIVE if row in self.sensitive else self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """What is printed of a table of counts. Units: offences.

    Attributes
    ----------
    printed
        By cell, what is printed: the count, the rounded count, or None where it is hidden.
    hidden
        The cells that are hidden, unsafe ones and those hidden with them.
    unsafe
        The cells whose counts are unsafe and not printed elsewhere.
    exposed
        Unsafe cells that figures printed elsewhere bound more tightly than the policy wants, for a reader who knows
        where every 0 is. Noughts are hidden beside them, so that one who does not can't tell them apart.
    """

    printed: Mapping[Cell, int | None]
    hidden: frozenset[Cell]
    unsafe: frozenset[Cell]
    exposed: frozenset[Cell]


def suppress(
    counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], policy: Policy, *, printed: Collection[Cell] = ()
) -> Suppression:
    """Return what may be printed of a table, with the least information lost.

    Parameters
    ----------
    counts
        Every count that the table would print. Unit: offences.
    sums
        What is known to add up in it; a sum that does not hold in the counts tells a reader nothing.
    policy
        Which counts are unsafe.
    printed
        Cells whose counts are printed elsewhere, on a worksheet without a policy or in an earlier copy.

    Returns
    -------
    Suppression
        No count that it hides, nor an unsafe one that it rounds, can be bounded more tightly than the policy's width
        or, where figures printed elsewhere do that already, than hiding all others would leave it.

    Notes
    -----
    METHODS.md, section 9. The pattern is an integer programme: of all patterns that protect, the one that loses least,
    a hidden count v losing 1 + ln(1 + v) and a hidden 0 as much as a count of 10 (our decision: no published rule was
    found). Its conditions are found as needed (Fischetti and Salazar, 2001): the attacker of `attack.best_bounds` tries
    a pattern, and what shows a count to be weak becomes a condition on the next.
    """
    holding = [each for each in sums if each.holds(counts)]
    unsafe = {cell for cell, count in counts.items() if cell not in printed and policy.is_unsafe(cell, count)}
    hidden: set[Cell] = set()
    exposed: set[Cell] = set()
    for group in groups_of(counts, holding):
        if not unsafe.isdisjoint(group):
            at = {cell: number for number, cell in enumerate(group)}
            programme = Programme(
                table=Table(
                    counts={at[cell]: counts[cell] for cell in group},
                    unsafe=frozenset(at[cell] for cell in group if cell in unsafe),
                    widths=[policy.width(cell) for cell in group],
                    elsewhere=frozenset(at[cell] for cell in group if cell in printed),
                    rounded=[rounded(counts[cell]) for cell in group] if policy.is_rounded else None,
                ),
                sums=[_numbered(each, at) for each in holding if each.whole in at],
            )
            hidden |= {group[number] for number in programme.solve()}
            exposed |= {group[number] for number in programme.exposed}
    return Suppression(
        printed={
            cell: None if cell in hidden else rounded(count) if policy.is_rounded else count
            for cell, count in counts.items()
        },
        hidden=frozenset(hidden),
        unsafe=frozenset(unsafe),
        exposed=frozenset(exposed),
    )


def rounded(count: int) -> int:
    """Return a count to base 5: what ends in 1 or 2 to 0; 3, 4, 6 or 7 to 5; 8 or 9 to 10 (METHODS.md, section 9).

    Parameters
    ----------
    count
        Unit: offences.

    Examples
    --------
    >>> [rounded(count) for count in (2, 3, 7, 8)]
    [0, 5, 5, 10]
    """
    return _BASE * ((count + HALF) // _BASE)


def declared_sums(
    classification: Classification, *, areas: Iterable[str], periods: Iterable[Period]
) -> list[Sum[Cell]]:
    """Return a classification's identities and bounds as sums of cells, in every area and period."""
    declared = [(identity.whole, identity.parts, False) for identity in classification.identities]
    declared += [(bound.whole, (bound.part,), True) for bound in classification.bounds]
    places = [(area, period) for area in areas for period in periods]
    return [
        Sum(whole=(area, whole, period), parts=tuple((area, part, period) for part in parts), is_bound=is_bound)
        for area, period in places
        for whole, parts, is_bound in declared
    ]


def area_sums(
    whole: str, parts: Sequence[str], *, row_ids: Iterable[str], periods: Iterable[Period], is_bound: bool = False
) -> list[Sum[Cell]]:
    """Return, for every row and period, that an area is the sum of its parts, or, as a bound, never less."""
    return [
        Sum(whole=(whole, row_id, period), parts=tuple((part, row_id, period) for part in parts), is_bound=is_bound)
        for row_id in row_ids
        for period in periods
    ]


def _numbered(each: Sum[Cell], at: Mapping[Cell, int]) -> Sum[int]:
    return Sum(whole=at[each.whole], parts=tuple(at[part] for part in each.parts), is_bound=each.is_bound)
