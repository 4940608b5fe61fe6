"""Everything that a copy discloses of counts, on any worksheet, as one ledger: what is known, and what adds up.

What a reader can work out exactly is in it too, though it is not published: the third month of a quarter of which two
are, or the one row that is missing beside its whole. Such a count may be small, and is protected like any other.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from cdrp_xl.measures.attack import Interval, Sum
from cdrp_xl.measures.pattern import HALF
from cdrp_xl.periods import Month, Period
from cdrp_xl.report.farm_counts import ALL, REPEATS, UNNAMED, VICTIMS
from cdrp_xl.report.finest import finest_sums, untouched
from cdrp_xl.selected import (
    FarmOffences,
    FarmRepeats,
    PriorityOffences,
    RemainingOffences,
    RowBeforeRevision,
    RowOffences,
    row_itself,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Farm
    from cdrp_xl.settings.priorities import Priority
    from cdrp_xl.tables import Cell


How = Literal["printed", "rounded", "hidden"]
"""How a count was published; records of earlier copies have "printed" for one that was published as it is."""

_IN_TURN = ("printed", "hidden", "rounded")
"""Exact counts come first, since they say all; what a rounded one discloses depends on the count as it is."""


class Disclosed(NamedTuple):
    """What a copy disclosed of one count: published it as it is, or rounded, or hid it. Unit of `offences`: offences.

    `offences` is the count as it was published, and the count as it is where it was hidden. A count that was published
    rounded has an entry for each.
    """

    cell: Cell
    offences: int
    how: How = "printed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What readers know of how counts belong together, from the classification, the settings and the notes.

    `divisions` are places that are all of the area together, such as the districts of one partnership.
    """

    area: str
    divisions: Sequence[Sequence[str]] = ()
    classification: Classification
    priorities: Sequence[Priority] = ()
    farm: Farm | None = None
    farm_codes: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The counts that a reader knows of, how they add up, and what is known of them. Unit: offences.

    Attributes
    ----------
    counts
        Every count, as it is.
    exact
        The cells whose counts an earlier copy published.
    known
        What an earlier copy disclosed of a count by publishing it rounded.
    derivable
        The cells that are not published, but that a reader may work out.
    withheld
        The cells that an earlier copy hid and that this one has not.
    unknown
        The cells that are part of a sum, but that nothing gives; they have no counts here.
    """

    counts: dict[Cell, int]
    sums: list[Sum[Cell]] = field(default_factory=list)
    exact: set[Cell] = field(default_factory=set)
    known: dict[Cell, Interval] = field(default_factory=dict)
    derivable: set[Cell] = field(default_factory=set)
    withheld: set[Cell] = field(default_factory=set)
    unknown: set[Cell] = field(default_factory=set)

    def add(self, cell: Cell, count: int) -> Cell:
        """Note a count that is not published, if it is not there already, and return its cell."""
        if cell not in self.counts:
            self.counts[cell] = count
            self.derivable.add(cell)
        return cell


def ledger(counts: Mapping[Cell, int], declared: Declared, *, before: Collection[Disclosed] = ()) -> Ledger:
    """Return the ledger of a copy, and of the earlier ones that a reader may have kept.

    Parameters
    ----------
    counts
        Every count that the copy would publish, on any worksheet; areas as `place` has them. Unit: offences.
    declared
        How they belong together.
    before
        What earlier copies disclosed. A count that was revised since is another count, and what it was then added up
        with the counts that were not revised.
    """
    known = sorted((Disclosed(*each) for each in before), key=lambda known: _IN_TURN.index(known.how))
    known = [each._replace(cell=(place(each.cell[0], whole=declared.area), *each.cell[1:])) for each in known]
    found = _ledger(counts, declared, known)
    revised = {
        each.cell: each.offences
        for each in reversed(known)
        if each.how != "rounded" and each.offences != counts.get(each.cell, each.offences)
    }
    if revised:
        now = {cell: count for cell, count in counts.items() if cell not in revised}
        then = [
            each for each in known if each.how == "rounded" or each.offences == revised.get(each.cell, each.offences)
        ]
        present = [*found.sums]
        _join(found, _ledger(now, declared, then), revised.keys(), declared)
        found.sums += _of_one_part(found, present, recorded={each.cell for each in known})
    found.sums = list({(each.whole, frozenset(each.parts), each.is_bound): each for each in found.sums}.values())
    return found


def _ledger(counts: Mapping[Cell, int], declared: Declared, known: Sequence[Disclosed]) -> Ledger:
    found = Ledger(counts=dict(counts))
    for each in known:
        _remember(found, each)
    _add_priorities(found, declared)
    _add_rows(found, declared)
    _add_periods(found)
    _add_rows(found, declared)
    found.sums += [
        *_of_divisions(found, declared),
        *_of_priorities(found, declared),
        *_of_farm(found.counts, declared),
    ]
    finest = finest_sums(
        found.counts,
        whole=declared.area,
        divisions=[[place(each, whole=declared.area) for each in division] for division in declared.divisions],
        parts_of=_parts_of(declared),
        made={each.whole for each in found.sums if not each.is_bound and each.holds(found.counts)},
    )
    found.sums += finest
    found.unknown = {cell for each in finest for cell in each.cells if cell not in found.counts}
    return found


def _parts_of(declared: Declared) -> dict[str, tuple[str, ...]]:
    return {each.whole: each.parts for each in declared.classification.identities}


def _join(found: Ledger, former: Ledger, revised: Collection[Cell], declared: Declared) -> None:
    """Add what was known before some counts were revised; what is as it was then is the same count."""
    is_same = {cell: found.counts.get(cell, count) == count for cell, count in former.counts.items()}
    is_same |= dict.fromkeys(
        untouched(former.unknown, revised, whole=declared.area, parts_of=_parts_of(declared)), True
    )
    named = {
        cell: cell if is_same.get(cell) else (cell[0], RowBeforeRevision(row_itself(cell[1])), cell[2])
        for cell in (*former.counts, *former.unknown)
    }
    new = {cell: name for cell, name in named.items() if name not in found.counts}
    found.counts |= {name: former.counts[cell] for cell, name in new.items() if cell in former.counts}
    found.derivable |= {new[cell] for cell in former.derivable & new.keys()}
    found.withheld |= {new[cell] for cell in former.withheld & new.keys()}
    found.unknown |= {named[cell] for cell in former.unknown}
    found.unknown -= found.counts.keys()
    found.exact |= {named[cell] for cell in former.exact}
    found.known |= {named[cell]: known for cell, known in former.known.items() if cell in new}
    found.sums += [
        Sum(whole=named[each.whole], parts=tuple(named[part] for part in each.parts), is_bound=each.is_bound)
        for each in former.sums
    ]
    found.sums += _of_what_is_left(found.counts, former.sums, named)


def _of_what_is_left(
    counts: Mapping[Cell, int], former: Sequence[Sum[Cell]], named: Mapping[Cell, Cell]
) -> Iterator[Sum[Cell]]:
    """Give that a whole has as much beside its part as it had, where both were revised by as many.

    How much that is need not be known: by how many the whole was revised, the part was.
    """
    for each in former:
        whole, part = each.whole, each.parts[0]
        pairs = ((whole, part), (named[whole], named[part]))
        if not (each.is_bound and isinstance(part[1], str) and isinstance(whole[1], str) and part[0] == whole[0]):
            continue
        if part != named[part] and counts.keys() >= {*itertools.chain(*pairs)}:
            left, was_left = (counts[one] - counts[other] for one, other in pairs)
            beside = (whole[0], RemainingOffences((whole[1], part[1])), whole[2])
            if left == was_left >= 0 and part[2] == whole[2]:
                yield from (Sum(whole=one, parts=(other, beside)) for one, other in pairs)


def _of_one_part(found: Ledger, present: Sequence[Sum[Cell]], *, recorded: set[Cell]) -> list[Sum[Cell]]:
    """Return what a revised row gives away of the one part that changed, if no earlier copy said how large it was.

    A reader may know which it was, and the program does not: so each such part is taken to be it in turn.
    """
    sums = []
    for each in present:
        was = {cell: (cell[0], RowBeforeRevision(row_itself(cell[1])), cell[2]) for cell in each.cells}
        is_of_rows = len({(area, period) for area, _, period in each.cells}) == 1
        if each.is_bound or not is_of_rows or not found.counts.keys() >= {*each.cells, was[each.whole]}:
            continue
        revised = recorded & {cell for cell in each.parts if was[cell] in found.counts}
        for part in [part for part in each.parts if part not in recorded and was[part] not in found.counts]:
            others = tuple(was[cell] if cell in revised else cell for cell in each.parts if cell != part)
            if sum(found.counts[cell] for cell in others) <= found.counts[was[each.whole]]:
                sums.append(Sum(whole=was[each.whole], parts=(was[part], *others)))
                found.unknown.add(was[part])
    return sums


def place(area: str, *, whole: str) -> str:
    """Return a place as the ledger has it: capitals make no other place of it."""
    return whole if area.casefold() == whole.casefold() else area.casefold()


def _remember(found: Ledger, earlier: Disclosed) -> None:
    """Note what an earlier copy disclosed; of a rounded count only where the count behind it is known."""
    cell = earlier.cell
    now = found.counts.get(cell)
    if earlier.how == "rounded":
        if now is not None and abs(now - earlier.offences) <= HALF:
            least, most = found.known.get(cell, Interval(0, None))
            highest = earlier.offences + HALF
            found.known[cell] = Interval(
                max(least, earlier.offences - HALF), highest if most is None else min(most, highest)
            )
    elif earlier.how == "hidden":
        if now is None:
            found.counts[cell] = earlier.offences
            found.withheld.add(cell)
    elif now in {None, earlier.offences}:
        found.counts[cell] = earlier.offences
        found.exact.add(cell)


def _add_priorities(found: Ledger, declared: Declared) -> None:
    """Note the row of a priority that has only one, in every period for which the priority's count is published."""
    for priority in declared.priorities:
        if len(priority.measure.rows) == 1 and not priority.measure.is_by_locus:
            row = declared.classification.row(priority.measure.rows[0]).row_id
            for area, key, period in list(found.counts):
                cell = (area, row, period)
                if key == PriorityOffences(priority.id) and cell not in found.counts:
                    found.counts[cell] = found.counts[area, key, period]
                    found.exact.add(cell)


