"""Small counts: which are hidden or rounded, and which others with them, so that nothing published gives them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.attack import Interval, Sum, groups_of, possible_counts
from cdrp_xl.measures.pattern import HALF, Programme, Table
from cdrp_xl.selected import RemainingOffences, RowOffences, row_itself

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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
        return 0 < count <= self.largest_unsafe(cell[1])

    def width(self, cell: Cell) -> int:
        """Return how far apart the least and the most must lie that a reader can work out. Unit: offences."""
        return HALF if self.is_rounded else self.largest_unsafe(cell[1])

    def largest_unsafe(self, row: RowKey) -> int:
        """Return the largest count of a row that may point to a person. Unit: offences."""
        row = row_itself(row)
        named: tuple[RowKey, ...] = (row,)
        if isinstance(row, RowOffences):
            named = (row, row.row_id)
        elif isinstance(row, RemainingOffences):
            named = row.row_ids
        return self.threshold if self.sensitive.isdisjoint(named) else max(SENSITIVE, self.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """What is published of a table of counts. Units: offences.

    Attributes
    ----------
    published
        By cell, what is published: the count, the rounded count, or None where it is hidden.
    hidden
        The cells that are hidden, unsafe ones and those hidden with them.
    unsafe
        The cells whose counts are unsafe and not published elsewhere.
    exposed
        Unsafe cells that figures published elsewhere bound more tightly than the policy wants, for a reader who knows
        where every 0 is. Noughts are hidden beside them, so that others can't see which is which.
    """

    published: Mapping[Cell, int | None]
    hidden: frozenset[Cell]
    unsafe: frozenset[Cell]
    exposed: frozenset[Cell]


def suppress(
    counts: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    policy: Policy | Mapping[Cell, Policy],
    *,
    elsewhere: Collection[Cell] = (),
    known: Mapping[Cell, Interval] | None = None,
    derivable: Collection[Cell] = (),
    withheld: Collection[Cell] = (),
    hidden: Collection[Cell] = (),
) -> Suppression:
    """Return what may be published of some tables together, with the least information lost.

    Parameters
    ----------
    counts
        Every count that the tables would publish, and every other that a reader knows of. Unit: offences.
    sums
        What is known to add up in them; a sum that does not hold in the counts discloses nothing. A cell without
        a count is one that nothing gives: a reader can only think of any counts that fit in with the others.
    policy
        Which counts are unsafe: one policy for all, or one by cell. A cell that has none is published as it is.
    elsewhere
        Cells whose counts are published whatever is hidden, on a worksheet without a policy or in an earlier copy.
    known
        What readers know of cells from elsewhere, where that is no exact count, as of one that was published rounded.
    derivable
        Cells that are not published, but that a reader may work out.
    withheld
        Cells that an earlier copy hid and that are not published now, either: they are kept as safe as they were.
    hidden
        Cells that are hidden in any case, and protected with the others.

    Returns
    -------
    Suppression
        No count that it hides, nor an unsafe one that it rounds, can be bounded more tightly than the policy's width
        or, where figures published elsewhere do that already, than hiding all others would leave it.

    Notes
    -----
    docs/methods.md, "Small counts". The pattern is an integer programme: of all patterns that protect, the one that
    loses least, a hidden count v losing 1 + ln(1 + v) and a hidden 0 as much as a count of 10 (our decision: no
    published rule was found). Its conditions are found as needed (Fischetti and Salazar, 2001): the attacker of
    `attack.best_bounds` tries a pattern, and what shows a count to be weak becomes a condition on the next.
    """
    policies = dict.fromkeys(counts, policy) if isinstance(policy, Policy) else policy
    possible = possible_counts(counts, sums)
    unknown = possible.keys() - counts.keys()
    holding = [each for each in sums if each.holds(possible)]
    unpublished = {*derivable, *unknown, *withheld}
    exact = {cell for cell in possible if cell in elsewhere or (cell not in policies and cell not in unpublished)}
    unsafe = {cell for cell in policies if cell not in exact and policies[cell].is_unsafe(cell, counts[cell])}
    exact = _given_away(holding, exact, unsafe)
    given = _Given(
        counts=possible,
        policies=policies,
        exact=exact,
        unsafe=unsafe,
        known=known or {},
        derivable={*derivable, *unknown} - exact,
        unknown=unknown - exact,
        withheld={*withheld, *hidden} - exact,
    )
    chosen: set[Cell] = set()
    exposed: set[Cell] = set()
    for group, within in _joined(possible, holding, exact):
        if not (unsafe | given.withheld).isdisjoint(group):
            programme = given.programme(group, within)
            chosen |= {group[number] for number in programme.solve()}
            exposed |= {group[number] for number in programme.exposed}
    chosen -= unpublished
    return Suppression(
        published={
            cell: None if cell in chosen else _shown(count, policies.get(cell))
            for cell, count in counts.items()
            if cell not in unpublished
        },
        hidden=frozenset(chosen),
        unsafe=frozenset(unsafe - unpublished),
        exposed=frozenset(exposed),
    )


def _shown(count: int, policy: Policy | None) -> int:
    return rounded(count) if policy and policy.is_rounded else count


def _given_away(sums: Sequence[Sum[Cell]], exact: set[Cell], unsafe: set[Cell]) -> set[Cell]:
    """Return the exact cells with all those that they give away: to hide one of these here would hide nothing.

    Unsafe ones are left, since what bounds those is said of them.
    """
    found, waiting = set(exact), [each for each in sums if not each.is_bound]
    while True:
        open_in = [(each, [cell for cell in each.cells if cell not in found]) for each in waiting]
        if not (more := {cells[0] for _, cells in open_in if len(cells) == 1} - unsafe):
            return found
        found |= more
        waiting = [each for each, cells in open_in if len(cells) > 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What is given of every cell."""

    counts: Mapping[Cell, int]
    policies: Mapping[Cell, Policy]
    exact: set[Cell]
    unsafe: set[Cell]
    known: Mapping[Cell, Interval]
    derivable: set[Cell]
    unknown: set[Cell]
    withheld: set[Cell]

    def programme(self, group: Sequence[Cell], sums: Sequence[Sum[Cell]]) -> Programme:
        """Return the programme of cells that sums join."""
        at = {cell: number for number, cell in enumerate(group)}
        own = {number: self.policies[cell] for cell, number in at.items() if cell in self.policies}
        table = Table(
            counts={number: self.counts[cell] for cell, number in at.items()},
            unsafe=frozenset(at[cell] for cell in group if cell in self.unsafe),
            widths=[own[number].width(cell) if number in own else 0 for cell, number in at.items()],
            elsewhere=frozenset(at[cell] for cell in group if cell in self.exact),
            rounded={
                number: rounded(self.counts[group[number]])
                for number, each in own.items()
                if each.is_rounded and group[number] not in self.exact | self.derivable
            },
            known={at[cell]: self.known[cell] for cell in group if cell in self.known},
            derivable=frozenset(at[cell] for cell in group if cell in self.derivable),
            unknown=frozenset(at[cell] for cell in group if cell in self.unknown),
            withheld=frozenset(at[cell] for cell in group if cell in self.withheld),
        )
        return Programme(table=table, sums=[_numbered(each, at) for each in sums])


