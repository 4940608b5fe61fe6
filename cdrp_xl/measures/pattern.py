"""Which counts to hide beside the unsafe ones: the integer programme that loses the least information.

Cells are numbers here, from 0 in each group that sums join: a large table is looked up in very often.
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from cdrp_xl.measures.attack import Interval, Sum, best_bounds, matrix, narrower, programme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HALF = 2
"""How far a count lies from its rounded one at most. Unit: offences."""

_FAR = 20
"""How far from its count a cell is looked for while a pattern is chosen; no width that is wanted is near it."""

_TURNS = 12
"""After so many patterns, what was hidden last stays hidden: the search ends, if not at the very best."""

_NOUGHT_COSTS_AS = 10
_TINY = 1e-6


@dataclass(frozen=True, kw_only=True)
class Table:
    """One group of counts that sums join, and what may be published of it. Units: offences.

    Attributes
    ----------
    unsafe
        The cells whose counts are unsafe and not published elsewhere.
    widths
        How wide the policy wants the interval of each cell.
    elsewhere
        The cells that are published elsewhere, and so are not hidden by hiding them here.
    rounded
        By cell, its count rounded, where that is how it is published.
    known
        By cell, what readers know of it from elsewhere, where that is not the count itself.
    derivable
        The cells that are published nowhere, so that they are hidden whatever else is, and no 0 of theirs is known.
    unknown
        Those of them whose counts nothing gives: what is given here are some that fit in with all others.
    withheld
        The cells that are hidden for another reason, as those that an earlier copy hid: they are protected, too.
    """

    counts: Mapping[int, int]
    unsafe: frozenset[int]
    widths: Sequence[int]
    elsewhere: frozenset[int]
    rounded: Mapping[int, int] = field(default_factory=dict)
    known: Mapping[int, Interval] = field(default_factory=dict)
    derivable: frozenset[int] = frozenset()
    unknown: frozenset[int] = frozenset()
    withheld: frozenset[int] = frozenset()

    @functools.cached_property
    def free(self) -> list[int]:
        """The cells that may be hidden."""
        return [cell for cell in self.counts if cell not in self.elsewhere]

    @functools.cached_property
    def forced(self) -> frozenset[int]:
        """The cells that are hidden whatever else is."""
        return (self.unsafe - self.rounded.keys()) | self.derivable | self.withheld

    @functools.cached_property
    def prints_noughts(self) -> bool:
        """Whether any count that may be hidden would be published as it is: a reader may then know where every 0 is."""
        return any(cell not in self.rounded for cell in self.free)

    def seen(self, cell: int, *, is_hidden: bool, knows_noughts: bool) -> Interval:
        """Return what a reader sees of a count; one who knows every 0 knows a hidden count to be 1 or more."""
        # A 0 is published as 0 wherever there is another way to protect, so most readers are assumed to know that.
        count = self.counts[cell]
        is_plain = cell not in self.rounded and cell not in self.derivable
        if cell in self.elsewhere or (knows_noughts and is_plain and not count):
            return Interval(count, count)
        least, most = self.known.get(cell, Interval(0, None))
        if is_hidden:
            return Interval(max(least, int(knows_noughts and is_plain)), most)
        if cell not in self.rounded:
            return Interval(count, count)
        highest = self.rounded[cell] + HALF
        return Interval(max(least, self.rounded[cell] - HALF), highest if most is None else min(most, highest))

    def seen_under(self, hidden: set[int], *, knows_noughts: bool) -> dict[int, Interval]:
        """Return what a reader sees of every count under a pattern."""
        return {cell: self.seen(cell, is_hidden=cell in hidden, knows_noughts=knows_noughts) for cell in self.counts}

    def moves(self, *, is_hidden: bool, knows_noughts: bool) -> list[tuple[int, int]]:
        """Return how far down and up from its count a reader must look for each cell, no further than can matter."""
        seen = [self.seen(cell, is_hidden=is_hidden, knows_noughts=knows_noughts) for cell in self.counts]
        return [
            (min(count - least, _FAR), _FAR if most is None else most - count)
            for count, (least, most) in zip(self.counts.values(), seen, strict=True)
        ]


class _Condition(NamedTuple):
    """One condition on which cells are hidden: the weights of those that are must come to at least `least`."""

    weights: Mapping[int, float]
    least: float


class _Wanted(NamedTuple):
    """How wide the interval of a cell has to be, and for which reader."""

    width: float
    knows_noughts: bool


@dataclass(kw_only=True)
class Programme:
    """The integer programme of one group of cells that sums join."""

    table: Table
    sums: Sequence[Sum[int]]
    _conditions: list[_Condition] = field(default_factory=list)
    _wanted: dict[int, _Wanted] = field(default_factory=dict)

    def solve(self) -> set[int]:
        """Return the cells to hide: choose, attack, and choose again until every one that matters is protected."""
        hidden = set(self.table.forced)
        for turn in itertools.count():
            hidden = self._choice(set(self.table.forced) if turn < _TURNS else hidden)
            if lone := self._alone(hidden):
                self._conditions += lone
            elif (weak := self._weak(hidden)) and not hidden.issuperset(self.table.free):
                self._conditions += [self._strengthening(cell, hidden) for cell in weak]
            else:
                break
        return hidden

    @property
    def exposed(self) -> list[int]:
        """The unsafe cells that published figures bound more tightly than the policy wants, whatever is hidden."""
        return [
            cell
            for cell, wanted in self._wanted.items()
            if cell in self.table.unsafe
            and (wanted.width < self.table.widths[cell] or wanted.knows_noughts != self.table.prints_noughts)
        ]

    def _choice(self, at_least: set[int]) -> set[int]:
        """Return the pattern that loses least of those that meet every condition found so far and hide some cells."""
        if not self._conditions:
            return at_least
        from scipy.optimize import Bounds, LinearConstraint

        counts = self.table.counts
        weights, least = zip(*self._conditions, strict=True)
        solved = programme(
            [_loss(count) for count in counts.values()],
            bounds=Bounds(
                [int(cell in at_least) for cell in counts], [cell not in self.table.elsewhere for cell in counts]
            ),
            constraints=LinearConstraint(matrix(weights, len(counts)), least),
        )
        if solved.x is None:
            return set(self.table.free)
        return {cell for cell, is_hidden in zip(counts, solved.x, strict=True) if round(is_hidden)}

    def _alone(self, hidden: set[int]) -> list[_Condition]:
        """Return the conditions that a pattern breaks by hiding one count alone in a sum, which gives it away.

        What is not published may be worked out where it is not unsafe.
        """
        found = []
        counts = self.table.counts
        may_be_known = self.table.derivable - self.table.unsafe
        for each in self.sums:
            if not (self.table.rounded.keys() | self.table.unknown).isdisjoint(each.cells):
                continue  # a count beside it that may be another one keeps the hidden one from being worked out
            lone = [cell for cell in each.cells if cell in hidden and counts[cell]]
            free = [cell for cell in each.cells if cell not in self.table.elsewhere and cell not in lone]
            others = [cell for cell in free if counts[cell]] or free
            is_given_away = len(lone) == 1 and lone[0] not in may_be_known
            if is_given_away and others and not each.is_bound and hidden.isdisjoint(others):
                found.append(_Condition({**dict.fromkeys(others, 1.0), lone[0]: -1.0}, 0.0))
        return found

    def _weak(self, hidden: set[int]) -> list[int]:
        """Return the cells that a reader can bound more tightly than is wanted."""
        counts = self.table.counts
        watched = (hidden - self.table.derivable) | self.table.unsafe
        nonzero = [cell for cell in counts if counts[cell] and cell in watched]
        narrow = self._narrower(hidden, nonzero, knows_noughts=self.table.prints_noughts)
        self._set_wanted_widths([cell for cell in narrow if cell not in self._wanted])
        unknowing = [cell for cell in narrow if not self._wanted[cell].knows_noughts]
        still = set(self._narrower(hidden, unknowing, knows_noughts=False))
        return [cell for cell in narrow if cell in still or self._wanted[cell].knows_noughts]

    def _narrower(self, hidden: set[int], cells: Sequence[int], *, knows_noughts: bool) -> list[int]:
        if not cells:
            return []
        seen = self.table.seen_under(hidden, knows_noughts=knows_noughts)
        wanted = {cell: self._wanted[cell].width if cell in self._wanted else self.table.widths[cell] for cell in cells}
        return narrower(seen, self.sums, wanted=wanted, counts=self.table.counts)

    def _set_wanted_widths(self, cells: Sequence[int]) -> None:
        """Note the width that the policy wants of cells, or the widest that there can be, all hidden that may be.

        Where the policy's width can't be had against a reader who knows every 0, noughts are hidden too.
        """
        everything = set(self.table.free)
        knows = self.table.prints_noughts
        narrow = set(self._narrower(everything, cells, knows_noughts=True)) if knows else set(cells)
        narrowest = set(self._narrower(everything, sorted(narrow), knows_noughts=False))
        unknowing = self.table.seen_under(everything, knows_noughts=False)
        widest = best_bounds(unknowing, self.sums, of=narrowest) if narrowest else {}
        for cell in cells:
            width = self.table.widths[cell]
            if cell in narrowest:
                width = min(width, int(widest[cell].width)) if cell in widest else 0
            self._wanted[cell] = _Wanted(width, cell not in narrow)

    def _strengthening(self, cell: int, hidden: set[int]) -> _Condition:
        """Return a condition that a pattern breaks, and every pattern meets in which the cell is as wide as wanted."""
        wanted = self._wanted[cell]
        constant, weights = self._dual(cell, hidden, knows_noughts=wanted.knows_noughts)
        least = wanted.width - constant
        if cell not in self.table.rounded:
            least -= weights.pop(cell, 0.0)
        if sum(weights.get(each, 0.0) for each in hidden) > least - _TINY:
            # Whole numbers bound it more tightly than fractions do: one more of the others has to go.
            # Before a reader who knows every 0, hiding one adds nothing.
            others = set(self.table.free) - hidden
            nonzero = {each for each in others if self.table.counts[each] or each in self.table.rounded}
            weights, least = dict.fromkeys(nonzero if wanted.knows_noughts and nonzero else others, 1.0), 1.0
        weights = {each: min(weight, least) for each, weight in weights.items()}
        if cell in self.table.unsafe:
            return _Condition(weights, least)
        return _Condition({**weights, cell: -least}, 0.0)

    def _dual(self, cell: int, hidden: set[int], *, knows_noughts: bool) -> tuple[float, dict[int, float]]:
        """Return what bounds the width of a cell's interval in every pattern: a constant, and a weight by hidden cell.

        Notes
        -----
        It is the dual of the two linear programmes for the cell's least and most under the pattern at hand.
        """
        shown = self.table.moves(is_hidden=False, knows_noughts=knows_noughts)
        unseen = self.table.moves(is_hidden=True, knows_noughts=knows_noughts)
        moves = [unseen[each] if each in hidden else shown[each] for each in self.table.counts]
        constant, weights = 0.0, dict.fromkeys(self.table.counts, 0.0)
        for sign in (1, -1):
            part, costs = self._prices(cell, sign, moves)
            constant += part
            for each, cost in enumerate(costs):
                down = int(cost < 0)
                constant += abs(cost) * shown[each][down]
                weights[each] += abs(cost) * (unseen[each][down] - shown[each][down])
        return constant, {each: weight for each, weight in weights.items() if weight > _TINY}

    def _prices(self, cell: int, sign: int, moves: Sequence[tuple[int, int]]) -> tuple[float, list[float]]:
        """Return, for a cell moved down (sign 1) or up (-1) as far as it goes, the bounds' part and reduced costs."""
        from scipy.optimize import linprog

        equal, bounds, room = self._rows
        costs = [0.0] * len(moves)
        costs[cell] = sign
        solved = linprog(
            costs,
            A_eq=equal,
            b_eq=[0] * equal.shape[0],
            A_ub=bounds,
            b_ub=room,
            bounds=[(-down, up) for down, up in moves],
        )
        priced = equal.T @ solved.eqlin.marginals + bounds.T @ solved.ineqlin.marginals
        part = -sum(price * space for price, space in zip(solved.ineqlin.marginals, room, strict=True))
        return part, [cost - price for cost, price in zip(costs, priced.tolist(), strict=True)]

    @functools.cached_property
    def _rows(self) -> tuple[Any, Any, list[int]]:
        """The identities and the bounds as matrices over how far each cell moves, and the room that each bound has."""
        equal = [each for each in self.sums if not each.is_bound]
        bounds = [each for each in self.sums if each.is_bound]
        width = len(self.table.counts)
        return (
            matrix([_signs(each, 1.0) for each in equal], width),
            matrix([_signs(each, -1.0) for each in bounds], width),
            [each.room(self.table.counts) for each in bounds],
        )


def _loss(count: int) -> float:
    """Return the information that is lost with a count."""
    return 1 + math.log1p(count or _NOUGHT_COSTS_AS)


def _signs(each: Sum[int], sign: float) -> dict[int, float]:
    """Return a sum as a row of a matrix: the whole less its parts, or the other way round."""
    return {each.whole: sign, **dict.fromkeys(each.parts, -sign)}
