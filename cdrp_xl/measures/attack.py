"""What a reader can work out of a table with hidden counts: the best bounds that everything published gives.

The attacker has the published figures, the declared sums, and arithmetic; a hidden count is never looked at.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from cdrp_xl.errors import CannotBeComputedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

Key = TypeVar("Key", bound=Hashable)

_INFEASIBLE = 2
_BEYOND = 4
_LEAST_FAR = 1000
"""Counts are tried up to four times all published counts together and these; one that gets half as far has no bound."""

_AT_ONCE = ((-1, 1), (1, -1), (-1, -1, 1, 1), (1, 1, -1, -1))
"""The directions in which all cells are moved at once, before each is moved by itself."""


class Interval(NamedTuple):
    """The least and the most that a count can be; None where nothing bounds it above. Unit: offences."""

    least: int
    most: int | None

    @property
    def width(self) -> float:
        """The most less the least, infinite where nothing bounds the count above."""
        return float("inf") if self.most is None else self.most - self.least


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Generic[Key]):
    """A whole that is the sum of its parts, or, as a bound, is never less than it."""

    whole: Key
    parts: tuple[Key, ...]
    is_bound: bool = False

    @property
    def cells(self) -> tuple[Key, ...]:
        """The whole, then its parts."""
        return (self.whole, *self.parts)

    def room(self, counts: Mapping[Key, int]) -> int:
        """Return by how much the whole is more than its parts."""
        return counts[self.whole] - sum(counts[part] for part in self.parts)

    def holds(self, counts: Mapping[Key, int]) -> bool:
        """Return whether it holds in some counts."""
        return self.room(counts) >= 0 if self.is_bound else self.room(counts) == 0


def best_bounds(
    seen: Mapping[Key, Interval], sums: Sequence[Sum[Key]], *, of: Collection[Key] | None = None
) -> dict[Key, Interval]:
    """Return the tightest interval that can be worked out for every count that is not seen exactly.

    Parameters
    ----------
    seen
        What a reader sees of each count: itself, a range (a rounded count), or nothing. Unit: offences.
    sums
        What the reader knows to add up.
    of
        The cells that are asked for; None asks for all.

    Returns
    -------
    dict of Interval
        By cell, for every cell asked for whose count is not published as it is. Unit: offences.

    Raises
    ------
    CannotBeComputedError
        If what is seen contradicts the sums.

    Notes
    -----
    docs/methods.md, "Small counts". The least and the most of each count are integer programmes over everything
    published, so the bounds are the best that there are for whole numbers. Counts that share no sum are solved apart.

    Examples
    --------
    >>> shown = {"violence": Interval(11, 11), "homicides": Interval(0, None), "wounding": Interval(7, 7)}
    >>> best_bounds(shown, [Sum(whole="violence", parts=("homicides", "wounding"))])
    {'homicides': Interval(least=4, most=4)}
    """
    return {
        cell: Interval(system.reached(cell, system.extreme(cell, 1)), system.most(cell, system.extreme(cell, -1)))
        for system in _systems(seen, sums)
        for cell in system.cells
        if of is None or cell in of
    }


def narrower(
    seen: Mapping[Key, Interval],
    sums: Sequence[Sum[Key]],
    *,
    wanted: Mapping[Key, float],
    counts: Mapping[Key, int],
) -> list[Key]:
    """Return the cells that can be bounded more tightly than is wanted.

    Parameters
    ----------
    seen
        What a reader sees of each count. Unit: offences.
    sums
        What the reader knows to add up.
    wanted
        By cell, how far apart its least and most have to lie. Unit: offences.
    counts
        The counts as they are. Unit: offences.

    Returns
    -------
    list
        In the order of `wanted`.

    Notes
    -----
    Every table that solves one integer programme could be the true one, as the true one could: so it shows for all of
    its cells at once how far apart they can lie, and few programmes are needed.
    """
    found: set[Key] = {cell for cell, width in wanted.items() if width > 0}
    for system in _systems(seen, sums):
        possible = [[counts[cell] for cell in system.cells]]
        sought = [cell for cell in system.cells if cell in found]
        for far in _AT_ONCE if len(sought) > len(_AT_ONCE) else ():
            possible = _outermost(possible, system.solved({cell: far[i % len(far)] for i, cell in enumerate(sought)}))
        for number, cell in enumerate(system.cells):
            for sign in (-1, 1):
                if cell in found and not _as_wide(possible, number, wanted[cell]):
                    possible = _outermost(possible, system.extreme(cell, sign))
            if cell in found and _as_wide(possible, number, wanted[cell]):
                found.remove(cell)
    return [cell for cell in wanted if cell in found]


def possible_counts(counts: Mapping[Key, int], sums: Sequence[Sum[Key]]) -> dict[Key, int]:
    """Return counts with some for those that are not known but summed, such as fit in with all that are.

    Parameters
    ----------
    counts
        The counts that are known. Unit: offences.
    sums
        What is known to add up, with any that are not.

    Returns
    -------
    dict of int
        By cell; where sources disagree, such as fit in with as many sums as can be. Unit: offences.

    Examples
    --------
    >>> both = Sum(whole="violence", parts=("homicides", "wounding"))
    >>> sum(possible_counts({"violence": 3}, [both]).values())
    6
    """
    unknown = {cell: Interval(0, None) for each in sums for cell in each.cells if cell not in counts}
    within = [each for each in sums if not unknown.keys().isdisjoint(each.cells)]
    seen = {cell: Interval(counts[cell], counts[cell]) for each in within for cell in each.cells if cell in counts}
    found = {**counts}
    for system in _systems(seen | unknown, within):
        try:
            table = system.extreme(system.cells[0], 1)
        except CannotBeComputedError:
            table = system.nearest()
        found |= zip(system.cells, table, strict=True)
    return found


def groups_of(cells: Iterable[Key], sums: Iterable[Sum[Key]]) -> list[list[Key]]:
    """Return cells in the groups that sums join, directly or through one another; cells not asked for join nothing."""
    group_of = {cell: [cell] for cell in cells}
    for each in sums:
        joined = {id(group_of[cell]): group_of[cell] for cell in each.cells if cell in group_of}
        largest, *others = sorted(joined.values(), key=len, reverse=True) or [[]]
        for group in others:
            largest += group
            group_of.update(dict.fromkeys(group, largest))
    return list({id(group): group for group in group_of.values()}.values())


def _as_wide(possible: list[list[int]], number: int, width: float) -> bool:
    values = [table[number] for table in possible]
    return max(values) - min(values) >= width


def _outermost(possible: list[list[int]], another: list[int]) -> list[list[int]]:
    """Return the least and the most of each cell in the possible tables and another one."""
    columns = list(zip(*possible, another, strict=True))
    return [[min(column) for column in columns], [max(column) for column in columns]]


def _systems(seen: Mapping[Key, Interval], sums: Sequence[Sum[Key]]) -> Iterator[_System[Key]]:
    """Give the counts not seen exactly, in groups that sums join, each with its sums."""
    groups = groups_of((cell for cell, interval in seen.items() if interval.width), sums)
    group_of = {cell: number for number, group in enumerate(groups) for cell in group}
    joining: list[list[Sum[Key]]] = [[] for _ in groups]
    for each in sums:
        number = next((group_of[cell] for cell in each.cells if cell in group_of), None)
        if number is not None:
            joining[number].append(each)
    for cells, within in zip(groups, joining, strict=True):
        yield _System(cells, within, seen)


class _System(Generic[Key]):
    """The counts of one group as unknown whole numbers, and what is known of them."""

    def __init__(self, cells: list[Key], sums: Sequence[Sum[Key]], seen: Mapping[Key, Interval]) -> None:
        from scipy.optimize import Bounds, LinearConstraint

        self.cells = cells
        self._at = {cell: number for number, cell in enumerate(cells)}
        everything = {cell for each in sums for cell in each.cells} | set(cells)
        self._limit = _BEYOND * (_LEAST_FAR + sum(seen[cell].most or seen[cell].least for cell in everything))
        least, most = zip(*(seen[cell] for cell in cells), strict=True)
        self._bounds: Any = Bounds(least, [self._limit if each is None else each for each in most])
        rows = [self._row(each, seen) for each in sums]
        known = [-there for _, there in rows]
        highest = [float("inf") if each.is_bound else value for each, value in zip(sums, known, strict=True)]
        self._rows: Any = [LinearConstraint(matrix([row for row, _ in rows], len(cells)), known, highest)] * bool(rows)

    def _row(self, each: Sum[Key], seen: Mapping[Key, Interval]) -> tuple[dict[int, float], int]:
        """Return a sum over the unknown counts, and what the known ones come to."""
        signs = [(each.whole, 1), *((part, -1) for part in each.parts)]
        known = sum(sign * seen[cell].least for cell, sign in signs if cell not in self._at)
        return {self._at[cell]: sign for cell, sign in signs if cell in self._at}, known

    def extreme(self, cell: Key, sign: int) -> list[int]:
        """Return a possible table in which a cell is least (sign 1) or most (-1)."""
        return self.solved({cell: sign})

    def solved(self, signs: Mapping[Key, int]) -> list[int]:
        """Return a possible table in which cells with sign 1 are together as small as can be, those with -1 large."""
        objective = [signs.get(cell, 0) for cell in self.cells]
        solved = programme(objective, bounds=self._bounds, constraints=self._rows)
        if solved.status == _INFEASIBLE or solved.x is None:
            raise CannotBeComputedError(
                "The published figures contradict each other, so nothing can be worked out of them.",
                where=str(next(iter(signs))),
                remedy="Find which count is wrong in the source, then refresh.",
            )
        return [round(value) for value in solved.x]

    def nearest(self) -> list[int]:
        """Return a table that the sums miss by as little as can be, where no table is possible."""
        from scipy.optimize import Bounds, LinearConstraint
        from scipy.sparse import eye_array, hstack

        (own,) = self._rows
        missed = 2 * own.A.shape[0]
        every = eye_array(own.A.shape[0])
        solved = programme(
            [0] * len(self.cells) + [1] * missed,
            bounds=Bounds([*self._bounds.lb] + [0] * missed, [*self._bounds.ub] + [self._limit] * missed),
            constraints=LinearConstraint(hstack([own.A, every, -every]), own.lb, own.ub),
        )
        return [round(value) for value in solved.x[: len(self.cells)]]

    def reached(self, cell: Key, table: Sequence[int]) -> int:
        """Return the count of a cell in a possible table."""
        return table[self._at[cell]]

    def most(self, cell: Key, table: Sequence[int]) -> int | None:
        """Return the count of a cell in the table in which it is most, None where nothing bounds it."""
        value = self.reached(cell, table)
        return None if value > self._limit // 2 else value


def programme(objective: Sequence[float], *, bounds: Any, constraints: Any) -> Any:
    """Return what SciPy's `milp` makes of an integer programme."""
    from scipy.optimize import milp

    solved = milp(objective, integrality=1, bounds=bounds, constraints=constraints)
    if solved.x is not None:
        return solved
    # HiGHS's presolve finds no solution where there is one, now and then (SciPy 1.17).
    return milp(objective, integrality=1, bounds=bounds, constraints=constraints, options={"presolve": False})


def matrix(rows: Collection[Mapping[int, float]], columns: int) -> Any:
    """Return rows of numbers by column as a sparse matrix."""
    from scipy.sparse import csr_array

    entries = [(value, number, column) for number, row in enumerate(rows) for column, value in row.items()]
    values, down, across = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_array((list(values), (list(down), list(across))), shape=(len(rows), columns))