def _add_periods(found: Ledger) -> None:
    """Note what periods disclose of one another: one that begins and ends where others do is the sum of those between.

    What can be worked out of one row or place in this way is worked out of the others, so that they can be added up.
    """
    counted: dict[tuple[str, RowKey], dict[Period, int]] = {}
    for (area, row, period), count in found.counts.items():
        if not isinstance(row, FarmRepeats):  # a victim of two months is one victim of the quarter
            counted.setdefault((area, row), {})[period] = count
    totals_of = {key: _running_totals(of_row) for key, of_row in counted.items()}
    ends = [sorted(totals) for every in totals_of.values() for totals in every]
    periods = {_between(begin, end) for each in ends for begin, end in itertools.pairwise(each)}
    periods |= {period for of_row in counted.values() for period in of_row}
    for (area, row), every in totals_of.items():
        _add_stretches(found, area, row, every, periods=sorted(periods))


def _add_stretches(
    found: Ledger, area: str, row: RowKey, every: Sequence[Mapping[int, int]], *, periods: Sequence[Period]
) -> None:
    """Note the counts of the stretches between the ends of a row's periods, and that each period is their sum."""
    stretches: list[list[Cell]] = []
    for totals in every:
        parts = [(_between(one, end), totals[end] - totals[one]) for one, end in itertools.pairwise(sorted(totals))]
        if any(count < 0 for _, count in parts):
            continue  # the sources disagree: no reader knows which is right
        cells = [found.add((area, row, when), count) for when, count in parts]
        stretches.append(cells)
        for when in periods:
            if {_begin(when), _end(when)} <= totals.keys():
                whole = found.add((area, row, when), totals[_end(when)] - totals[_begin(when)])
                own = tuple(cell for cell in cells if cell[2] in when)
                found.sums += [Sum(whole=whole, parts=own)] if own != (whole,) else []
    found.sums += [
        Sum(whole=whole, parts=inside, is_bound=True)
        for wholes, others in itertools.permutations(stretches, 2)
        for whole in wholes
        if (inside := tuple(cell for cell in others if cell[2] in whole[2]))
    ]