def _joined(
    counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], exact: Collection[Cell]
) -> list[tuple[list[Cell], list[Sum[Cell]]]]:
    """Return the cells whose counts are not given away, in groups that sums join, each with its sums and their cells.

    A count that every reader knows joins nothing: two tables under one published total are chosen for by themselves.
    """
    groups = groups_of((cell for cell in counts if cell not in exact), sums)
    number_of = {cell: number for number, group in enumerate(groups) for cell in group}
    within: list[list[Sum[Cell]]] = [[] for _ in groups]
    for each in sums:
        number = next((number_of[cell] for cell in each.cells if cell in number_of), None)
        if number is not None:
            within[number].append(each)
    return [
        (list(dict.fromkeys([*group, *(cell for each in own for cell in each.cells)])), own)
        for group, own in zip(groups, within, strict=True)
    ]


def rounded(count: int) -> int:
    """Return a count to base 5: what ends in 1 or 2 to 0; 3, 4, 6 or 7 to 5; 8 or 9 to 10.

    Parameters
    ----------
    count
        Unit: offences.

    Notes
    -----
    docs/methods.md, "Small counts".

    Examples
    --------
    >>> [rounded(count) for count in (2, 3, 7, 8)]
    [0, 5, 5, 10]
    """
    return _BASE * ((count + HALF) // _BASE)


def _numbered(each: Sum[Cell], at: Mapping[Cell, int]) -> Sum[int]:
    return Sum(whole=at[each.whole], parts=tuple(at[part] for part in each.parts), is_bound=each.is_bound)
