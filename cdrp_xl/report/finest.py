"""The finest counts, into which everything asked about can be split; most were not asked about themselves.

A reader adds up across places, rows, months and flags at once, and the finest counts hold all of that: they are those
of the rows that are always asked about together, in the stretches between the ends of the periods. Whatever is asked
about is the sum of some of them; an area has no fewer of each than its places; no more have a flag than there are.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl.measures.attack import Sum
from cdrp_xl.periods import Month, Period
from cdrp_xl.selected import RemainingOffences, RowOffences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from cdrp_xl.selected import RowKey
    from cdrp_xl.tables import Cell

Leaves = frozenset[str]


class _Stretch(NamedTuple):
    """Rows and months: those of one cell, or one of the finest counts."""

    leaves: Leaves
    when: Period

    @property
    def size(self) -> int:
        return len(self.leaves) * self.when.months_count

    def holds(self, other: _Stretch) -> bool:
        """Return whether all offences of another one are among its own."""
        return other.leaves <= self.leaves and other.when in self.when

    def is_apart_from(self, other: _Stretch) -> bool:
        """Return whether no offence of another one is among its own."""
        is_before = self.when.last < other.when.first or other.when.last < self.when.first
        return is_before or self.leaves.isdisjoint(other.leaves)


class _Asked(NamedTuple):
    """A cell, the flag of its offences, and its rows and months."""

    cell: Cell
    flag: str | None
    of: _Stretch


def finest_sums(
    cells: Collection[Cell],
    *,
    whole: str,
    divisions: Sequence[Collection[str]],
    parts_of: Mapping[str, Sequence[str]],
    made: Collection[Cell],
) -> list[Sum[Cell]]:
    """Return how cells are made of the finest counts, and how these belong together; some cells of theirs may be new.

    Parameters
    ----------
    cells
        What is known of; areas as the ledger has them.
    whole
        The partnership's area.
    divisions
        Places that are all of the area together, and no localities beside others.
    parts_of
        The declared sums of rows.
    made
        The cells of which it is known which others are all of them.
    """
    asked = [each for cell in cells if (each := _asked(cell, parts_of))]
    names: dict[Leaves, RowKey] = {}
    for each in asked:
        if each.flag is None:
            names.setdefault(each.of.leaves, each.cell[1])
    all_of_it = {place for places in divisions for place in places}
    beside = {each.cell[0] for each in asked} - all_of_it - {whole}
    found: list[Sum[Cell]] = []
    for number, places in enumerate([beside, *divisions, [whole]]):
        own = [each for each in asked if each.cell[0] in places]
        for family in _families(own):
            within = [each for each in own if each.of.leaves <= family]
            above = [each for each in asked if each.cell[0] == whole and not each.of.leaves.isdisjoint(family)]
            if whole in places:
                within, above = _flagged_and_what_is_in_it(within), []
            found += _Family(
                own=within,
                above=above,
                whole=whole,
                places=frozenset(places) if number else frozenset(),
                rest=" " * (number + 1),
                names=names,
                made=made,
            ).sums()
    return found


def untouched(
    cells: Iterable[Cell], revised: Iterable[Cell], *, whole: str, parts_of: Mapping[str, Sequence[str]]
) -> list[Cell]:
    """Return those of the finest cells that no revision touched: what was revised is the least that explains it.

    Parameters
    ----------
    cells
        The finest cells that nothing gives.
    revised
        The cells whose counts were revised.
    whole, parts_of
        The partnership's area, and the declared sums of rows.
    """
    asked = [each for cell in revised if (each := _asked(cell, parts_of))]
    least = [
        each
        for each in asked
        if not any(other.cell[0] == each.cell[0] and other.of != each.of and each.of.holds(other.of) for other in asked)
    ]
    found = []
    for cell in cells:
        one, place = _asked(cell, parts_of), whole if cell[0].startswith(" ") else cell[0]
        if one and all(place != each.cell[0] or one.of.is_apart_from(each.of) for each in least):
            found.append(cell)
    return found


def _leaves_of(row: RowKey, parts_of: Mapping[str, Sequence[str]]) -> Leaves:
    """Return the rows that the declared sums split a row into, none where it is not in a classification."""
    if isinstance(row, str):
        parts = parts_of.get(row)
        return Leaves().union(*(_leaves_of(part, parts_of) for part in parts)) if parts else Leaves([row])
    if isinstance(row, RowOffences) and not row.locality and not row.locus:
        return _leaves_of(row.row_id, parts_of)
    if isinstance(row, RemainingOffences):
        return Leaves().union(*(_leaves_of(part, parts_of) for part in row.row_ids))
    return Leaves()


def _asked(cell: Cell, parts_of: Mapping[str, Sequence[str]]) -> _Asked | None:
    _, row, when = cell
    leaves = _leaves_of(row, parts_of)
    flag = row.flag if isinstance(row, RowOffences | RemainingOffences) else None
    return _Asked(cell, flag, _Stretch(leaves, when)) if leaves else None


def _families(asked: Iterable[_Asked]) -> list[Leaves]:
    """Return the rows that cells are of, apart where no cell joins them."""
    found: list[Leaves] = []
    for leaves in dict.fromkeys(each.of.leaves for each in asked):
        apart = [family for family in found if family.isdisjoint(leaves)]
        joined = [family for family in found if not family.isdisjoint(leaves)]
        found = [*apart, leaves.union(*joined)]
    return found


def _flagged_and_what_is_in_it(asked: Sequence[_Asked]) -> list[_Asked]:
    """Return the cells with a flag, and those without one whose offences are among what these are of."""
    flagged = [each for each in asked if each.flag]
    return [each for each in asked if each.flag or any(one.of.holds(each.of) for one in flagged)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """The cells of some places, of rows that some cell joins, and those of their area.

    `places` are all of the area together, where they are known to be; `made` are the cells that are known to be made of
    others here; `rest` begins the name of the place that is all of the area but some places, a blank, as no place does.
    """

    own: Sequence[_Asked]
    above: Sequence[_Asked]
    whole: str
    places: frozenset[str]
    rest: str
    names: Mapping[Leaves, RowKey]
    made: Collection[Cell]
    _placed: dict[str | None, dict[_Stretch, list[str]]] = field(default_factory=dict, init=False)
    _risen: dict[str | None, list[_Stretch]] = field(default_factory=dict, init=False)

    def sums(self) -> Iterator[Sum[Cell]]:
        """Yield how the cells are made of the finest counts, and how these belong together."""
        yield from self._own_sums()
        for flag in self._flags:
            for part, places in self._placed[flag].items():
                yield from self._no_more(places, part, flag)
        for part in self._placed.get(None, ()):
            yield from self._area_sums(part)
        for borne in self._risen:
            yield from self._wider_sums(borne)

    @property
    def _flags(self) -> list[str]:
        return list(dict.fromkeys(each.flag for each in self.own if each.flag))

    def _own_sums(self) -> Iterator[Sum[Cell]]:
        """Yield what cells are made of; beside offences with a flag there are as many or more of them all."""
        rows, stretches = self._rows(), self._stretches()
        for each in self.own:
            within = (
                [leaves for leaves in rows if leaves <= each.of.leaves],
                [one for one in stretches if one in each.of.when],
            )
            parts = list(itertools.starmap(_Stretch, itertools.product(*within)))
            for flag, part in itertools.product({None: None, each.flag: None}, parts):
                places = self._placed.setdefault(flag, {}).setdefault(part, [])
                if each.cell[0] not in places:
                    places.append(each.cell[0])
            if each.cell not in self.made:
                yield from _made_of(each.cell, [self._cell(each.cell[0], part, each.flag) for part in parts])

    def _no_more(self, places: Iterable[str], part: _Stretch, flag: str) -> Iterator[Sum[Cell]]:
        for place in places:
            yield Sum(whole=self._cell(place, part), parts=(self._cell(place, part, flag),), is_bound=True)

    def _rows(self) -> list[Leaves]:
        """Return the rows that are parts of the same cells."""
        asked = list(dict.fromkeys(each.of.leaves for each in self._finely()))
        of_leaf = {leaf: tuple(leaf in leaves for leaves in asked) for leaf in sorted(Leaves().union(*asked))}
        together: dict[tuple[bool, ...], list[str]] = {}
        for leaf, where in of_leaf.items():
            together.setdefault(where, []).append(leaf)
        return [Leaves(leaves) for leaves in together.values()]

    def _stretches(self) -> list[Period]:
        """Return the stretches between the ends of periods."""
        whens = [each.of.when for each in self._finely()]
        ends = sorted({when.first.index for when in whens} | {when.last.index + 1 for when in whens})
        return [Period(Month.at(one), Month.at(other - 1)) for one, other in itertools.pairwise(ends)]

    def _finely(self) -> list[_Asked]:
        """Return what says how finely everything is split: the area's cells too, where they are within flagged ones."""
        # No finer counts of the area bound the offences of a place more closely than their sum, but for flags.
        flagged = [each for each in self.own if each.flag]
        every = Leaves().union(*(each.of.leaves for each in self.own))
        within = [
            each
            for each in self.above
            if each.of.leaves <= every and any(each.of.when in one.of.when for one in flagged)
        ]
        return [*self.own, *within]

    def _area_sums(self, part: _Stretch) -> Iterator[Sum[Cell]]:
        """Yield that an area has no fewer offences than its places, and no fewer without a flag in the rest of it."""
        flags_above = {each.flag for each in self.above if not each.of.is_apart_from(part)}
        flags = [flag for flag in self._flags if flag in flags_above and part in self._placed[flag]]
        for flag in flags:
            yield from self._flag_sums(part, flag)
        if flags_above and not flags:
            yield self._sum(part, self._placed[None][part])
        for borne in (None, *flags) if flags_above else ():
            self._risen.setdefault(borne, []).append(part)

    def _flag_sums(self, part: _Stretch, flag: str) -> Iterator[Sum[Cell]]:
        """Yield what the places with a flag and the rest of the area have of it, and of all offences."""
        places = self._placed[flag][part]
        others = [place for place in self._placed[None][part] if place not in places]
        rest = f"{self.rest}{flag}"
        everywhere = places if self.places == {*places} else [*places, rest]
        for each in (None, flag):
            parts = tuple(self._cell(place, part, each) for place in everywhere)
            yield Sum(whole=self._cell(self.whole, part, each), parts=parts)
        if everywhere is not places:
            yield from self._no_more([rest], part, flag)
        if others:
            parts = tuple(self._cell(place, part) for place in others)
            yield Sum(whole=self._cell(rest, part), parts=parts, is_bound=True)

    def _sum(self, part: _Stretch, places: Sequence[str]) -> Sum[Cell]:
        parts = tuple(self._cell(place, part) for place in places)
        return Sum(whole=self._cell(self.whole, part), parts=parts, is_bound=self.places != {*places})

    def _wider_sums(self, flag: str | None) -> Iterator[Sum[Cell]]:
        """Yield what the area's cells have in common with the finest counts of the area; wider ones add nothing."""
        above = [each for each in self.above if each.flag == flag]
        known = {each.cell for each in above}
        closest: dict[tuple[_Stretch, ...], list[_Asked]] = {}
        for each in sorted(above, key=lambda one: one.of.size):
            parts = tuple(part for part in self._risen[flag] if each.of.holds(part))
            closer = closest.setdefault(parts, [])
            if parts and not any(each.of.holds(other.of) for other in closer):
                closer.append(each)
                cells = [self._cell(self.whole, part, flag) for part in parts]
                yield from _made_of(each.cell, cells, is_bound=sum(part.size for part in parts) < each.of.size)
        for part in self._risen[flag]:
            whole = self._cell(self.whole, part, flag)
            inside = _apart([each for each in above if part.holds(each.of)]) if whole not in known else []
            is_bound = sum(each.of.size for each in inside) < part.size
            yield from _made_of(whole, [each.cell for each in inside], is_bound=is_bound)

    def _cell(self, place: str, part: _Stretch, flag: str | None = None) -> Cell:
        name = self.names.get(part.leaves) or (
            RemainingOffences(tuple(sorted(part.leaves))) if len(part.leaves) > 1 else next(iter(part.leaves))
        )
        if flag and isinstance(name, str):
            name = RowOffences(name, flag=flag)
        elif flag and isinstance(name, RemainingOffences):
            name = RemainingOffences(name.row_ids, flag)
        return place, name, part.when


def _made_of(whole: Cell, parts: Sequence[Cell], *, is_bound: bool = False) -> Iterator[Sum[Cell]]:
    if parts and [whole] != [*parts]:
        yield Sum(whole=whole, parts=tuple(parts), is_bound=is_bound)


def _apart(asked: Sequence[_Asked]) -> list[_Asked]:
    """Return as many of some cells as have nothing in common, those of most months and fewest rows first."""
    found: list[_Asked] = []
    for each in sorted(asked, key=lambda one: (-one.of.when.months_count, len(one.of.leaves))):
        if all(each.of.is_apart_from(other.of) for other in found):
            found.append(each)
    return found