def _running_totals(counted: Mapping[Period, int]) -> list[dict[int, int]]:
    """Return, for periods that begin or end where others do, the offences up to each end, from the first one met on."""
    next_to: dict[int, list[tuple[int, int]]] = {}
    for when, count in counted.items():
        next_to.setdefault(_begin(when), []).append((_end(when), count))
        next_to.setdefault(_end(when), []).append((_begin(when), -count))
    found: list[dict[int, int]] = []
    for start in sorted(next_to):
        if any(start in each for each in found):
            continue
        totals, waiting = {start: 0}, [start]
        while waiting:
            here = waiting.pop()
            for there, count in next_to[here]:
                if there not in totals:
                    totals[there] = totals[here] + count
                    waiting.append(there)
        found.append(totals)
    return found


def _begin(when: Period) -> int:
    return when.first.index


def _end(when: Period) -> int:
    return when.last.index + 1


def _between(begin: int, end: int) -> Period:
    return Period(Month.at(begin), Month.at(end - 1))


def _add_rows(found: Ledger, declared: Declared) -> None:
    """Note, for every place and period, the declared sums and bounds of its rows, and what is left of a whole."""
    parts_of = {each.whole: each.parts for each in declared.classification.identities}
    asked: dict[tuple[str, str | None, Period], dict[str, Cell]] = {}
    for area, row, period in found.counts:
        row_id, flag = (row.row_id, row.flag) if isinstance(row, RowOffences) else (row, None)
        if isinstance(row_id, str):
            asked.setdefault((area, flag, period), {})[row_id] = (area, row, period)
    for (_, flag, _), rows in asked.items():
        for whole in [row_id for row_id in rows if row_id in parts_of]:
            parts = list(_asked_parts(whole, parts_of, rows))
            if any(part in rows for part in parts):
                _add_whole(found, rows[whole], parts, rows, flag=flag)
        found.sums += [
            Sum(whole=rows[bound.whole], parts=(rows[bound.part],), is_bound=True)
            for bound in declared.classification.bounds
            if {bound.whole, bound.part} <= rows.keys()
        ]


