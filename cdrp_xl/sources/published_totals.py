"""The rows of a published table that are the sums of others there: they are checked, and not counted beside them.

A row that holds others' offences may also be what is left over beside them ("Burglary - residential" beside burglaries
of homes). Its name or its figures say which, or somebody has to.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.folding import fold
from cdrp_xl.offences import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.periods import Period
    from cdrp_xl.sources.published_figures import Figure, Offence

At: TypeAlias = "tuple[str, Period]"
"""Area as the table names it, and period."""

_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The rows that are sums of others.

    Attributes
    ----------
    held
        The outermost rows that each is the sum of.
    undivided
        What a sum has more than the rows that it is the sum of, by row, area and period: they are in none of its parts.
        Unit: offences.
    """

    held: Mapping[Offence, tuple[Offence, ...]]
    undivided: Mapping[tuple[Offence, str, Period], int]


class _Table:
    """The figures of a table by offence, without the periods of areas that lack one."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        lacking = {(figure.area, figure.period) for figure in figures if figure.offences is None}
        self.counts: dict[Offence, dict[At, int]] = defaultdict(lambda: defaultdict(int))
        self.where: dict[tuple[Offence, At], str] = {}
        for figure in figures:
            at = figure.area, figure.period
            if figure.offences is not None and at not in lacking:
                self.counts[figure.offence][at] += figure.offences
                self.where.setdefault((figure.offence, at), figure.where)

    def pairs(self, whole: Offence, parts: Iterable[Offence]) -> dict[At, tuple[int, int]]:
        """Return a row's own figure and the sum of others, wherever it has one."""
        others = tuple(parts)
        return {at: (own, sum(self.counts[part][at] for part in others)) for at, own in self.counts[whole].items()}

    def more(self, whole: Offence, pairs: Mapping[At, tuple[int, int]], *, has_row: bool) -> dict[At, int]:
        """Return what a sum has more than its parts; refuse it where it has less, or no row for what it has more."""
        for at, (own, summed) in pairs.items():
            if own < summed or (own > summed and not has_row):
                raise _disagrees(whole, at, own, summed, where=self.where[whole, at])
        return {at: own - summed for at, (own, summed) in pairs.items() if own > summed}


def found(
    figures: Sequence[Figure], readings: Mapping[Offence, Reading], named: Collection[str], *, where: str
) -> Totals:
    """Return the rows of a table that are the sums of others there.

    Parameters
    ----------
    figures
        The table's figures.
    readings
        What each offence of the table is counted under, or can be.
    named
        Those that the settings call sums.
    where
        The table and its heading, for messages.

    Raises
    ------
    ValueFoundError
        If it is not plain whether a row is a sum, or a sum is less than its parts, or more and in no row of its own.

    Notes
    -----
    A row that holds another's offences is their sum if its name says so or it is everywhere the same. It is what is
    left over if it is anywhere less, and seldom the same.
    """
    table = _Table(figures)
    wholes = _wholes(readings, named)
    held: dict[Offence, tuple[Offence, ...]] = {}
    undivided: dict[tuple[Offence, str, Period], int] = {}
    open_: list[str] = []
    for whole, inside in wholes.items():
        outermost = _outermost(inside, held, wholes)
        pairs = table.pairs(whole, outermost)
        counted = [part for part in outermost if not readings[part].is_left_out]
        if len(counted) < len(outermost) and not _is_sum(pairs):
            pairs = table.pairs(whole, counted)  # what is left out may cut across others
        if _is_named(whole, named) or _is_sum(pairs):
            held[whole] = outermost
            more = table.more(whole, pairs, has_row=readings[whole].code is not None)
            undivided |= {(whole, *at): rest for at, rest in more.items()}
        elif _may_be_sum(pairs):
            open_.append(f"{quoted(whole.text)} holds {quoted(outermost[0].text)}")
    if open_:
        raise ValueFoundError(
            f"Rows of the table share offences, and may be sums or what is left over: {name_some(open_)}.",
            where=where,
            remedy="Name those that are sums of others as totals, in partnership.toml under [sources.published], and "
            'those that are left over as such a row, for example "Burglary (not divided)", in offence_codes.',
        )
    return Totals(held=held, undivided=undivided)


def _is_named(whole: Offence, named: Collection[str]) -> bool:
    """Return whether the settings or a row's own words say that it is a sum."""
    return fold(whole.text) in set(map(fold, named)) or words.is_said_of_totals(whole.text)


def _wholes(readings: Mapping[Offence, Reading], named: Collection[str]) -> dict[Offence, list[Offence]]:
    """Return the rows that hold others, those with the fewest offences first, and which each holds.

    A sum of which only its name is known is that of every row that is no such sum.
    """
    codes = {each: frozenset(reading.could_be) for each, reading in readings.items() if not reading.is_left_out}
    known = {each: own for each, own in codes.items() if not readings[each].is_unknown}
    of_all = {each for each, own in codes.items() if _is_named(each, named) and each not in known}
    wholes: dict[Offence, list[Offence]] = {}
    for whole, all_of in sorted(codes.items(), key=lambda each: (each[0] in of_all, len(each[1]), each[0])):
        if whole in of_all:
            inside = [each for each in readings if each not in of_all]
        else:
            inside = [part for part, own in known.items() if own < all_of]
        if inside:
            wholes[whole] = inside
    return wholes


def _outermost(
    inside: Sequence[Offence], sums: Mapping[Offence, object], wholes: Mapping[Offence, Sequence[Offence]]
) -> tuple[Offence, ...]:
    """Return the rows that no sum among them holds, so that none is added up twice."""
    hidden = {part for other in inside if other in sums for part in wholes[other]}
    return tuple(part for part in inside if part not in hidden)


def _is_sum(pairs: Mapping[At, tuple[int, int]]) -> bool:
    return all(own == summed for own, summed in pairs.values())


def _may_be_sum(pairs: Mapping[At, tuple[int, int]]) -> bool:
    """Return whether a row is never less than others together, or is the same too often for what is left over."""
    filled = [(own, summed) for own, summed in pairs.values() if own or summed]
    alike = sum(own == summed for own, summed in filled)
    return all(own >= summed for own, summed in filled) or alike > _HALF * len(filled)


def _disagrees(whole: Offence, at: At, own: int, summed: int, *, where: str) -> ValueFoundError:
    area, period = at
    return ValueFoundError(
        f"{quoted(whole.text)} is {own:,} for {area}, {period.heading}, and its parts in the table add up to "
        f"{summed:,}: a difference of {abs(own - summed):,}.",
        where=where,
        remedy="Ask the publisher; or write it under not_counted in partnership.toml: only the parts are then counted.",
    )