def _add_whole(found: Ledger, whole: Cell, parts: Sequence[str], rows: Mapping[str, Cell], *, flag: str | None) -> None:
    """Note that a whole is the sum of its parts; those that nobody asked about are counted as one."""
    known = [rows[part] for part in parts if part in rows]
    missing = tuple(part for part in parts if part not in rows)
    left = found.counts[whole] - sum(found.counts[cell] for cell in known)
    if missing and left >= 0:
        known.append(found.add((whole[0], _rest(missing, flag), whole[2]), left))
    found.sums.append(Sum(whole=whole, parts=tuple(known)))


def _rest(row_ids: tuple[str, ...], flag: str | None) -> RowKey:
    """Return the key of some rows together."""
    if len(row_ids) > 1:
        return RemainingOffences(row_ids, flag)
    return RowOffences(row_ids[0], flag=flag) if flag else row_ids[0]


def _asked_parts(whole: str, parts_of: Mapping[str, Sequence[str]], rows: Collection[str]) -> Iterator[str]:
    """Give the parts of a row; one that was not asked about is itself taken apart, as far as it can be."""
    for part in parts_of[whole]:
        if part not in rows and part in parts_of:
            yield from _asked_parts(part, parts_of, rows)
        else:
            yield part


def _of_divisions(found: Ledger, declared: Declared) -> list[Sum[Cell]]:
    """Return that places which are all of the area add up to it; the one that is left of a published whole is noted."""
    sums = []
    for places in (tuple(place(each, whole=declared.area) for each in division) for division in declared.divisions):
        for area, row, period in [cell for cell in found.counts if cell[0] == declared.area]:
            missing = [each for each in places if (each, row, period) not in found.counts]
            known = sum(found.counts.get((each, row, period), 0) for each in places)
            left = found.counts[area, row, period] - known
            if len(missing) == 1 and len(places) > 1 and left >= 0:
                found.add((missing.pop(), row, period), left)
            if not missing:
                parts = tuple((each, row, period) for each in places)
                sums.append(Sum(whole=(area, row, period), parts=parts))
    return sums


def _of_priorities(found: Ledger, declared: Declared) -> Iterator[Sum[Cell]]:
    """Give what priorities publish: the sum of their rows, a part of one, or the same offences as farm crime."""
    for priority in declared.priorities:
        key, measure = PriorityOffences(priority.id), priority.measure
        rows = [declared.classification.row(name).row_id for name in measure.rows]
        own = declared.farm
        is_farm = own is not None and (
            {*measure.locus_types} == {*own.locus_types} and {*measure.locus_subtypes} == {*own.locus_subtypes}
        )
        for cell in [cell for cell in found.counts if cell[1] == key]:
            area, _, period = cell
            parts = [(area, row, period) for row in rows]
            if is_farm and (area, ALL, period) in found.counts:
                yield Sum(whole=(area, ALL, period), parts=(cell,))
            if measure.is_by_locus:
                if len(parts) == 1 and parts[0] in found.counts:
                    yield Sum(whole=parts[0], parts=(cell,), is_bound=True)
            elif known := tuple(part for part in parts if part in found.counts):
                yield Sum(whole=cell, parts=known, is_bound=len(known) < len(parts))


def _of_farm(counts: Mapping[Cell, int], declared: Declared) -> Iterator[Sum[Cell]]:
    """Give what adds up to all farm crime, and what it bounds: repeats, and the area's rows that hold its groups."""
    groups = tuple({row: None for _, row, _ in counts if isinstance(row, FarmOffences) and row.group})
    for area, row, period in counts:
        cell = (area, row, period)
        parts = tuple((area, group, period) for group in groups)
        repeats = tuple(each for kind in (REPEATS, UNNAMED) if (each := (area, kind, period)) in counts)
        if row == ALL and parts and counts.keys() >= {*parts}:
            yield Sum(whole=cell, parts=parts)
        if row == ALL and repeats:
            yield Sum(whole=cell, parts=repeats, is_bound=True)
        if row == REPEATS and (area, VICTIMS, period) in counts:
            yield Sum(whole=cell, parts=((area, VICTIMS, period),), is_bound=True)
        if isinstance(row, FarmOffences) and (codes := declared.farm_codes.get(row.group)):
            wider = ((area, each.row_id, period) for each in declared.classification.rows if codes <= each.codes)
            yield from (Sum(whole=each, parts=(cell,), is_bound=True) for each in wider if each in counts)
